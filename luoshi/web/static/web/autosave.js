// Forms with data-autosave are saved while somebody types. Nothing typed is lost: what is not taken stays in the form.
"use strict";

(() => {
  const PAUSE = 800;
  const RETRY = 5000;
  const SELECTOR = "form[data-autosave]";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const state = new WeakMap(); // form → { typed, kept, timer, held }
  const known = (form) => {
    if (!state.has(form)) state.set(form, { typed: 0, kept: 0, timer: 0, held: false });
    return state.get(form);
  };
  const unsaved = () => all(SELECTOR).filter((form) => known(form).typed !== known(form).kept);
  let line = Promise.resolve(); // one after the other, each with the version the one before gave

  const say = (kind, values = {}) => {
    const bar = document.querySelector("[data-save-line]");
    if (!bar) return;
    const words = bar.dataset[kind].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
    bar.dataset.state = kind;
    bar.querySelector("output").textContent = words;
  };

  // ---- What the server said of a form ----
  // Every form shows the version in it and is saved over that alone. What is saved raises the forms that showed the
  // same; one that shows an older version stays at that, and is a conflict of its own.
  const raise = (from, to) => all("#outline input[name=version]")
    .filter((input) => !input.closest("#undo") && input.value === String(from))
    .forEach((input) => { input.value = to; });
  const idle = (part) => !part.contains(document.activeElement) && [part, ...all("form", part)].every((form) => {
    const its = state.get(form);
    return !form.dataset.typed && (!its || (!its.held && its.typed === its.kept));
  });
  const replace = (old, fresh) => {
    old.replaceWith(fresh);
    window.htmx?.process(fresh);
  };
  // Somebody else changed the task: what nobody is typing in is drawn anew. A form that adds writes over nothing.
  const redraw = async () => {
    const own = document.querySelector("#outline form[data-autosave=task]");
    if (!own) return;
    const reply = await fetch(own.action, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!reply?.ok) return;
    const newest = new DOMParser().parseFromString(await reply.text(), "text/html");
    for (const part of ["asks", "indicators", "units"].map((id) => document.getElementById(id))) {
      const fresh = part && newest.getElementById(part.id);
      if (fresh && idle(part)) replace(part, fresh);
    }
    const forms = all("form[data-autosave], form[data-guard]", newest);
    for (const form of all("#outline form[data-autosave], #outline form[data-guard]")) {
      const fresh = forms.find((one) => one.getAttribute("action") === form.getAttribute("action"));
      if (!fresh) continue;
      if (form.matches("[data-guard]")) form.elements.version.value = fresh.elements.version.value;
      else if (idle(form)) replace(form, fresh);
    }
    document.dispatchEvent(new Event("luoshi:redrawn"));
    live();
  };
  const clear = (form) => {
    all("[data-live-error]", form).forEach((one) => one.remove());
    all(".ls-errors", form).forEach((one) => one.remove());
    all("[aria-invalid]", form).forEach((one) => one.removeAttribute("aria-invalid"));
  };
  const mark = (form, errors) => {
    clear(form);
    for (const [name, sentences] of Object.entries(errors)) {
      const input = form.elements[name];
      const box = input?.closest?.(".ls-field");
      if (!box) continue;
      const note = Object.assign(document.createElement("p"), { className: "ls-field__error", textContent: sentences.join(" ") });
      note.dataset.liveError = "";
      note.setAttribute("role", "alert");
      input.setAttribute("aria-invalid", "true");
      box.append(note);
    }
    const whole = errors.__all__?.join(" ");
    say(whole ? "refused" : "marked", { why: whole });
  };
  const taken = (form, at, from, answer) => {
    const its = known(form);
    its.kept = at;
    its.held = false;
    clear(form);
    form.querySelector("[data-newest]")?.replaceChildren();
    form.classList.remove("is-held");
    raise(from, answer.version);
    document.getElementById("outline").dataset.planVersion = answer.plan;
    const undo = document.getElementById("undo");
    undo.innerHTML = answer.undo;
    window.htmx?.process(undo);
    say("saved", { time: answer.saved });
  };
  const conflict = (form, answer) => {
    known(form).held = true; // from here on only a button saves it
    form.classList.add("is-held");
    form.querySelector("[data-newest]").innerHTML = answer.conflict;
    form.elements.version.value = answer.version; // what this one shows now; no other form does
    say("conflict");
    return redraw();
  };

  const send = async (form) => {
    const its = known(form);
    clearTimeout(its.timer);
    if (!form.isConnected || its.typed === its.kept || its.held || form.dataset.busy) return;
    const at = its.typed;
    const from = form.elements.version.value;
    say("saving");
    let answer;
    let reply;
    try {
      reply = await fetch(form.action, {
        method: "POST", body: new FormData(form), headers: { "X-Autosave": "1" }, keepalive: true, redirect: "error",
      });
      answer = (reply.headers.get("Content-Type") ?? "").includes("json") ? await reply.json() : null;
    } catch {
      say("lost");
      its.timer = setTimeout(() => save(form), RETRY);
      return;
    }
    if (answer?.saved) taken(form, at, from, answer);
    else if (answer?.conflict) await conflict(form, answer);
    else if (answer?.errors) mark(form, answer.errors);
    else say("failed");
  };
  const save = (form) => { line = line.then(() => send(form)); return line; };

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form?.matches(SELECTOR)) return;
    const its = known(form);
    its.typed += 1;
    clearTimeout(its.timer);
    its.timer = setTimeout(() => save(form), PAUSE);
  });
  for (const kind of ["change", "focusout"]) {
    document.addEventListener(kind, (event) => {
      const form = event.target.form;
      if (form?.matches?.(SELECTOR) && known(form).typed !== known(form).kept) save(form);
    });
  }
  addEventListener("online", () => unsaved().forEach(save));
  document.addEventListener("visibilitychange", () => { if (document.hidden) unsaved().forEach(save); });
  addEventListener("beforeunload", (event) => {
    unsaved().forEach(save);
    if (unsaved().length) event.preventDefault();
  });

  // ---- Whatever else is asked of the server waits until what was typed is there ----
  const waits = (event) => {
    const from = event.target;
    if (!from.closest?.("#outline") || from.closest(".plan-search")) return;
    const own = from.matches(SELECTOR) ? from : null;
    if (own) known(own).kept = known(own).typed; // its button sends all of it
    event.preventDefault();
    const rest = unsaved();
    Promise.all([...rest.map(save), line]).then(() => {
      const lost = unsaved().length || all("form[data-guard]", document.getElementById("outline")).some((form) => form !== from && form.dataset.typed && form.closest(from.getAttribute("hx-target") ?? "#outline"));
      if (!lost || confirm(document.body.dataset.unsaved)) event.detail.issueRequest(true);
    });
  };
  document.addEventListener("htmx:confirm", waits);
  document.addEventListener("luoshi:raised", (event) => raise(event.detail.from, event.detail.to));
  document.addEventListener("input", (event) => {
    if (event.target.form?.matches("#outline form[data-guard]")) event.target.form.dataset.typed = "1";
  });
  // A button of a form without htmx: a small form that conflicted is sent once more, as a page.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches?.(SELECTOR) || form.hasAttribute("hx-post")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    known(form).held = false;
    known(form).typed += 1;
    save(form);
  }, true);

  const live = () => all(SELECTOR).forEach((form) => form.classList.add("is-live"));
  document.addEventListener("htmx:load", live);
  document.addEventListener("luoshi:start", live);
  live();
})();
