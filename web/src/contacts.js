// Emergency numbers and helplines, built into the file so that they are there when nothing else is.

import { el, link } from "./dom.js";
import lines from "./generated/contacts.txt";

const known = {};
for (const line of lines.split("\n")) {
  const [codes, ...contacts] = line.split("|");
  for (const code of codes.split(" ")) known[code] = contacts;
}

/** Codes of all countries whose emergency number is known. */
export const REGIONS = Object.keys(known).filter(Boolean);

/** Returns `[{name, call, text, chat_url}]` for a country, the emergency number first; "" is any country. */
export function contactsFor(region, lang) {
  const [emergency, ...services] = known[region];
  if (region && services.length < 2) services.push(known[""][1]);
  const named = services.map((service) => {
    const [name, ...ways] = service.split("~");
    const [call, text, chat] = ways.slice(lang === "es" && ways.length > 3 ? 3 : 0);
    return { name, call, text, chat_url: chat && `https://${chat}` };
  });
  return emergency ? [{ id: "emergency", call: emergency }, ...named] : named;
}

// "988, press 2" is shown as it is where there is room; the link and the narrow bar take the number alone.
const number = (words) => /[*#+]?\(?\d[\d\s()*-]*/.exec(words || "")?.[0].trim() || "";
const dialable = (words) => number(words).replace(/[\s()-]/g, "");

/** Returns a link that looks like a button. */
export function chip(href, words, label) {
  const node = link(href, words);
  node.className = "chip";
  if (label) node.setAttribute("aria-label", `${words}, ${label}`);
  return node;
}

function nameOf(contact, w) {
  return contact.id === "emergency" ? w.$emergency : contact.name || w.$line;
}

/** Returns the chips by which one contact is reached; `brief` leaves out what is not a number. */
export function ways(contact, w, brief) {
  const { call, text, whatsapp, chat_url: url } = contact;
  const name = nameOf(contact, w);
  const [, word, to] = /^(\S+) to (.+)$/.exec(text || "") || [0, "", text];
  const body = word ? `?&body=${encodeURIComponent(word)}` : "";
  return [
    call && chip(`tel:${dialable(call)}`, w.$call(brief ? number(call) : call), name),
    to && chip(`sms:${dialable(to)}${body}`, w.$text(text), name),
    whatsapp && chip(`https://wa.me/${dialable(whatsapp)}`, `WhatsApp ${whatsapp}`, name),
    url && !(brief && (call || text)) && chip(url, w.$chat, `${name} ${w.$newTab}`),
  ].filter(Boolean);
}

/** Returns a list of contacts with their chips. */
export function contactList(contacts, w) {
  const rows = contacts.map((contact) =>
    el(
      "li",
      el("span.name", nameOf(contact, w), contact.audience && ` (${contact.audience})`),
      el("span.chips", ways(contact, w)),
    ),
  );
  return el("ul.contacts", rows);
}
