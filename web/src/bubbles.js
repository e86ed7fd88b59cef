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

const NOTES = { expired: (w) => w.$expired, erased: (w) => w.$erased, erasedHere: (w) => w.$erasedHere };

const hidden = (words) => el("span.sr", null, `${words} `);

function mine(entry, chat) {
  const { w } = chat;
  const failed = entry.failed && [
    el("p.why", null, entry.failed),
    contactList(contactsFor(chat.region, chat.language), w),
    el("button.soft", { onclick: () => chat.retry(entry) }, w.$retry),
  ];
  return el(
    "div.turn.me",
    null,
    el("div.bubble", { dir: "auto" }, hidden(w.$you), entry.text),
    failed && el("div.failed", null, failed),
  );
}

function note(entry, { w }) {
  return el("p.note", null, NOTES[entry.word](w));
}

function answer(entry, chat) {
  const { w } = chat;
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
    message.crisis ? "div.turn.bot.crisis" : "div.turn.bot",
    null,
    el("div.bubble", null, words, calls(message, w), footnotes(message, chat)),
    message.crisis ? null : actions(entry, words, chat),
  );
}

function calls(message, w) {
  const phones = (message.phones || []).map(({ number, tel }) => chip(`tel:${tel}`, w.$call(number)));
  return phones.length > 0 && el("p.chips", null, phones);
}

function footnotes(message, { w, language }) {
  const { sources, checked_on: checked } = message;
  const unapproved = message.approved === false && !message.crisis;
  return [
    sources &&
      el(
        "details.sources",
        null,
        el(
          "summary",
          null,
          [w.$sources(sources.length), checked && w.$checked(day(checked, language))].filter(Boolean).join(" · "),
        ),
        el(
          "ol",
          null,
          sources.map((source) => el("li", null, cited(source, w))),
        ),
      ),
    unapproved && el("p.fine", null, w.$unapproved),
  ];
}

function cited({ title, publisher, year, url }, w) {
  return [
    link(String(url), title, hidden(` ${w.$newTab}`)),
    el("span", null, ` ${[publisher, year].filter(Boolean).join(", ")}`),
  ];
}

function day(date, lang) {
  return new Date(`${date}T00:00Z`).toLocaleDateString(lang, { dateStyle: "medium", timeZone: "UTC" });
}

function actions(entry, words, chat) {
  const { w } = chat;
  const { message, rated } = entry;
  const rate = (helpful, label) =>
    el("button", { "aria-pressed": String(rated === helpful), onclick: () => chat.rate(entry, helpful) }, label);
  const listen = el("button", { onclick: () => speak(listen, words), "aria-pressed": "false" }, w.$listen);
  const tools = [message.sources && [rate(true, w.$helpful), rate(false, w.$unhelpful)], canSpeak && listen];
  return el("div.tools", { "aria-live": "off" }, tools.flat());
}
