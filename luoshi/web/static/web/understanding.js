// Checking a notice: the document follows to the task whose form is open beside it.
"use strict";

(() => {
  const follow = () => {
    const quote = document.querySelector("#outline [data-shows]");
    const anchor = quote && document.getElementById(quote.dataset.shows);
    const pane = document.getElementById("text");
    document.querySelectorAll(".plan-shown").forEach((piece) => piece.classList.remove("plan-shown"));
    if (!anchor) return;
    const [start, end] = quote.dataset.span.split("-").map(Number);
    for (const piece of pane.querySelectorAll("[data-span]")) {
      const [from, to] = piece.dataset.span.split("-").map(Number);
      if (from < end && start < to) piece.classList.add("plan-shown");
    }
    pane.scrollTop += anchor.getBoundingClientRect().top - pane.getBoundingClientRect().top - 48;
  };
  document.addEventListener("htmx:afterSwap", follow);
  follow();
})();
