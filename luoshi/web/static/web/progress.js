/* The line of the days and the map of a progress page, from the data in the page; without a script the table says it. */
"use strict";
(() => {
  const ink = "#1f2328", quiet = "#57606a", line = "#dde2e1", accent = "#0b5f66", green = "#1a6b3c", border = "#6f8385", red = "#b42318";
  const place = document.querySelector("[data-chart]");
  const told = document.getElementById("chart");
  if (!place || !told || !window.echarts) return;
  const data = JSON.parse(told.textContent);
  const chart = echarts.init(place, null, { renderer: "svg" });
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const base = { animation: !still, textStyle: { fontFamily: "inherit", color: ink } };
  addEventListener("resize", () => chart.resize());

  // How far each label at the end of a line moves down, so that none prints over another.
  const apart = (keys, top) => {
    const high = place.clientHeight - 60, moved = {};
    let free = -Infinity;
    for (const key of keys.sort((a, b) => data[b].at(-1) - data[a].at(-1))) {
      const y = high * (1 - data[key].at(-1) / top);
      moved[key] = Math.max(y, free) - y;
      free = y + moved[key] + 18;
    }
    const below = Math.max(0, free - 18 - high);
    for (const key of keys) moved[key] -= below;
    return moved;
  };

  const trend = () => {
    // What is asked for may be so much that the rest would lie flat on the ground: then it is said, not drawn.
    const peak = Math.max(1, ...data.handed_in, ...data.accepted), asked = Math.max(...data.expected);
    const flat = asked > 3 * peak;
    const ends = apart([...(flat ? [] : ["expected"]), "handed_in", "accepted"], flat ? peak : Math.max(peak, asked));
    const of = (key, colour, type) => ({
      name: data.names[key], type: "line", data: data[key], showSymbol: data.days.length < 3, color: colour, lineStyle: { width: 2, type },
      endLabel: { show: true, formatter: ({ seriesName, value }) => `${seriesName} ${value.toLocaleString()}`, color: colour, offset: [0, ends[key]] },
    });
    const above = flat ? [] : [of("expected", quiet, "dashed")];
    chart.setOption({
      ...base,
      title: { show: !above.length, text: `${data.names.expected} ${asked.toLocaleString()}`, left: 8, textStyle: { fontSize: 13, fontWeight: "normal", color: quiet } },
      grid: { left: 8, right: 110, top: above.length ? 16 : 36, bottom: 8, containLabel: true },
      tooltip: { trigger: "axis", valueFormatter: (value) => value.toLocaleString() },
      xAxis: { type: "category", data: data.days.map((day) => day.slice(5)), axisLabel: { color: quiet }, axisLine: { lineStyle: { color: line } } },
      yAxis: { type: "value", minInterval: 1, axisLabel: { color: quiet, formatter: (value) => value.toLocaleString() }, splitLine: { lineStyle: { color: line } } },
      series: [...above, of("handed_in", accent, "solid"), of("accepted", green, "solid")],
    });
  };

  const percent = (rate) => (rate === null ? "—" : `${(Math.floor(rate * 1000) / 10).toFixed(1)}%`);

  const map = async () => {
    const answer = await fetch(data.outline);
    if (!answer.ok) return;
    const drawn = await answer.json();
    const units = new Map(data.units.map((unit) => [unit.code, unit]));
    drawn.features = drawn.features.filter((feature) => units.has(feature.properties.name));
    echarts.registerMap("here", drawn);
    const narrow = place.clientWidth < 500;
    chart.setOption({
      ...base,
      tooltip: { formatter: ({ name }) => { const unit = units.get(name); return unit ? `${echarts.format.encodeHTML(unit.name)} ${percent(unit.rate)}` : ""; } },
      visualMap: {
        min: 0, max: data.top, left: 0, bottom: 0, itemHeight: 80, text: [`${data.top}%`, "0%"], textStyle: { color: quiet },
        inRange: { color: ["#eef4f4", "#8fc0c2", accent] }, show: !narrow,
      },
      series: [{
        type: "map", map: "here", name: data.name, nameProperty: "name", aspectScale: 0.78, selectedMode: false, left: 8, right: 8, top: 8, bottom: 8,
        labelLayout: { hideOverlap: true },
        label: { show: !narrow, fontSize: 11, color: ink, formatter: ({ name }) => units.get(name)?.name ?? "" },
        emphasis: { label: { show: true }, itemStyle: { areaColor: "#ffd95e" } },
        data: data.units.map((unit) => ({
          name: unit.code, value: unit.rate === null ? 0 : unit.rate * 100,
          itemStyle: { borderColor: unit.light === "overdue" ? red : border, borderWidth: unit.light === "overdue" ? 1.5 : 1 },
        })),
      }],
    });
    chart.on("click", ({ name }) => { const unit = units.get(name); if (unit) location.href = unit.url; });
  };

  ({ trend, map })[place.dataset.chart]();
})();
