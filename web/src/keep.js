// Lets the visitor take the conversation along, to read or to bring to an appointment: as a text file or on paper.

import { el } from "./dom.js";

const PAPER =
  ".kc-part{font:medium/1.5 system-ui,sans-serif;white-space:pre-wrap;margin:1em}" +
  "@media screen{:host{display:none!important}}" +
  "@media print{body{display:none!important}}";

/** Returns the conversation as paragraphs of plain text. */
export function asText(title, entries, w) {
  const parts = entries.filter((entry) => entry.kind !== "note").map((entry) => part(entry, w));
  return [`${title}, ${new Date().toLocaleString()}`, w.$notice, ...parts];
}

function part({ kind, text, message }, w) {
  if (kind === "me") return `${w.$you} ${text}`;
  const sources = (message.sources || []).map(({ title, publisher, url }) => `  – ${title}, ${publisher}: ${url}`);
  const unapproved = message.approved === false && !message.crisis ? [`  (${w.$unapproved})`] : [];
  return [`${w.$bot} ${message.text}`, ...sources, ...unapproved].join("\n");
}

/** Offers the paragraphs as a file. */
export function save(parts) {
  const url = URL.createObjectURL(new Blob([parts.join("\n\n")], { type: "text/plain" }));
  el("a", { href: url, download: "chat.txt" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Prints the paragraphs instead of the page. */
export function printOut(parts) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(PAPER);
  const paper = el("div");
  const shadow = paper.attachShadow({ mode: "open" });
  shadow.append(...parts.map((words) => el("p.kc-part", { dir: "auto" }, words)));
  // One sheet for both: the page's body leaves the paper, and the paper stays off the screen.
  shadow.adoptedStyleSheets = [sheet];
  document.adoptedStyleSheets.push(sheet);
  document.documentElement.append(paper);
  const tidy = () => {
    paper.remove();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
  };
  // Phones still draw the paper after `afterprint`; a visitor who touches the page is done with it.
  for (const sign of ["pointerdown", "keydown"]) addEventListener(sign, tidy, { once: true });
  print();
}
