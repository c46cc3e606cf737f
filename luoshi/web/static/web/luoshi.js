// Luoshi: what a page does beyond links and forms. Every word shown comes from the page's own data- attributes.
"use strict";

(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const clock = (when) => `${String(when.getHours()).padStart(2, "0")}:${String(when.getMinutes()).padStart(2, "0")}`;
  const on = (kind, selector, act) =>
    document.addEventListener(kind, (event) => {
      const found = event.target instanceof Element ? event.target.closest(selector) : null;
      if (found) act(found, event);
    });
  const typing = (element) =>
    element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=submit])");

  // ---- A form is sent once ----
  const rest = (form) => {
    delete form.dataset.busy;
    for (const button of all("[aria-busy=true]", form.ownerDocument)) {
      if (button.form === form) {
        button.removeAttribute("aria-busy");
        button.disabled = false;
      }
    }
  };
  const occupy = (form, button) => {
    form.dataset.busy = "1";
    if (!button) return;
    button.setAttribute("aria-busy", "true");
    setTimeout(() => { if (form.dataset.busy) button.disabled = true; }); // after the browser has taken its name and value
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.busy) return event.preventDefault();
    if (event.defaultPrevented || form.method !== "post" || "again" in form.dataset) return undefined;
    occupy(form, event.submitter);
    if ("upload" in form.dataset) send(form, event);
    return undefined;
  });
  addEventListener("pageshow", () => all("form[data-busy]").forEach(rest));
  for (const kind of ["htmx:afterRequest", "htmx:sendError", "htmx:responseError"]) {
    document.addEventListener(kind, (event) => {
      const form = event.target.closest?.("form") ?? null;
      if (form) rest(form);
    });
  }

  // ---- Work that is not saved yet, and drafts of it on this machine ----
  const unsaved = new Set();
  const drafts = new Map();
  const spoken = (form) => [...form.elements].filter((e) => e.name && !/^(hidden|password|file|submit|button)$/.test(e.type));
  const picture = (form) =>
    JSON.stringify(spoken(form).map((e) => [e.name, /^(checkbox|radio)$/.test(e.type) ? e.checked : e.value]));
  const store = {
    name: (key) => `luoshi:draft:${document.body.dataset.person}:${key}`,
    read(key) { try { return JSON.parse(localStorage.getItem(this.name(key))); } catch { return null; } },
    write(key, value) { try { localStorage.setItem(this.name(key), JSON.stringify(value)); return true; } catch { return false; } },
    drop(key) { try { localStorage.removeItem(this.name(key)); } catch { /* no storage: nothing kept */ } },
  };
  const say = (form, kind, at) => {
    const line = form.querySelector("[data-draft-line]");
    if (!line) return;
    line.querySelector("output").textContent = fill(line.dataset[kind], { time: clock(at) });
    line.querySelector("[data-draft-discard]").hidden = kind !== "restored";
  };
  const keep = (form) => {
    drafts.delete(form);
    if (!form.isConnected) return;
    const at = new Date();
    const kept = store.write(form.dataset.draft, { at: at.getTime(), values: picture(form) });
    say(form, kept ? "saved" : "full", at);
  };
  const looked = new WeakSet();
  const restore = (form) => {
    if (looked.has(form)) return;
    looked.add(form);
    const draft = store.read(form.dataset.draft);
    if (!draft) return;
    if (draft.values === picture(form)) return store.drop(form.dataset.draft);
    if (form.querySelector("[aria-invalid=true], [data-errors]")) return; // what the server sent back is newer
    const values = JSON.parse(draft.values);
    spoken(form).forEach((e, i) => {
      const [name, value] = values[i] ?? [];
      if (name !== e.name) return;
      if (/^(checkbox|radio)$/.test(e.type)) e.checked = value;
      else e.value = value;
    });
    unsaved.add(form);
    say(form, "restored", new Date(draft.at));
  };
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || !form.matches("[data-draft], [data-guard]")) return;
    unsaved.add(form);
    if (!form.dataset.draft) return;
    clearTimeout(drafts.get(form));
    drafts.set(form, setTimeout(() => keep(form), 600));
  });
  document.addEventListener("visibilitychange", () => [...drafts.keys()].forEach(keep));
  addEventListener("beforeunload", (event) => {
    const left = [...unsaved].some((form) => form.isConnected && !form.dataset.busy);
    if (left) event.preventDefault();
  });
  document.addEventListener("htmx:confirm", (event) => {
    const boosted = event.target.closest?.("[hx-boost]");
    if (boosted && [...unsaved].some((form) => form.isConnected && !form.contains(event.target))) {
      if (!confirm(document.body.dataset.unsaved)) event.preventDefault();
    }
  });
  on("click", "[data-draft-discard]", (button) => {
    const form = button.closest("form");
    store.drop(form.dataset.draft);
    unsaved.delete(form);
    location.reload();
  });
  const sentKey = "luoshi:sent";
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.draft) return;
    clearTimeout(drafts.get(form));
    keep(form);
    sessionStorage.setItem(sentKey, form.dataset.draft);
  });
  const refused = () => (performance.getEntriesByType("navigation")[0]?.responseStatus ?? 200) >= 400;
  const settle = (failed) => { // the page after a form was sent no longer holds that form: it was taken, its draft may go
    const sent = sessionStorage.getItem(sentKey);
    if (sent === null) return;
    sessionStorage.removeItem(sentKey);
    if (failed || document.querySelector("[data-kept]")) return;
    if (!all("form[data-draft]").some((form) => form.dataset.draft === sent)) store.drop(sent);
  };

  // ---- Files: drop, look, take out, send with a bar ----
  const size = (bytes) => (bytes < 1048576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);
  const shownFile = (zone, file, index) => {
    const row = document.createElement("li");
    const name = document.createElement("span");
    const off = document.createElement("button");
    const seen = file.type.startsWith("image/");
    row.className = seen ? "ls-file" : "ls-file ls-file--plain";
    name.className = "ls-file__name";
    name.textContent = file.name;
    if (seen) {
      const img = document.createElement("img");
      img.alt = "";
      img.src = URL.createObjectURL(file);
      img.addEventListener("load", () => URL.revokeObjectURL(img.src));
      row.append(img);
    }
    const bytes = document.createElement("span");
    bytes.className = "ls-file__size";
    bytes.textContent = size(file.size);
    off.type = "button";
    off.className = "ls-file__off";
    off.setAttribute("aria-label", fill(zone.dataset.remove, { name: file.name }));
    off.append(Object.assign(document.createElement("span"), { textContent: "×" }));
    off.addEventListener("click", () => {
      hold(zone, zone.files.filter((_, i) => i !== index));
      zone.querySelector("input[type=file]").focus();
    });
    row.append(name, bytes, off);
    return row;
  };
  const hold = (zone, files) => {
    const input = zone.querySelector("input[type=file]");
    const most = Number(zone.dataset.max) || 1;
    const carrier = new DataTransfer();
    zone.files = files.slice(0, most);
    zone.files.forEach((file) => carrier.items.add(file));
    input.files = carrier.files;
    const list = zone.querySelector("[data-files]");
    list.replaceChildren(...zone.files.map((file, i) => shownFile(zone, file, i)));
    if (files.length > most) {
      const note = document.createElement("li");
      note.textContent = fill(zone.dataset.tooMany, { n: most });
      list.append(note);
    }
    if (input.form?.matches("[data-draft], [data-guard]")) unsaved.add(input.form);
  };
  const add = (zone, files) => hold(zone, Number(zone.dataset.max) > 1 ? [...zone.files, ...files] : [...files].slice(-1));
  const zoneUp = (zone) => {
    zone.classList.add("is-live");
    zone.files = [...zone.querySelector("input[type=file]").files];
    if (zone.files.length) hold(zone, zone.files);
  };
  on("change", "[data-drop] input[type=file]", (input) => {
    if (input.files.length) add(input.closest("[data-drop]"), input.files);
    else hold(input.closest("[data-drop]"), input.closest("[data-drop]").files);
  });
  for (const kind of ["dragenter", "dragover"]) {
    on(kind, "[data-drop]", (zone, event) => { event.preventDefault(); zone.classList.add("is-over"); });
  }
  on("dragleave", "[data-drop]", (zone, event) => { if (!zone.contains(event.relatedTarget)) zone.classList.remove("is-over"); });
  on("drop", "[data-drop]", (zone, event) => {
    event.preventDefault();
    zone.classList.remove("is-over");
    add(zone, event.dataTransfer.files);
  });

  const send = (form, event) => {
    event.preventDefault();
    const state = form.querySelector("[data-upload-state]");
    const line = state?.querySelector("[role=status]");
    const tell = (kind, values = {}) => { if (line) line.textContent = fill(line.dataset[kind], values); };
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    if (state) state.hidden = false;
    request.upload.addEventListener("progress", (e) => {
      if (!state || !e.lengthComputable) return;
      const percent = Math.floor((100 * e.loaded) / e.total);
      state.querySelector("progress").value = percent;
      tell(percent < 100 ? "sending" : "waiting", { percent });
    });
    request.addEventListener("load", () => arrive(form, request));
    request.addEventListener("error", () => { tell("lost"); rest(form); });
    request.send(new FormData(form, event.submitter));
  };
  const arrive = (form, request) => { // the answer is a page: the one behind a redirect, or the form with its errors
    clearTimeout(drafts.get(form));
    drafts.delete(form);
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    unsaved.delete(form);
    document.title = page.title;
    document.body.replaceWith(document.adoptNode(page.body));
    if (request.responseURL && request.responseURL !== location.href) history.pushState({}, "", request.responseURL);
    window.htmx?.process(document.body);
    scrollTo(0, 0);
    settle(request.status >= 400);
    start(document);
  };
  addEventListener("popstate", (event) => { if (event.state && !event.state.htmx) location.reload(); });

  // ---- Trees of boxes with three states ----
  const box = (item) => item.querySelector(":scope > .ls-tree__row input[type=checkbox]");
  const below = (item) => all(":scope > details > ul > li:not([hidden])", item);
  const spread = (item, state) => {
    Object.assign(box(item), { checked: state, indeterminate: false });
    below(item).forEach((child) => spread(child, state));
  };
  // A box says whether its own unit is in; half a box, that something below it differs from it.
  const settleBox = (item) => {
    const children = below(item);
    const own = box(item);
    if (!children.length) return;
    const part = children.map(box).some((b) => b.indeterminate || b.checked !== own.checked);
    own.indeterminate = part;
    item.toggleAttribute("data-part", part);
    item.querySelector(":scope > .ls-tree__row [data-tree-part]").textContent = part ? (own.checked ? own.dataset.own : own.dataset.others) : "";
  };
  const settleUp = (item) => {
    for (let here = item; here; here = here.parentElement.closest("[data-tree] li")) settleBox(here);
  };
  const settleDown = (item) => { below(item).forEach(settleDown); settleBox(item); };
  const marks = (item, inherited, found) => { // what differs from the box above it: taken in, and left out
    const own = box(item);
    if (own.checked !== inherited) found[own.checked ? 0 : 1].push(own.value);
    below(item).forEach((child) => marks(child, own.checked, found));
    return found;
  };
  const treeChanged = (tree) => {
    const found = [[], []];
    all(":scope > ul > li", tree).forEach((item) => marks(item, false, found));
    tree.querySelector("[data-tree-result]").value = found[0].join(",");
    tree.querySelector("[data-tree-without]").value = found[1].join(",");
  };
  const treeUp = (tree) => {
    all(":scope > ul > li", tree).forEach(settleDown);
    all("input[type=checkbox], [data-tree-shown]", tree).forEach((b) => b.removeAttribute("name")); // the hidden fields say it shorter
    treeChanged(tree);
  };
  const branchUp = (list) => { // what was opened on demand; where the box above was ticked meanwhile, that holds
    const item = list.closest("li");
    if ("whole" in item.dataset) below(item).forEach((child) => spread(child, box(item).checked));
    treeUp(list.closest("[data-tree]"));
  };
  on("change", "[data-tree] input[type=checkbox]", (input) => {
    const item = input.closest("li");
    spread(item, "part" in item.dataset || input.checked);
    for (const loading of [item, ...all("li", item)]) {
      if (loading.querySelector(":scope > [data-tree-more]")) loading.dataset.whole = "";
    }
    item.removeAttribute("data-part");
    settleDown(item);
    settleUp(item.parentElement.closest("[data-tree] li"));
    treeChanged(input.closest("[data-tree]"));
  });
  const countsUp = () => {
    const sent = document.getElementById("tree-counts");
    if (!sent) return;
    const counts = JSON.parse(sent.textContent);
    for (const shown of all("[data-count-of]")) shown.textContent = counts[shown.dataset.countOf] ?? shown.textContent;
  };
  on("keydown", "[data-tree] input[type=checkbox]", (input, event) => {
    const branch = input.closest("li").querySelector(":scope > details");
    const shown = all("input[type=checkbox]", input.closest("[data-tree]")).filter((b) => b.checkVisibility?.() ?? b.offsetParent);
    const at = shown.indexOf(input);
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) shown[at + steps[event.key]]?.focus();
    else if (event.key === "ArrowRight" && branch) branch.open = true;
    else if (event.key === "ArrowLeft" && branch?.open) branch.open = false;
    else if (event.key === "ArrowLeft") box(input.closest("li").parentElement.closest("[data-tree] li") ?? input.closest("li")).focus();
    else return;
    event.preventDefault();
  });

  // ---- A document and what was understood of it light each other ----
  const span = (element) => element.dataset.span.split("-").map(Number);
  const meets = ([a, b], [c, d]) => a < d && c < b;
  const partners = (element) => {
    const mine = span(element);
    const inside = element.closest("[data-document]");
    const others = all("[data-span]").filter((e) => Boolean(e.closest("[data-document]")) !== Boolean(inside) && meets(span(e), mine) && !e.closest("[hidden]"));
    if (!inside) return others;
    const width = (e) => span(e)[1] - span(e)[0];
    return others.sort((a, b) => width(a) - width(b)).slice(0, 1);
  };
  const linked = "[data-span]";
  let held = []; // the pair that was clicked or walked to stays lit: what moves under the pointer meanwhile lights nothing
  const dark = () => all(".is-lit").filter((e) => !held.includes(e)).forEach((e) => e.classList.remove("is-lit"));
  const release = () => { held = []; dark(); };
  const lightUp = (element) => {
    dark();
    const met = partners(element);
    const whole = met.length && element.closest("[data-document]") ? partners(met[0]) : [];
    const pair = met.length ? [element, ...met, ...whole] : [];
    pair.forEach((e) => e.classList.add("is-lit"));
    return pair;
  };
  const stay = (element) => {
    release();
    held = lightUp(element);
  };
  const hover = (element) => { if (!held.some((e) => e.isConnected)) lightUp(element); };
  on("mouseover", linked, hover);
  on("focusin", linked, hover);
  on("mouseout", linked, dark);
  on("focusout", linked, dark);
  // Only the column that holds it scrolls, to the middle of what is in view of that: the page under the pointer stays.
  const reveal = (element) => {
    if (!element) return;
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    const column = element.closest(".ls-split__scroll");
    if (!column || getComputedStyle(column).overflowY === "visible") return element.scrollIntoView({ block: "center", behavior });
    const [pane, box] = [column.getBoundingClientRect(), element.getBoundingClientRect()];
    const top = Math.max(pane.top, 0);
    const room = Math.min(pane.bottom, innerHeight) - top;
    column.scrollTo({ top: column.scrollTop + box.top - top - Math.max(72, (room - box.height) / 2), behavior });
  };
  document.addEventListener("click", (event) => {
    const element = event.target.closest?.(linked);
    release();
    if (!element) return;
    const control = event.target.closest("a, button, input, select, textarea, label, summary");
    if (control && !element.matches("button")) {
      if (typing(control)) stay(element); // what is typed into stays beside its sentence
      return;
    }
    stay(element);
    reveal(partners(element)[0]);
  });

  // ---- Keys: J and K walk, a letter goes to the button or field of that data-key; Enter is what presses ----
  const walk = (step) => {
    const items = all("[data-walk]").filter((e) => e.offsetParent);
    if (!items.length) return;
    const focused = items.findIndex((e) => e.contains(document.activeElement));
    const at = focused < 0 ? items.findIndex((e) => e.classList.contains("is-here")) : focused;
    const next = items[Math.min(items.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
    items.forEach((e) => e.classList.toggle("is-here", e === next));
    if (next.tabIndex < 0) next.tabIndex = -1;
    next.focus({ preventScroll: true });
    reveal(next);
    release();
    if (next.matches(linked)) { stay(next); reveal(partners(next)[0]); }
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") release();
    if (event.key === "Escape") all("details[data-menu][open]").forEach((menu) => { menu.open = false; menu.firstElementChild.focus(); });
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    const key = event.key.toLowerCase();
    if (document.querySelector("dialog[open]")) return;
    if (key === "j" || key === "k") return walk(key === "j" ? 1 : -1);
    const here = document.querySelector("[data-walk].is-here");
    const named = `[data-key="${CSS.escape(key)}"]`;
    const target = here?.querySelector(named) ?? all(named).find((e) => e.offsetParent);
    if (!target || target.disabled) return;
    event.preventDefault();
    target.focus({ preventScroll: true });
    reveal(target);
  });

  // ---- Panels, dialogs, menus, pictures ----
  on("click", "[data-opens]", (opener, event) => {
    const dialog = document.getElementById(opener.dataset.opens);
    if (!dialog?.showModal) return;
    event.preventDefault();
    dialog.showModal();
  });
  on("click", "[data-closes]", (closer, event) => {
    const dialog = closer.closest("dialog");
    if (!dialog?.open) return;
    event.preventDefault();
    dialog.close();
  });
  document.addEventListener("click", (event) => {
    if (event.target instanceof HTMLDialogElement && event.target.open) {
      const edge = event.target.getBoundingClientRect();
      const inside = event.clientX >= edge.left && event.clientX <= edge.right && event.clientY >= edge.top && event.clientY <= edge.bottom;
      if (!inside) event.target.close();
    }
    all("details[data-menu][open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  let gallery = { links: [], at: 0 };
  const zoom = (dialog, at) => {
    gallery.at = (at + gallery.links.length) % gallery.links.length;
    const link = gallery.links[gallery.at];
    const img = dialog.querySelector("img");
    Object.assign(img, { src: link.href, alt: link.querySelector("img").alt, hidden: false });
    dialog.querySelector("output").textContent = `${gallery.at + 1}/${gallery.links.length} ${img.alt}`;
    all("[data-zoom-step]", dialog).forEach((b) => { b.hidden = gallery.links.length < 2; });
  };
  on("click", "[data-zoom] a", (link, event) => {
    const dialog = document.querySelector("[data-zoom-dialog]");
    if (!dialog?.showModal || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    gallery = { links: all("a", link.closest("[data-zoom]")), at: 0 };
    zoom(dialog, gallery.links.indexOf(link));
    dialog.showModal();
  });
  on("click", "[data-zoom-step]", (button) => zoom(button.closest("dialog"), gallery.at + Number(button.dataset.zoomStep)));
  on("keydown", "[data-zoom-dialog]", (dialog, event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) zoom(dialog, gallery.at + step);
  });

  // ---- Small helps ----
  const grow = (area) => {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  };
  on("input", "textarea", grow);
  on("click", "[data-copies]", async (button) => {
    const field = document.getElementById(button.dataset.copies);
    field.select();
    try { await navigator.clipboard.writeText(field.value); } catch { document.execCommand("copy"); } // without HTTPS only the old way works
    button.querySelector("span").textContent = button.dataset.copied;
  });

  const start = (root) => {
    all("form[data-draft]", root).forEach(restore);
    all("[data-drop]", root).filter((zone) => !zone.files).forEach(zoneUp);
    all("[data-tree]", root).forEach(treeUp);
    countsUp();
    all("textarea", root).filter((area) => area.value).forEach(grow);
    root.querySelector("[data-errors]")?.focus();
    document.dispatchEvent(new CustomEvent("luoshi:start"));
  };
  settle(refused());
  start(document);
  document.addEventListener("htmx:load", (event) => { if (event.detail.elt.matches("[data-tree] ul")) branchUp(event.detail.elt); });
  document.addEventListener("htmx:load", (event) => { if (event.detail.elt !== document.body) start(event.detail.elt.parentElement ?? document); });
})();
