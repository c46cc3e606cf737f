// Pictures of a report: sent one by one as they are chosen, kept by token until the report is handed in.
"use strict";

(() => {
  const form = document.querySelector("form[data-report]");
  const field = form?.querySelector("[data-stage]");
  if (!field) return;
  const find = (name) => field.querySelector(`[${name}]`);
  const [zone, list, state, errors, again, progress] =
    ["data-stage-zone", "data-staged", "data-stage-state", "data-stage-errors", "data-stage-again", "data-stage-progress"].map(find);
  const input = zone.querySelector("input[type=file]");
  const bar = progress.querySelector("progress");
  const most = Number(field.dataset.most);
  const fill = (kind, values) => field.dataset[kind].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const pictures = () => [...list.querySelectorAll("[data-picture]")];
  const queue = [];
  let failed = [];
  let busy = false;
  let sent = 0;
  let all = 0;

  // ---- What is chosen stays on this machine until the report is handed in ----
  const mine = `luoshi:pictures:${document.body.dataset.person}:`;
  const key = mine + form.dataset.draft;
  const keep = () => {
    const kept = pictures().map((li) => ({ token: li.querySelector("[name=picture]").value, caption: li.querySelector("[name=caption]").value }));
    try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), kept })); } catch { /* no storage: nothing kept */ }
  };
  const changed = () => {
    keep();
    form.elements.words.dispatchEvent(new Event("input", { bubbles: true })); // the draft keeps up
  };
  const tidy = () => {
    const monthAgo = Date.now() - 30 * 24 * 3600 * 1000;
    for (const name of Object.keys(localStorage).filter((n) => n.startsWith(mine))) {
      const { at } = JSON.parse(localStorage.getItem(name)) ?? {};
      if (!(at > monthAgo)) localStorage.removeItem(name);
    }
  };
  const restore = async () => {
    if (document.querySelector("[data-errors]")) return keep(); // what the server sent back is newer
    const { kept } = JSON.parse(localStorage.getItem(key)) ?? {};
    if (!kept) return undefined;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    for (const picture of kept) {
      body.append("picture", picture.token);
      body.append("caption", picture.caption);
    }
    const answer = await fetch(field.dataset.stage, { method: "POST", body });
    if (answer.ok) list.innerHTML = await answer.text();
    return undefined;
  };

  // ---- Sending ----
  const say = (words) => { state.textContent = words; };
  const complain = (words) => {
    const line = document.createElement("li");
    line.textContent = words;
    errors.append(line);
    errors.hidden = false;
  };
  const calm = () => {
    errors.replaceChildren();
    errors.hidden = again.hidden = true;
  };
  const send = (file) => new Promise((done) => {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("file", file);
    const request = new XMLHttpRequest();
    request.open("POST", field.dataset.stage);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
    });
    request.addEventListener("load", () => done(request));
    request.addEventListener("error", () => done(null));
    request.send(body);
  });
  const arrived = (file, request) => {
    if (request?.status === 200) {
      list.insertAdjacentHTML("beforeend", request.responseText);
      changed();
    } else if (request?.status === 422) {
      complain(request.responseText);
    } else {
      complain(fill(request ? "failed" : "lost", { name: file.name }));
      failed.push(file);
    }
  };
  const work = async () => {
    if (busy) return;
    busy = true;
    progress.hidden = false;
    while (queue.length) {
      sent += 1;
      say(fill("sending", { n: sent, all }));
      bar.value = 0;
      const file = queue.shift();
      arrived(file, await send(file));
    }
    busy = false;
    sent = all = 0;
    progress.hidden = true;
    again.hidden = failed.length === 0;
    say(pictures().length ? fill("done", { n: pictures().length }) : "");
  };
  const add = (files) => {
    if (!busy) calm();
    const room = Math.max(0, most - pictures().length - queue.length - (busy ? 1 : 0));
    if (files.length > room) complain(fill("many", { n: most }));
    queue.push(...files.slice(0, room));
    all += Math.min(files.length, room);
    if (queue.length) work();
  };

  input.removeAttribute("name"); // from here on the pictures go by token
  zone.classList.add("is-live");
  input.addEventListener("change", () => {
    add([...input.files]);
    input.value = "";
  });
  for (const kind of ["dragenter", "dragover"]) {
    zone.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.add("is-over"); });
  }
  zone.addEventListener("dragleave", () => zone.classList.remove("is-over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("is-over");
    add([...event.dataTransfer.files]);
  });
  again.addEventListener("click", () => {
    const files = failed;
    failed = [];
    calm();
    add(files);
  });
  list.addEventListener("click", (event) => {
    const off = event.target.closest("[data-picture-off]");
    if (!off) return;
    off.closest("[data-picture]").remove();
    changed();
    say(pictures().length ? fill("done", { n: pictures().length }) : "");
    input.focus();
  });
  list.addEventListener("input", (event) => { if (event.target !== list) keep(); });
  form.addEventListener("submit", (event) => {
    if (!busy) return;
    event.preventDefault();
    event.stopPropagation();
    say(field.dataset.wait);
  });
  form.querySelector("[data-draft-discard]")?.addEventListener("click", () => localStorage.removeItem(key));
  try { tidy(); } catch { /* no storage */ }
  restore().catch(() => {});
})();
