// The pages work by links and forms; this adds the keyboard, saving at once, and coding a selection.
"use strict";
(() => {
  const view = document.body.dataset.view;
  const dutch = document.documentElement.lang === "nl";
  const say = (nl, en) => (dutch ? nl : en);
  const $ = (css, from = document) => from.querySelector(css);
  const all = (css, from = document) => [...from.querySelectorAll(css)];
  const said = $("#said"), panel = $("#panel"), coder = $("#coder");
  let version = Number(document.body.dataset.version);
  let chosen = null;

  function tell(text, bad = false) {
    said.textContent = text;
    said.classList.toggle("bad", bad);
  }

  // ---- saving ----

  async function act(request) {
    tell(say("bewaren…", "saving…"));
    let response;
    try {
      response = await fetch("/api/act", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ view, ...request }),
      });
    } catch {
      tell(say("Niet bewaard: klantreis draait niet meer.", "Not saved: klantreis has stopped."), true);
      return null;
    }
    if (!response.ok) {
      tell(say("Niet bewaard: ", "Not saved: ") + (await response.text()), true);
      return null;
    }
    const answer = await response.json();
    take(answer);
    const time = new Date().toLocaleTimeString(dutch ? "nl-NL" : "en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
    tell(`${answer.said} · ${time}`);
    if (answer.select) await choose(answer.select);
    return answer;
  }

  function take(answer) {
    version = Math.max(version, answer.version);
    const focused = document.activeElement?.closest("[data-ref]")?.dataset.ref;
    for (const piece of answer.pieces) {
      const old = document.getElementById(piece.id);
      if (!old) continue;
      const checked = $("input[type=checkbox]", old)?.checked;
      old.outerHTML = piece.html;
      const box = checked && $("input[type=checkbox]", document.getElementById(piece.id));
      if (box) box.checked = true;
    }
    if (chosen) mark();
    if (focused && document.activeElement === document.body) item(focused)?.focus({ preventScroll: true });
  }

  // ---- choosing ----

  const items = () => all(view === "judge" ? ".proposal .body" : ".card");
  const item = (ref) => items().find((i) => i.dataset.ref === ref);

  function mark() {
    all(".s.on").forEach((s) => s.classList.remove("on"));
    items().forEach((i) => i.classList.toggle("chosen", i.dataset.ref === chosen));
    const card = item(chosen);
    if (!card || view === "judge") return;
    const turn = card.closest(".turn");
    for (let s = Number(card.dataset.first); s <= Number(card.dataset.last); s++) $(`.s[data-s="${s}"]`, turn)?.classList.add("on");
  }

  async function choose(ref, focus = true) {
    chosen = ref;
    mark();
    const card = item(ref);
    if (!card) return;
    if (focus) {
      card.focus({ preventScroll: true });
      card.scrollIntoView({ block: "nearest" });
    }
    if (view !== "read") return;
    await detail();
    if (focus) item(ref)?.scrollIntoView({ block: "nearest" });
  }

  async function detail() {
    const ref = chosen;
    const response = await fetch(`/paneel?ref=${encodeURIComponent(ref)}`);
    const html = response.ok ? await response.text() : "";
    if (ref === chosen) panel.innerHTML = html;
  }

  function move(step, onlyOpen = false) {
    const list = items();
    const at = list.findIndex((i) => i.dataset.ref === chosen);
    for (let n = at + step; n >= 0 && n < list.length; n += step) {
      if (!onlyOpen || list[n].dataset.status === "auto") return choose(list[n].dataset.ref);
    }
  }

  async function decide(request, ref = chosen, on = true) {
    if (!ref) return;
    if (view === "blind") return request.do === "reject" && reloadAfter({ ...request, refs: [ref] });
    const answer = await act({ ...request, refs: [ref] });
    if (!answer) return;
    chosen = ref;
    mark();
    if (on && (request.do === "accept" || request.do === "reject")) move(1, true);
    if (view === "read" && chosen === ref) await detail();
  }

  const refOf = (element) => element.closest("[data-ref]")?.dataset.ref ?? chosen;

  async function reloadAfter(request) {
    if (await act(request)) location.reload();
  }

  // ---- mouse and forms ----

  document.addEventListener("click", async (event) => {
    const target = event.target.closest("button, a, [data-ref]");
    if (!target) return;
    const data = target.dataset;
    if (target.classList.contains("card")) return choose(data.ref, false);
    if (data.do === "undo" || data.do === "redo") return step(data.do);
    if (data.do === "finish") return reloadAfter({ do: "finish", interview: Number(data.interview), on: data.on === "true", blind: "blind" in data });
    if (data.do === "star") return decide({ do: "star", on: target.getAttribute("aria-pressed") !== "true" }, refOf(target));
    if (data.do) return decide({ do: data.do }, refOf(target));
    if (data.category) return decide({ do: "change", category: data.category }, refOf(target));
    if (data.phase) return decide({ do: "change", phase: data.phase }, refOf(target));
    if (data.extend) return decide({ do: "change", extend: data.extend.split(",").map(Number) }, refOf(target));
    if ("add" in data) return add(data.add);
    if (data.place) return place(data.place);
    if (data.settle) return reloadAfter({ do: "settle", sides: data.sides, interview: Number(data.interview), turn: Number(data.turn), first: Number(data.sentence), right: Number(data.settle) });
    if (data.bulk) return bulk(data.bulk);
    if ("learn" in data) return learn();
    if ("reload" in data) { event.preventDefault(); scrollTo(0, 0); return location.reload(); }
    if (target.matches(".proposal .body")) { chosen = data.ref; mark(); }
  });

  document.addEventListener("focusin", (event) => {
    const body = event.target.closest(".proposal .body");
    if (body) { chosen = body.dataset.ref; mark(); }
  });

  document.addEventListener("change", async (event) => {
    const field = event.target, data = field.dataset;
    if (field.id === "all") all(".proposal .pick input").forEach((box) => (box.checked = field.checked));
    if (data.field === "memo") return decide({ do: "memo", text: field.value }, refOf(field), false);
    if (data.field) {
      const value = data.field === "emotion" ? Number(field.value) : field.value;
      const request = { do: "change", [data.field]: value };
      if ("reloadAfter" in data) return reloadAfter({ ...request, refs: [refOf(field)] });
      return decide(request, refOf(field));
    }
    if (data.question) return act({ do: "question", phase: data.question, text: field.value });
    if (data.rename) return act({ do: "rename", code: data.rename, text: field.value });
    if (data.merge) return reloadAfter({ do: "merge", code: data.merge, into: field.value || null });
  });

  async function step(what) {
    const answer = await act({ do: what });
    if (!answer) return;
    const here = (view === "read" || view === "judge") && answer.pieces.length > (view === "judge" ? 1 : 0);
    if (answer.changed && !here) return location.reload();
    if (view === "read" && chosen) item(chosen) ? await detail() : (panel.innerHTML = "");
  }

  async function bulk(what) {
    const refs = all(".proposal .pick input:checked").map((box) => box.value);
    if (await act({ do: what, refs })) all(".pick input:checked, #all:checked").forEach((box) => (box.checked = false));
  }

  // ---- coding a selection ----

  let picked = null;

  function selected() {
    const selection = getSelection();
    if (!coder || selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    const turn = range.startContainer.parentElement?.closest(".turn.respondent .words")?.closest(".turn");
    if (!turn) return null;
    const places = all(".s", turn).filter((s) => range.intersectsNode(s) && range.toString().trim()).map((s) => Number(s.dataset.s));
    return places.length ? { turn, first: Math.min(...places), last: Math.max(...places), box: range.getBoundingClientRect() } : null;
  }

  function offer() {
    picked = selected();
    if (!coder) return;
    coder.hidden = !picked;
    if (!picked) return;
    coder.style.setProperty("top", `${picked.box.bottom + scrollY + 6}px`);
    coder.style.setProperty("left", `${Math.max(8, Math.min(picked.box.left + scrollX, document.documentElement.clientWidth - 360))}px`);
  }

  document.addEventListener("selectionchange", () => {
    clearTimeout(offer.timer);
    offer.timer = setTimeout(() => { if (!coder?.contains(document.activeElement)) offer(); }, 250);
  });

  async function add(category) {
    const place = picked;
    coder.hidden = true;
    picked = null;
    getSelection().removeAllRanges();
    if (!place || !category) return;
    await (view === "blind" ? reloadAfter : act)({ do: "add", category, interview: Number(coder.dataset.interview), turn: Number(place.turn.dataset.turn), first: place.first, last: place.last });
  }

  // A decision whose words stand elsewhere now.
  async function place(key) {
    const at = picked;
    if (!at) return;
    const interview = Number(coder.dataset.interview);
    const answer = await act({ do: "place", key, interview, turn: Number(at.turn.dataset.turn), first: at.first, last: at.last });
    if (!answer) return;
    const address = new URLSearchParams({ i: new URLSearchParams(location.search).get("i") });
    location.href = `/lezen?${address}#c-${interview}-${key}`;
  }

  // ---- the study's own files: codes and saved queries ----

  async function send(address, body, headers) {
    tell(say("bewaren…", "saving…"));
    try {
      const response = await fetch(address, { method: "POST", headers, body });
      if (response.ok) return response;
      tell(say("Niet bewaard: ", "Not saved: ") + (await response.text()), true);
    } catch {
      tell(say("Niet bewaard: klantreis draait niet meer.", "Not saved: klantreis has stopped."), true);
    }
    return null;
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target, data = form.dataset;
    if ("split" in data) {
      event.preventDefault();
      const refs = all("#split .pick input:checked").map((box) => box.value);
      const { into, name } = form.elements;
      const request = JSON.stringify({ code: data.split, refs, into: into.value, name: name.value });
      const response = await send("/api/split", request, { "content-type": "application/json" });
      if (response) location.href = (await response.json()).href;
    } else if ("theme" in data) {
      event.preventDefault();
      const refs = all("[data-ref]", form.closest("section")).map((quote) => quote.dataset.ref);
      const request = JSON.stringify({ category: data.theme, refs, name: form.elements.name.value });
      if (await send("/api/theme", request, { "content-type": "application/json" })) location.reload();
    } else if ("save" in data && event.submitter?.formMethod !== "get") {
      event.preventDefault();
      const response = await send(form.action, new URLSearchParams(new FormData(form)));
      if (response) location.href = response.url;
    }
  });

  // Cues are counted as they are typed.
  const trial = $("form[data-trial]");
  async function count() {
    const typed = $("[name=cues]", trial).value;
    const address = new URLSearchParams({ c: $("[name=id]", trial).value, cues: typed });
    const response = await fetch(`/codeboek/code?${address}`);
    if (!response.ok || typed !== $("[name=cues]", trial).value) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    $("#counts").replaceWith($("#counts", page));
  }
  trial?.addEventListener("input", () => {
    clearTimeout(count.timer);
    count.timer = setTimeout(count, 300);
  });

  // ---- keyboard ----

  const kinds = { b: "behoefte", w: "winst", p: "pijnpunt", c: "activiteit" };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && coder && !coder.hidden) { coder.hidden = true; picked = null; return; }
    if (event.target.matches("input:not([type=checkbox]), textarea, select")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return;
    const key = event.key;
    const run = (work) => { event.preventDefault(); work(); };
    if (key === "?") return run(() => $("#help").showModal());
    if (key === "/") return run(() => ($("#q") ? $("#q").focus() : (location.href = "/zoeken")));
    if (key === "u") return run(() => step("undo"));
    if (key === "U") return run(() => step("redo"));
    if (!["read", "judge", "blind"].includes(view)) return;
    if (key === "j") return run(() => move(1));
    if (key === "k") return run(() => move(-1));
    if (picked && kinds[key]) return run(() => add(kinds[key]));
    if (!chosen) return;
    if (key === "a") return run(() => decide({ do: "accept" }));
    if (key === "r") return run(() => decide({ do: "reject" }));
    if (kinds[key]) return run(() => decide({ do: "change", category: kinds[key] }));
    if (key === "e") return run(() => decide({ do: "change", extend: [0, 1] }));
    if (key === "E") return run(() => decide({ do: "change", extend: [0, -1] }));
    if (key === "s") return run(() => decide({ do: "star", on: $(".detail", panel ?? document)?.dataset.starred !== "true" }));
    if (key === "m") return run(() => $("[data-field=memo]")?.focus());
    if (/^[1-9]$/.test(key)) {
      const phase = all("#panel [data-phase]")[key - 1]?.dataset.phase ?? all("select[data-field=phase]", item(chosen) ?? document)[0]?.options[key - 1]?.value;
      if (phase) run(() => decide({ do: "change", phase }));
    }
  });

  // ---- dragging a quote to another phase ----

  let dragged = null;
  document.addEventListener("dragstart", (event) => { dragged = event.target.closest?.("[draggable][data-ref]")?.dataset.ref ?? null; });
  document.addEventListener("dragover", (event) => {
    const place = event.target.closest?.("[data-drop]");
    all(".drop").forEach((c) => c.classList.toggle("drop", c === place));
    if (place && dragged) { event.preventDefault(); place.classList.add("drop"); }
  });
  document.addEventListener("drop", (event) => {
    const place = event.target.closest?.("[data-drop]");
    if (!place || !dragged) return;
    event.preventDefault();
    reloadAfter({ do: "change", phase: place.dataset.drop, refs: [dragged] });
  });
  document.addEventListener("dragend", () => { dragged = null; all(".drop").forEach((c) => c.classList.remove("drop")); });

  // ---- learning ----

  async function learn() {
    await fetch("/api/learn", { method: "POST" });
    follow();
  }

  async function follow() {
    const bar = $("#learning"), list = $("#learned");
    if (!bar) return;
    const state = await (await fetch("/api/learn")).json();
    bar.hidden = !state.running;
    bar.max = Math.max(1, state.of);
    bar.value = state.done;
    list.replaceChildren(...state.told.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
    if (state.running) setTimeout(follow, 300);
  }

  // ---- a second person, who works at the same time ----

  $("#invite")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const response = await fetch("/api/invite", { method: "POST", body: new URLSearchParams(new FormData(event.target)) });
    $("#link").textContent = await response.text();
  });

  async function others() {
    try {
      const response = await fetch(`/api/since?version=${version}&view=${view}`);
      if (response.ok) {
        const answer = await response.json();
        if (answer.version > version) {
          take(answer);
          if (view === "read" && chosen && answer.pieces.length) await detail();
        }
      }
    } catch { /* Stopped: the next decision says so. */ }
    setTimeout(others, 2000);
  }
  if (view === "read" || view === "judge") setTimeout(others, 2000);

  if (view === "read" && location.hash.startsWith("#c-")) choose(location.hash.slice(3));
  if (view === "judge") follow();
})();
