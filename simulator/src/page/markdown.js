"use strict";
// DingTalk's Markdown subset to DOM nodes: headings, quotes, lists, bold, italic, links, pictures
// and font colour. It never parses HTML: what it does not know stays text, so that no message can
// bring in markup. No tables, no code, as in DingTalk.

// What may be opened by a click; everything else is shown as plain text.
const OPENABLE = /^(https?|dingtalk):\/\//i;
const COLOUR = /^(#[0-9a-f]{3}|#[0-9a-f]{6}|[a-z]{3,20})$/i;
// Nesting deeper than this stays text: a message is not worth a stack overflow.
const MAX_DEPTH = 8;

const INLINE = new RegExp(
  [
    "!\\[([^\\]]*)\\]\\(([^()\\s]+)\\)", // 1, 2: picture
    "\\[([^\\]]+)\\]\\(([^()\\s]+)\\)", // 3, 4: link
    "\\*\\*(?=\\S)(.+?)\\*\\*(?!\\*)", // 5: bold
    "\\*(?=[^\\s*])([^*]+?)\\*", // 6: italic
    "<font\\s+color=[\"']?([#\\w]+)[\"']?\\s*>(.*?)</font>", // 7, 8: colour
    "&nbsp;?|&#160;?", // a space that stays
  ].join("|"),
  "gis",
);

function element(name, className, text) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function anchor(url, className) {
  const node = element(OPENABLE.test(url) ? "a" : "span", className);
  if (node.tagName === "A") {
    node.href = url;
    node.target = "_blank";
    node.rel = "noopener noreferrer";
  }
  node.title = url;
  return node;
}

// One of the drawings at the top of the page.
function icon(name, className) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#${name}`);
  svg.append(use);
  const node = element("span", className);
  node.append(svg);
  return node;
}

// Pictures are named, not loaded: this page asks no other host for anything.
function picture(url, words) {
  const node = anchor(url, "picture");
  let host = url;
  try {
    host = new URL(url).host || url;
  } catch {
    // A mediaId is no address; it is shown as it is.
  }
  node.append(icon("picture", "frame"), element("span", "", words || host));
  return node;
}

// Plain text with the mentions that work marked.
function plain(into, text, people) {
  let rest = text;
  while (rest) {
    let at = -1;
    let found = "";
    for (const sign of people) {
      const here = rest.indexOf(sign);
      if (here >= 0 && (at < 0 || here < at || (here === at && sign.length > found.length))) {
        [at, found] = [here, sign];
      }
    }
    if (at < 0) {
      into.append(rest);
      return;
    }
    into.append(rest.slice(0, at), element("span", "mention", found));
    rest = rest.slice(at + found.length);
  }
}

function inline(into, text, people, depth = 0) {
  let done = 0;
  const matches = depth < MAX_DEPTH ? text.matchAll(INLINE) : [];
  for (const match of matches) {
    plain(into, text.slice(done, match.index), people);
    done = match.index + match[0].length;
    const [, alt, source, words, url, bold, italic, colour, coloured] = match;
    if (source) {
      into.append(picture(source, alt));
    } else if (url) {
      const node = anchor(url, "link");
      inline(node, words, people, depth + 1);
      into.append(node);
    } else if (bold) {
      const node = element("strong");
      inline(node, bold, people, depth + 1);
      into.append(node);
    } else if (italic) {
      const node = element("em");
      inline(node, italic, people, depth + 1);
      into.append(node);
    } else if (colour) {
      const node = element("span", "coloured");
      if (COLOUR.test(colour)) node.style.color = colour;
      inline(node, coloured, people, depth + 1);
      into.append(node);
    } else {
      into.append("\u00a0");
    }
  }
  plain(into, text.slice(done), people);
}

// Lines of one paragraph: DingTalk breaks a line only after two spaces, else the lines run on.
function paragraph(lines, people) {
  const node = element("p");
  lines.forEach((line, n) => {
    inline(node, line.trim(), people);
    if (n + 1 < lines.length) node.append(/ {2}$/.test(line) ? element("br") : " ");
  });
  return node;
}

const BLOCKS = [
  { name: "quote", test: /^\s{0,3}>\s?/ },
  { name: "ul", test: /^\s{0,3}[-*+]\s+/ },
  { name: "ol", test: /^\s{0,3}\d{1,9}\.\s+/ },
];

function list(name, lines, test, people) {
  const node = element(name);
  if (name === "ol") node.start = Number.parseInt(lines[0], 10);
  for (const line of lines) {
    const item = element("li");
    inline(item, line.replace(test, "").trim(), people);
    node.append(item);
  }
  return node;
}

function markdown(text, people, depth = 0) {
  const into = document.createDocumentFragment();
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  let at = 0;
  const take = (test) => {
    const from = at;
    while (at < lines.length && test(lines[at])) at += 1;
    return lines.slice(from, at);
  };
  const kind = (line) => BLOCKS.find((block) => block.test.test(line));
  const heading = (line) => /^\s{0,3}(#{1,6})\s+(.*)$/.exec(line);
  while (at < lines.length) {
    const line = lines[at];
    const block = depth < MAX_DEPTH ? kind(line) : undefined;
    const head = heading(line);
    if (!line.trim()) {
      at += 1;
    } else if (head) {
      const node = element(`h${head[1].length}`);
      inline(node, head[2].trim(), people);
      into.append(node);
      at += 1;
    } else if (block && block.name === "quote") {
      const inner = take((one) => block.test.test(one)).map((one) => one.replace(block.test, ""));
      const node = element("blockquote");
      node.append(markdown(inner.join("\n"), people, depth + 1));
      into.append(node);
    } else if (block) {
      into.append(list(block.name, take((one) => block.test.test(one)), block.test, people));
    } else {
      const goes = (one) => one.trim() && !heading(one) && !(depth < MAX_DEPTH && kind(one));
      into.append(paragraph(take(goes), people));
    }
  }
  return into;
}
