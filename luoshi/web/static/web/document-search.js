// Finding words in the notice: every place is marked, Enter goes to the next.
"use strict";

(() => {
  if (!window.CSS?.highlights) return;
  const box = () => document.querySelector(".plan-find");
  const flow = () => document.querySelector("[data-flow]");
  let places = [];
  let at = -1;

  const look = (input) => {
    CSS.highlights.clear();
    places = [];
    at = -1;
    const wanted = input.value.trim().toLowerCase();
    if (!wanted) return;
    for (const paragraph of flow().querySelectorAll("p, td")) {
      const nodes = [];
      const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
      let text = "";
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        nodes.push({ node, start: text.length });
        text += node.data;
      }
      const low = text.toLowerCase();
      const point = (offset) => {
        const held = nodes.findLast((one) => one.start <= offset);
        return [held.node, Math.min(offset - held.start, held.node.length)];
      };
      for (let found = low.indexOf(wanted); found >= 0; found = low.indexOf(wanted, found + wanted.length)) {
        const range = new Range();
        range.setStart(...point(found));
        range.setEnd(...point(found + wanted.length));
        places.push(range);
      }
    }
    if (places.length) CSS.highlights.set("found", new Highlight(...places));
  };
  const go = (step) => {
    if (!places.length) return;
    at = (at + step + places.length) % places.length;
    CSS.highlights.set("found-here", new Highlight(places[at]));
    if (flow().hidden) document.querySelector("[data-view=flow]")?.click();
    const pane = document.getElementById("text");
    const where = places[at].getBoundingClientRect();
    pane.scrollTop += where.top - pane.getBoundingClientRect().top - pane.clientHeight / 3;
  };
  const tell = (input) => {
    const { at: first, words, none } = { at: at + 1, ...box().dataset };
    const said = places.length ? words.replace("{at}", first).replace("{n}", places.length) : none;
    box().querySelector("output").textContent = input.value.trim() ? said : "";
  };
  document.addEventListener("input", (event) => {
    if (event.target.id !== "find") return;
    look(event.target);
    go(1);
    tell(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.id !== "find" || event.key !== "Enter") return;
    event.preventDefault();
    go(event.shiftKey ? -1 : 1);
    tell(event.target);
  });
  const ready = () => { if (box()) box().hidden = false; };
  document.addEventListener("luoshi:start", ready);
  ready();
})();
