// Turns an answer's plain text into paragraphs, lists and links.

import { el, link } from "./dom.js";

/** The longest message that the server takes. */
export const MOST_CHARACTERS = 2000;

const ADDRESS = /https:\/\/[^\s<>"'()]*[^\s<>"'().,;:!?]/g;

/** Returns the nodes for a text: every line is a paragraph; lines that begin with "- " make a list. */
export function prose(text) {
  const nodes = [];
  for (const line of text.split("\n").filter((line) => line.trim())) {
    const item = /^\s*[-•] (.*)/.exec(line);
    const last = nodes.at(-1);
    if (!item) nodes.push(el("p", inline(line)));
    else if (last?.tagName === "UL") last.append(el("li", inline(item[1])));
    else nodes.push(el("ul", el("li", inline(item[1]))));
  }
  return nodes;
}

function inline(line) {
  const parts = [];
  let end = 0;
  for (const match of line.matchAll(ADDRESS)) {
    parts.push(line.slice(end, match.index), link(match[0], match[0].replace(/^https:\/\/(www\.)?/, "")));
    end = match.index + match[0].length;
  }
  return [...parts, line.slice(end)];
}

const PERSONAL = [
  /[^\s@]+@[^\s@]+\.[a-z]{2,}/i,
  /(?:\+|\b)\d(?:[\s().-]*\d){8,14}\b/,
  /\b\d{1,4}([./-])\d\d?\1\d{2,4}\b/,
  /\b\d{3}-\d{4}\b/,
  /\b(born|birth|dob|nac[ií]).{0,25}\b(19|20)\d\d\b/i,
  // A day by the name of its month, in the years in which adults were born.
  /\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic)[a-z]*.{1,6}\b(19\d\d|200\d)\b/i,
];

/** Tells whether a text seems to hold an e-mail address, a phone number or a date of birth. */
export function looksPersonal(text) {
  return PERSONAL.some((pattern) => pattern.test(text));
}
