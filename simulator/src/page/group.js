"use strict";
// The group as a phone shows it. Messages come with the page and then as server-sent events; both
// go through `show`, which builds nodes and never markup.

const MAX_SHOWN = 500;

const WORDS = {
  "zh-HK": {
    group: "收銀群組", robot: "收銀機械人", empty: "群組未有訊息", newest: "↓ 新訊息", live: "即時更新",
    todos: "待辦", answer: "機械人回覆", direct: "單聊", card: "互動卡片", updates: "已更新", person: "同事",
    lost: "連線中斷，重試中", footer: "possim 模擬釘釘群組：與真實釘釘無關", other: "English",
    all: "@所有人", missed: "不會收到提及通知：",
    message_type: "此訊息類型不支援 @", external_group: "外部群組不能 @", beyond_fifty: "超過 50 人",
    number_form: "號碼格式應為 +852-12345678", not_in_text: "正文內沒有 @號碼", not_a_member: "不是群組成員",
  },
  en: {
    group: "Till group", robot: "Till robot", empty: "No messages yet", newest: "↓ New messages", live: "Live",
    todos: "To do", answer: "Bot's answer", direct: "One to one", card: "Interactive card", updates: "updated", person: "Colleague",
    lost: "Connection lost, retrying", footer: "possim's mock of a DingTalk group; not DingTalk", other: "中文",
    all: "@Everyone", missed: "Would not be notified: ",
    message_type: "this message type cannot mention", external_group: "nobody can be mentioned in an external group",
    beyond_fifty: "more than 50 people", number_form: "the number must look like +852-12345678",
    not_in_text: "@ and the number are not in the text", not_a_member: "not a member of the group",
  },
};

const byId = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.search).get("lang") || navigator.language || "";
let language = asked.startsWith("en") ? "en" : "zh-HK";
let place = "0-0-0";
let shown = [];
// Cards by outTrackId and todos by id, as they are now.
let cards = new Map();
let todos = new Map();

const word = (key) => WORDS[language][key] || key;

function time(text) {
  const at = new Date(text);
  const form = { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Hong_Kong" };
  return Number.isNaN(at.getTime()) ? text : at.toLocaleTimeString("en-GB", form);
}

function buttons(message) {
  const row = element("div", message.horizontal ? "buttons across" : "buttons");
  for (const button of message.buttons || []) {
    const node = anchor(button.url, "button");
    node.textContent = button.title;
    row.append(node);
  }
  return row;
}

function link(message) {
  const node = anchor(message.url || "", "bubble linkcard");
  const words = element("div", "words");
  words.append(element("h4", "", message.title), element("p", "", message.text));
  node.append(words);
  // A picture's own link is the card's.
  node.append(icon(message.picture ? "picture" : "chain", "thumb"));
  return node;
}

function feed(message) {
  const node = element("div", "bubble feed");
  (message.links || []).forEach((entry, n) => {
    const row = anchor(entry.url, n === 0 ? "entry first" : "entry");
    row.append(icon("picture", "thumb"), element("span", "words", entry.title));
    node.append(row);
  });
  return node;
}

// A card is its data and its buttons: what its template would draw is not known here.
function card(track) {
  const state = cards.get(track) || { data: {}, buttons: {}, updates: 0 };
  const node = element("div", "bubble actionCard card");
  const list = element("dl", "fields");
  for (const [key, value] of Object.entries(state.data)) {
    list.append(element("dt", "", key), element("dd", "", value));
  }
  const row = element("div", "buttons");
  for (const words of Object.values(state.buttons)) row.append(element("span", "button", words));
  const times = state.updates ? ` · ${word("updates")} ${state.updates}×` : "";
  node.append(list, row, element("p", "note", `${word("card")}${times}`));
  return node;
}

function bubble(message, people) {
  if (message.msgtype === "interactiveCard") return card(message.outTrackId);
  if (message.msgtype === "link") return link(message);
  if (message.msgtype === "feedCard") return feed(message);
  const node = element("div", `bubble ${message.msgtype}`);
  if (message.msgtype === "text") {
    plain(node, message.text, people);
  } else {
    node.append(markdown(message.text, people));
  }
  if (message.msgtype === "actionCard") node.append(buttons(message));
  return node;
}

// Who would have been called, and who would not and why: DingTalk tells no sender.
function mentions(message, into) {
  const all = message.mentions || [];
  if (all.some((one) => one.by === "all" && one.works)) {
    into.prepend(element("span", "mention", word("all")), " ");
  }
  return all
    .filter((one) => !one.works)
    .map((one) => element("p", "missed", `⚠ ${word("missed")}@${one.who}（${word(one.why)}）`));
}

function render(message) {
  const working = (message.mentions || []).filter((one) => one.works && one.by !== "all");
  const people = working.map((one) => `@${one.who}`);
  const row = element("article", "message");
  row.dataset.seq = message.seq;
  row.dataset.type = message.msgtype;
  const side = element("div", "side");
  const name = element("p", "name", `${speaker(message)} `);
  name.append(element("small", "", `${about(message)} · ${time(message.time)}`));
  const body = bubble(message, people);
  side.append(name, body, ...mentions(message, body));
  if (message.outTrackId) row.dataset.track = message.outTrackId;
  if (message.from) row.classList.add("person");
  row.append(icon(message.from ? "person" : "robot", "face"), side);
  return row;
}

function speaker(message) {
  if (message.from) return `${word("person")} ${message.from}`;
  return word(message.via === "session" ? "answer" : "robot");
}

function about(message) {
  const parts = [message.from ? "@" + word("robot") : `…${message.robot.slice(-4)}`];
  if (message.answers) parts.push(`↩ ${message.answers}`);
  if (message.to) parts.push(`${word("direct")}: ${message.to.join(", ")}`);
  return parts.join(" · ");
}

// What changed takes the place of what was there.
function change(changed) {
  if (!changed) return;
  for (const one of changed.cards) {
    cards.set(one.outTrackId, one);
    for (const row of document.querySelectorAll("article[data-track]")) {
      if (row.dataset.track === one.outTrackId) row.querySelector(".bubble").replaceWith(card(one.outTrackId));
    }
  }
  for (const one of changed.todos) todos.set(one.id, one);
  tasks();
}

function tasks() {
  const all = [...todos.values()];
  byId("todos").hidden = all.length === 0;
  byId("open").textContent = `${all.filter((task) => !task.done).length}/${all.length}`;
  byId("tasks").replaceChildren(
    ...all.map((task) => {
      const row = element("li", task.done ? "done" : "", `${task.done ? "☑" : "☐"} ${task.subject}`);
      row.dataset.task = task.id;
      return row;
    }),
  );
}

function nearEnd() {
  const main = byId("messages");
  return main.scrollTop + main.clientHeight >= main.scrollHeight - 80;
}

function toEnd() {
  byId("messages").scrollTop = byId("messages").scrollHeight;
  byId("newest").hidden = true;
}

function show(message) {
  const follow = nearEnd();
  shown.push(message);
  byId("messages").append(render(message));
  if (shown.length > MAX_SHOWN) {
    shown.shift();
    byId("messages").firstElementChild.remove();
  }
  count();
  if (follow) toEnd();
  else byId("newest").hidden = false;
}

function count() {
  byId("empty").hidden = shown.length > 0;
  byId("count").textContent = shown.length ? `(${shown.length})` : "";
}

function speak() {
  document.documentElement.lang = language;
  document.title = word("group");
  for (const node of document.querySelectorAll("[data-word]")) {
    node.textContent = word(node.dataset.word);
  }
  byId("language").textContent = word("other");
  status();
  byId("messages").replaceChildren(...shown.map(render));
  tasks();
  count();
}

// The stream ends and comes back all the time; only a second failure in a row is a loss.
let failures = 0;

function status() {
  const lost = failures > 1;
  byId("live").textContent = word(lost ? "lost" : "live");
  byId("live").classList.toggle("lost", lost);
}

function follow() {
  const source = new EventSource(`/page/events?from=${place}`);
  source.onopen = () => {
    failures = 0;
    status();
  };
  source.onerror = () => {
    failures += 1;
    status();
  };
  source.onmessage = (event) => show(JSON.parse(event.data));
  source.addEventListener("reset", () => {
    shown = [];
    cards = new Map();
    todos = new Map();
    speak();
  });
  source.addEventListener("changed", (event) => change(JSON.parse(event.data)));
}

const seen = JSON.parse(byId("seen").textContent);
shown = seen.messages;
place = `${seen.epoch}-${shown.length ? shown[shown.length - 1].seq : 0}-${seen.revision}`;
change(seen.changed);
byId("language").onclick = () => {
  language = language === "en" ? "zh-HK" : "en";
  speak();
};
byId("newest").onclick = toEnd;
speak();
toEnd();
follow();
