// Checking a notice: the document follows to the task whose form is open beside it.
"use strict";

(() => {
  const show = (source) => {
    document.querySelectorAll(".plan-shown").forEach((piece) => piece.classList.remove("plan-shown"));
    if (!source) return;
    const [start, end] = source.dataset.span.split("-").map(Number);
    for (const piece of document.querySelectorAll("#text [data-span]")) {
      const [from, to] = piece.dataset.span.split("-").map(Number);
      if (from < end && start < to) piece.classList.add("plan-shown");
    }
  };
  const follow = () => {
    const quote = document.querySelector("#outline [data-shows]");
    const anchor = quote && document.getElementById(quote.dataset.shows);
    const pane = document.getElementById("text");
    show(anchor && quote);
    if (anchor) pane.scrollTop += anchor.getBoundingClientRect().top - pane.getBoundingClientRect().top - 48;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".plan-source");
    if (link) show(link.closest("[data-span]"));
  });
  document.addEventListener("htmx:afterSwap", follow);
  follow();
})();
