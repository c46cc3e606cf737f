// Tasks of the outline are moved with the mouse; keys and the page "移动" do the same.
"use strict";

(() => {
  let row = null;
  const list = () => document.querySelector("[data-tasks]");
  const clear = () => document.querySelectorAll(".is-drop, .is-drop-above, .is-dragged").forEach((one) => one.classList.remove("is-drop", "is-drop-above", "is-dragged"));

  const before = (other) => { // the last task before it below the same headings, or its heading
    for (let here = other.previousElementSibling; here; here = here.previousElementSibling) {
      if (here !== row && here.dataset.above === other.dataset.above && here.dataset.row) return `t:${here.dataset.row}`;
    }
    return `h:${other.dataset.above}`;
  };
  const aim = (event) => {
    const other = event.target.closest?.("[data-tasks] > li");
    if (!row || !other || other === row) return null;
    if (other.dataset.place) return { other, above: false, place: other.dataset.place };
    const box = other.getBoundingClientRect();
    const above = event.clientY < box.top + box.height / 2;
    return { other, above, place: above ? before(other) : `t:${other.dataset.row}` };
  };

  // Only the grip drags: text stays to be selected.
  document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest?.(".plan-task__title");
    document.querySelectorAll("[data-row][draggable]").forEach((one) => one.removeAttribute("draggable"));
    if (grip && event.pointerType === "mouse") grip.closest("[data-row]")?.setAttribute("draggable", "true");
  });
  document.addEventListener("dragstart", (event) => {
    row = event.target.closest?.("[data-row]") ?? null;
    if (!row) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", row.querySelector(".plan-task__title").textContent);
    row.classList.add("is-dragged");
  });
  document.addEventListener("dragover", (event) => {
    const goal = aim(event);
    if (!goal) return;
    event.preventDefault();
    document.querySelectorAll(".is-drop, .is-drop-above").forEach((one) => one.classList.remove("is-drop", "is-drop-above"));
    goal.other.classList.add(goal.above ? "is-drop-above" : "is-drop");
  });
  document.addEventListener("drop", (event) => {
    const goal = aim(event);
    if (!goal) return;
    event.preventDefault();
    const address = list().dataset.move.replace("/0/", `/${row.dataset.row}/`);
    window.htmx.ajax("POST", address, {
      target: "#outline", swap: "innerHTML", values: { place: goal.place, version: row.dataset.version },
    });
  });
  document.addEventListener("dragend", () => { row = null; clear(); });
})();
