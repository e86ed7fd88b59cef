// Renders one entry of the conversation: the visitor's words, an answer, or a note.

import { chip, contactList, contactsFor } from "./contacts.js";
import { el, link } from "./dom.js";
import { canSpeak, speak } from "./speech.js";
import { prose } from "./text.js";

/** Returns the node for an entry. `chat` offers `w`, `language`, `region`, `retry(entry)`, `rate(entry, helpful)`. */
export function bubble(entry, chat) {
  const node = { me: mine, bot: answer, note }[entry.kind](entry, chat);
  node.dataset.id = entry.id;
  return node;
}

const hidden = (words) => el("span.sr", `${words} `);

function mine(entry, chat) {
  const { $w: w } = chat;
  const failed = entry.failed && [
    el("p.why", entry.failed),
    contactList(contactsFor(chat.$region, chat.$language), w),
    el("button.soft", { onclick: () => chat.$retry(entry) }, w.$retry),
  ];
  return el(
    "div.turn.me",
    el("div.bubble", { dir: "auto" }, hidden(w.$you), entry.text),
    failed && el("div.failed", failed),
  );
}

function note(entry, { $w: w }) {
  return el("p.note", w.$notes[entry.word]);
}

function answer(entry, chat) {
  const { $w: w } = chat;
  const { message } = entry;
  const [first, ...rest] = prose(message.text);
  const words = el(
    "div.words",
    { dir: "auto", lang: message.language },
    hidden(w.$bot),
    first,
    // In danger, the ways to help come before the long rest.
    message.contacts && contactList(message.contacts, w),
    rest,
  );
  return el(
    `div.turn.bot${message.crisis ? ".crisis" : ""}`,
    el("div.bubble", words, calls(message, w), footnotes(message, chat)),
    !message.crisis && actions(entry, words, chat),
  );
}

function calls(message, w) {
  const phones = (message.phones || []).map(({ number, tel }) => chip(`tel:${tel}`, w.$call(number)));
  return phones.length > 0 && el("p.chips", phones);
}

function footnotes(message, { $w: w, $language: language }) {
  const { sources, checked_on: checked } = message;
  const unapproved = message.approved === false && !message.crisis;
  return [
    sources &&
      el(
        "details.sources",
        el(
          "summary",
          [w.$sources(sources.length), checked && w.$checked(day(checked, language))].filter(Boolean).join(" · "),
        ),
        el(
          "ol",
          sources.map((source) => el("li", cited(source, w))),
        ),
      ),
    unapproved && el("p.fine", w.$unapproved),
  ];
}

function cited({ title, publisher, year, url }, w) {
  return [
    link(String(url), title, hidden(` ${w.$newTab}`)),
    ` ${[publisher, year].filter(Boolean).join(", ")}`,
  ];
}

function day(date, lang) {
  return new Date(`${date}T00:00Z`).toLocaleDateString(lang, { dateStyle: "medium", timeZone: "UTC" });
}

function actions(entry, words, chat) {
  const { $w: w } = chat;
  const { message, rated } = entry;
  const vote = (helpful, label) =>
    el("button", { "aria-pressed": String(rated === helpful), onclick: () => rate(helpful) }, label);
  const votes = message.sources ? [vote(true, w.$helpful), vote(false, w.$unhelpful)] : [];
  const listen = el("button", { onclick: () => speak(listen, words), "aria-pressed": "false" }, w.$listen);
  // Pressed in place: a bubble that is made anew would be read out again.
  function rate(helpful) {
    votes.forEach((button, index) => button.setAttribute("aria-pressed", helpful === !index));
    chat.$rate(entry, helpful);
  }
  return el("div.tools", votes, canSpeak && message.text && listen);
}
