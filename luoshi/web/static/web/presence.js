// Who else is at this draft, and whether anything changed: asked every ten seconds, as long as the page is looked at.
"use strict";

(() => {
  const EVERY = 10000;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const pane = () => document.getElementById("outline");

  const person = (words, name) => Object.assign(document.createElement("span"), { className: "plan-person", textContent: words.replace("{name}", name) });
  const mark = (others) => {
    for (const place of all("[data-presence]")) {
      const here = others.filter((other) => String(other.task) === place.dataset.presence);
      place.replaceChildren(...here.map((other) => person(pane().dataset.editing, other.name)));
    }
    const looking = others.filter((other) => other.task === null);
    document.querySelector("[data-present]")?.replaceChildren(...looking.map((other) => person(pane().dataset.looking, other.name)));
  };
  const refresh = (answer) => {
    if (String(answer.plan) === pane().dataset.planVersion) return;
    const idle = !document.querySelector("dialog[open], details[data-menu][open], #outline :is(input, textarea, select):focus:not([type=checkbox]), [data-row] input:checked");
    if (!idle || !pane().querySelector("[data-walk], .plan-tasks") || !window.htmx) return;
    window.htmx.ajax("GET", pane().dataset.home, { target: "#outline", swap: "innerHTML" });
  };
  const ask = async () => {
    const here = pane();
    if (!here?.dataset.here || document.hidden) return;
    const body = new URLSearchParams({ task: here.dataset.task });
    const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
    try {
      const reply = await fetch(here.dataset.here, { method: "POST", body, headers: { "X-CSRFToken": token }, redirect: "error" });
      if (!reply.ok) return;
      const answer = await reply.json();
      mark(answer.others);
      refresh(answer);
    } catch { /* no network: the next time will do */ }
  };

  document.addEventListener("luoshi:shown", (event) => {
    if (!pane()) return;
    const task = String(event.detail.task ?? "");
    pane().dataset.planVersion = event.detail.plan;
    if (pane().dataset.task !== task) {
      pane().dataset.task = task;
      ask();
    }
  });
  document.addEventListener("visibilitychange", ask);
  setInterval(ask, EVERY);
  ask();
})();
