// Lets the visitor take the conversation along: as a text file, to read, print or bring to an appointment.

import { el } from "./dom.js";

/** Returns the conversation as plain text. */
export function asText(entries, w) {
  const parts = entries.filter((entry) => entry.kind !== "note").map((entry) => part(entry, w));
  return [w.$notice, new Date().toLocaleString(), ...parts].join("\n\n");
}

function part({ kind, text, message }, w) {
  if (kind === "me") return `${w.$you} ${text}`;
  const sources = (message.sources || []).map(({ title, publisher, url }) => `  – ${title}, ${publisher}: ${url}`);
  const unapproved = message.approved === false && !message.crisis ? [`  (${w.$unapproved})`] : [];
  return [`${w.$bot} ${message.text}`, ...sources, ...unapproved].join("\n");
}

/** Offers the text as a file. */
export function save(text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  el("a", { href: url, download: "chat.txt" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
