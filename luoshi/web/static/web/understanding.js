// Checking a notice: the document follows to the task whose form is open beside it, and keys act on what was walked to.
"use strict";

(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const shown = (element) => Boolean(element) && (element.checkVisibility?.() ?? element.offsetParent !== null);
  const typing = (element) => element.matches?.("textarea, select, input:not([type=checkbox], [type=radio])");

  // ---- The sentence of the open task stays lit ----
  const show = (source) => {
    all(".plan-shown").forEach((piece) => piece.classList.remove("plan-shown"));
    if (!source) return;
    const [start, end] = source.dataset.span.split("-").map(Number);
    for (const piece of all("#text [data-span]")) {
      const [from, to] = piece.dataset.span.split("-").map(Number);
      if (from < end && start < to) piece.classList.add("plan-shown");
    }
  };
  const follow = () => {
    const quote = document.querySelector("#outline [data-shows]");
    const pane = document.getElementById("text");
    if (!pane) return;
    show(quote);
    const first = quote && all(".plan-shown", pane).find(shown);
    if (first) pane.scrollTop += first.getBoundingClientRect().top - pane.getBoundingClientRect().top - 72;
  };

  // ---- The document as laid out, or as text ----
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-view]");
    if (link) {
      event.preventDefault();
      const flow = link.dataset.view === "flow";
      document.querySelector("[data-flow]").hidden = !flow;
      document.querySelector("[data-pages]").hidden = flow;
      all("[data-view]").forEach((one) => one.toggleAttribute("aria-current", one === link));
      follow();
      return;
    }
    const source = event.target.closest?.(".plan-source");
    if (source) show(source.closest("[data-span]"));
  });

  // ---- After every answer: back to the item one was at ----
  let here = []; // the item, and those beside it for when it is gone
  const name = (item) => (item.matches("[data-row]") ? item.id : `doubt:${all("[data-doubt]").indexOf(item)}`);
  const beside = (item) => {
    const rows = all(item.matches("[data-row]") ? "[data-row]" : "[data-doubt]");
    const at = rows.indexOf(item);
    return [item, rows[at + 1], rows[at - 1]].filter(Boolean).map(name);
  };
  const find = (kept) => {
    if (!kept.startsWith("doubt:")) return document.getElementById(kept);
    const doubts = all("[data-doubt]");
    return doubts[Math.min(Number(kept.slice(6)), doubts.length - 1)] ?? document.querySelector("#outline [data-walk]");
  };
  const count = () => {
    for (const words of all(".plan-bulk__count")) {
      const n = all("[data-row] input[name=task]:checked").length;
      words.textContent = words.dataset.words.replace("{n}", n);
      words.closest("form").classList.toggle("is-live", n > 1);
    }
  };
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.id !== "outline") return;
    const item = document.activeElement?.closest("#outline [data-walk]") ?? document.querySelector("#outline [data-walk].is-here");
    if (item) here = beside(item);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id !== "outline") return;
    follow();
    count();
    kinds();
    const pane = document.getElementById("outline");
    const back = pane.querySelector(".is-back") ?? (pane.querySelector("[data-walk]") ? here.map(find).find(Boolean) : null);
    if (back) {
      all("[data-walk].is-here").forEach((one) => one.classList.remove("is-here"));
      back.classList.add("is-here");
      back.focus({ preventScroll: true });
      back.scrollIntoView({ block: "nearest" });
    } else if (!pane.querySelector("[data-errors]")) {
      pane.querySelector("form.ls-form input:not([type=hidden]), form.ls-form select")?.focus({ preventScroll: true });
    }
    if (document.activeElement === document.body) pane.focus({ preventScroll: true });
  });
  // A part of a task's form was put in place: to what is wrong in it, else to where one goes on.
  document.addEventListener("htmx:afterSwap", (event) => {
    const part = document.querySelector(`#outline #${CSS.escape(event.detail.target?.id || "-")}.plan-part`);
    if (!part) return;
    kinds();
    const next = part.querySelector("[data-next]");
    const going = part.querySelector("[aria-invalid=true]") ?? (part.contains(document.activeElement) ? null : next);
    const field = going?.matches("form") ? going.querySelector("input:not([type=hidden]), textarea") : going;
    field?.focus();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-row] input[name=task]")) count();
    if (event.target.matches?.("[data-indicator] [name=kind]")) kinds();
  });
  // What only numbers have, and what only a choice has.
  const kinds = () => {
    for (const form of all("[data-indicator]")) {
      const kind = form.querySelector("[name=kind]").value;
      all("[data-for]", form).forEach((part) => { part.hidden = !part.dataset.for.split(" ").includes(kind); });
    }
  };

  // ---- Keys ----
  const item = () => document.activeElement?.closest?.("[data-walk]") ?? document.querySelector("[data-walk].is-here");
  const press = (target, event) => {
    if (!target || target.disabled) return;
    event.preventDefault();
    target.closest("details[data-menu]")?.removeAttribute("open");
    target.click();
  };
  const act = (key) => {
    const at = item();
    const named = `[data-act="${CSS.escape(key)}"]`;
    return at?.querySelector(named) ?? (at ? null : all(`#outline ${named}`).find(shown)) ?? document.querySelector(`.plan-bulk ${key === "m" ? named : ".none"}`);
  };
  const escape = (event) => {
    if (document.activeElement?.id === "find") return document.activeElement.blur();
    const back = document.querySelector("#outline [data-back]");
    if (back) press(back, event);
    return undefined;
  };
  document.addEventListener("keydown", (event) => {
    if (!document.querySelector("[data-understanding]") || document.querySelector("dialog[open]") || event.isComposing) return;
    const key = event.key.toLowerCase();
    if (key === "escape" && !document.querySelector("details[data-menu][open]")) return escape(event);
    if (typing(event.target)) return;
    if ((event.ctrlKey || event.metaKey) && key === "z") {
      return press(document.querySelector(event.shiftKey ? "[data-redo] button" : "[data-undo] button"), event);
    }
    if (event.ctrlKey || event.metaKey) return;
    if (event.altKey) {
      if (event.key.startsWith("Arrow")) press(item()?.querySelector(`[data-shift="${event.key}"]`), event);
      return;
    }
    if (key === "?") return document.getElementById("keys").showModal();
    if (key === "/") return press(document.getElementById("find"), event), document.getElementById("find")?.focus();
    if (key === "enter" && event.target.matches("[data-walk]")) return press(event.target.querySelector("[data-enter]"), event);
    if (/^[a-z]$/.test(key)) press(act(key), event);
  });

  document.addEventListener("luoshi:redrawn", kinds);
  follow();
  count();
  kinds();
})();
