// What is live, and what lights up. Every page says all it has to say without this.
"use strict";

// New receipts come into the list at its top.
function live(list) {
  const lamp = document.querySelector(".live");
  const most = 30;
  const say = (on) => {
    lamp.textContent = on ? lamp.dataset.on : lamp.dataset.off;
    lamp.classList.toggle("on", on);
  };
  let source = null, broken = false;
  const open = () => {
    const after = list.querySelector("[data-seq]");
    source = new EventSource("/live?after=" + encodeURIComponent(after ? after.dataset.seq : list.dataset.after));
    source.onopen = () => {
      say(true);
      if (broken) looks.now();
      broken = false;
    };
    source.onerror = () => {
      say(false);
      broken = true;
      looks.now();
    };
    source.addEventListener("reload", () => location.reload());
    source.addEventListener("receipt", (event) => {
      come(event);
      looks.soon();
    });
  };
  const come = (event) => {
    if (list.querySelector('[data-seq="' + Number(event.lastEventId) + '"]')) return;
    const parsed = new DOMParser().parseFromString(event.data, "text/html");
    const row = parsed.querySelector("li");
    if (!row) return;
    row.classList.add("new");
    list.prepend(document.adoptNode(row));
    while (list.children.length > most) list.lastElementChild.remove();
    const nothing = document.getElementById("nothing");
    if (nothing) nothing.remove();
  };
  // What a browser gave up (too many listened) is asked for again.
  const looks = again(() => { if (source.readyState === EventSource.CLOSED) open(); });
  open();
  // A page that is left lets its connection go.
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}

// The rest of the page is looked at again, and says so where nobody answers: what stands on a screen by
// the door must not be of this morning.
function again(answered) {
  const every = 30, soon = 2, failed = 5;
  const glance = document.getElementById("glance");
  let misses = 0, timer = 0, asking = false;
  const lost = () => {
    glance.className = "verdict lost";
    const said = document.createElement("p");
    said.textContent = glance.dataset.todo;
    const big = document.getElementById("verdict");
    const words = glance.dataset.lost.replace("{time}", glance.dataset.now);
    if (big.textContent.trim() !== words) big.lastChild.replaceWith(words);
    glance.replaceChildren(big, said);
  };
  const show = (fresh) => {
    for (const old of document.querySelectorAll("[data-again]")) {
      const part = fresh.getElementById(old.id);
      if (!part || part.outerHTML === old.outerHTML) continue;
      if (old !== glance && old.contains(document.activeElement)) continue;
      if (old !== glance) { old.replaceWith(document.adoptNode(part)); continue; }
      // The sentence itself stays in its place: a screen reader says it when it changes.
      const big = document.getElementById("verdict"), now = part.querySelector("#verdict");
      if (big.textContent.trim() !== now.textContent.trim()) big.lastChild.replaceWith(now.textContent.trim());
      glance.className = part.className;
      glance.dataset.now = part.dataset.now;
      glance.replaceChildren(big, ...[...part.children].filter((child) => child !== now));
    }
  };
  const look = async () => {
    if (asking) return;
    if (document.hidden) return wait(every);
    asking = true;
    try {
      const got = await fetch("/?again", { signal: AbortSignal.timeout(15000) });
      if (got.redirected) return location.assign("/login");
      if (!got.ok) throw new Error(got.status);
      show(new DOMParser().parseFromString(await got.text(), "text/html"));
      misses = 0;
      answered();
    } catch {
      misses += 1;
      if (misses > 1) lost();
    } finally {
      asking = false;
      wait(misses ? failed : every);
    }
  };
  const wait = (seconds) => {
    clearTimeout(timer);
    timer = setTimeout(look, seconds * 1000);
  };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  wait(every);
  return { now: () => wait(0.2), soon: () => wait(soon) };
}

const list = document.getElementById("live");
if (list) live(list);

// Pointing at a field lights up the words that it was read from, and the other way round.
function lights(paper, fields) {
  const glow = document.createElementNS("http://www.w3.org/2000/svg", "g");
  paper.insertBefore(glow, paper.children[1] || null);
  const words = [...paper.querySelectorAll("text[data-s]")].map((word) => (
    { word, start: Number(word.dataset.s), end: Number(word.dataset.e) }));
  const all = fields.map((field) => {
    const spans = field.dataset.spans.split(" ").map((span) => span.split("-").map(Number));
    const own = words.filter(({ start, end }) => spans.some(([s, e]) => start < e && s < end));
    return { field, own: own.map(({ word }) => word) };
  });
  const show = (some) => {
    glow.replaceChildren();
    for (const { field, own } of all) {
      const on = some.some((one) => one.field === field);
      field.classList.toggle("lit", on);
      for (const word of own) word.classList.remove("lit");
    }
    for (const { own } of some) for (const word of own) {
      word.classList.add("lit");
      // A word inside a turned or narrowed line is marked in the paper's own measure.
      const matrix = paper.getScreenCTM().inverse().multiply(word.getScreenCTM());
      const box = word.getBBox();
      const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      rect.setAttribute("class", "glow");
      rect.setAttribute("x", box.x - 4);
      rect.setAttribute("y", box.y - 2);
      rect.setAttribute("width", box.width + 8);
      rect.setAttribute("height", box.height + 4);
      rect.setAttribute("rx", 4);
      const { a, b, c, d, e, f } = matrix;
      rect.setAttribute("transform", "matrix(" + [a, b, c, d, e, f].join(" ") + ")");
      glow.append(rect);
    }
  };
  const held = () => all.filter(({ field }) => field === document.activeElement);
  for (const one of all) {
    one.field.addEventListener("pointerenter", () => show([one]));
    one.field.addEventListener("pointerleave", () => show(held()));
    one.field.addEventListener("focus", () => show([one]));
    one.field.addEventListener("blur", () => show([]));
    for (const word of one.own) word.classList.add("known");
  }
  for (const { word } of words) {
    const own = all.filter((one) => one.own.includes(word));
    if (!own.length) continue;
    word.addEventListener("pointerenter", () => show(own));
    word.addEventListener("pointerleave", () => show(held()));
    word.addEventListener("click", () => own[0].field.focus());
  }
}

// What is ticked, and how much that would be.
function forecast(said) {
  const boxes = [...said.closest("form").querySelectorAll("input[data-day]")];
  const show = () => {
    const day = boxes.filter((box) => box.checked).reduce((sum, box) => sum + Number(box.dataset.day), 0);
    const month = Math.ceil(day * 30);
    const over = month > Number(said.dataset.quota);
    const holes = { day: day.toFixed(day > 0 && day < 0.1 ? 2 : day > 0 && day < 10 ? 1 : 0), month, quota: said.dataset.quota };
    said.textContent = said.dataset.words.replace(/\{(\w+)\}/g, (_, name) => holes[name]) + (over ? said.dataset.over : "");
    said.classList.toggle("warning", over);
  };
  for (const box of boxes) box.addEventListener("change", show);
}

for (const said of document.querySelectorAll(".forecast")) forecast(said);

const paper = document.querySelector("svg.paper");
const known = [...document.querySelectorAll(".field[data-spans]")];
if (paper && known.length) lights(paper, known);
