// The chat's frame: launcher, panel, crisis bar, log, warnings and the line to write in.

import { contactList, REGIONS, ways } from "./contacts.js";
import { el, icon, link, ICONS } from "./dom.js";
import { MOST_CHARACTERS } from "./text.js";
import { NUMBERS } from "./words.js";

/** Builds the frame for a chat. Returns its nodes and the few things that change about them. */
export function layout(chat) {
  const { w } = chat;
  const title = chat.getAttribute("clinic") || w.$title;
  const log = el("div.log", { role: "log", "aria-live": "polite", "aria-label": w.$log });
  const offers = el("div.offers", { role: "group", "aria-label": w.$replies });
  const status = el("div.status", { role: "status" });
  const scroll = el("div.scroll", { tabindex: "0", role: "region", "aria-label": w.$log }, greeting(chat), log, offers);
  const crisisBar = el("div.crisis-bar", { role: "group", "aria-label": w.$help });
  const menu = menuOf(chat);
  const composer = composerOf(chat);
  const panel = el(
    "div.panel",
    { id: "panel", role: "dialog", "aria-labelledby": "title", "aria-describedby": "label", tabindex: "-1" },
    el(
      "div.head",
      null,
      el("span.mark", null, icon(ICONS.leaf)),
      el("div.names", null, el("h2", { id: "title" }, title), el("p", { id: "label" }, w.$label)),
      menu.button,
      el("button.round", { "aria-label": w.$close, onclick: () => chat.close() }, icon(ICONS.close)),
    ),
    menu.list,
    crisisBar,
    scroll,
    composer.warning,
    status,
    composer.form,
  );
  const launcher = el(
    "button.launcher",
    { "aria-expanded": "false", "aria-controls": "panel", onclick: () => chat.open() },
    icon(ICONS.chat),
    el("span", null, w.$launch),
  );
  const root = el("div.root", { lang: chat.language }, launcher, panel);
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.stopPropagation();
    if (!menu.close()) chat.close();
  });

  const turn = (id) => log.querySelector(`[data-id="${id}"]`);
  return {
    root,
    panel,
    launcher,
    log,
    input: composer.input,
    warn: composer.warn,
    busy: composer.busy,
    show(on) {
      panel.hidden = !on;
      launcher.hidden = on;
      launcher.setAttribute("aria-expanded", String(on));
    },
    status: (words) => {
      status.textContent = words;
    },
    offer(buttons, choose) {
      const chips = buttons.map((offer) => el("button.soft", { onclick: () => choose(offer) }, offer.title));
      offers.replaceChildren(...chips);
      offers.hidden = !chips.length;
    },
    crisis: (contacts, region) => fillCrisisBar(crisisBar, contacts, region, chat),
    clinic: (clinic) => menu.clinic(clinic),
    toEnd: () => scroll.scrollTo(0, scroll.scrollHeight),
    toStartOf: (id) => {
      scroll.scrollTop = turn(id).offsetTop - scroll.offsetTop - 12;
    },
    refocus: (id) => turn(id).querySelector("[aria-pressed=true]").focus(),
  };
}

function greeting(chat) {
  const { w } = chat;
  const privacy = chat.getAttribute("privacy");
  return el(
    "div.notice",
    null,
    el("p", null, w.$notice),
    el("p", null, w.$noticeSafe),
    privacy
      ? el("p", null, link(privacy, w.$privacy))
      : el("button.plain", { onclick: () => chat.choose({ title: w.$privacy, payload: "/privacy" }) }, w.$privacy),
  );
}

// The bar is rebuilt only when the country or language changes, so that focus in it is never lost.
function fillCrisisBar(bar, contacts, region, chat) {
  const { w, language } = chat;
  const key = `${region} ${language}`;
  if (bar.key === key) return;
  bar.key = key;
  const brief = contacts.slice(0, 2).flatMap((contact, index) => {
    const chips = ways(contact, w, true);
    return index && contact.name ? [el("span.name", null, contact.name), ...chips] : chips;
  });
  const wasOpen = bar.querySelector("details")?.open;
  bar.replaceChildren(
    el("strong", null, w.$help),
    el("span.chips", null, region ? brief : `${w.$emergency}: ${NUMBERS}`),
    el(
      "details",
      { open: wasOpen },
      el("summary", null, w.$more),
      contactList(contacts, w),
      el("label", null, `${w.$country} `, countryChoice(region, chat)),
    ),
  );
}

function countryChoice(region, chat) {
  const { w, language } = chat;
  const names = new Intl.DisplayNames([language], { type: "region" });
  const options = REGIONS.map((code) => [names.of(code), code])
    .sort()
    .map(([name, code]) => el("option", { value: code, selected: code === region }, name));
  const change = (event) => {
    chat.chooseRegion(event.target.value);
    chat.shadowRoot.querySelector(".crisis-bar select").focus();
  };
  return el("select", { onchange: change }, el("option", { value: "", selected: !region }, w.$elsewhere), options);
}

function menuOf(chat) {
  const { w } = chat;
  const call = el("p");
  const erase = el("button", { onclick: confirm }, w.$erase);
  const list = el(
    "div.menu",
    { id: "menu", hidden: true },
    call,
    el("button", { onclick: () => (close(), chat.save()) }, w.$save),
    el("button", { lang: chat.language === "es" ? "en" : "es", onclick: () => chat.switchLanguage() }, w.$language),
    erase,
  );
  const button = el(
    "button.round",
    { "aria-label": w.$menu, "aria-expanded": "false", "aria-controls": "menu", onclick: () => toggle(list.hidden) },
    icon(ICONS.menu),
  );
  function toggle(on) {
    list.hidden = !on;
    erase.textContent = w.$erase;
    button.setAttribute("aria-expanded", String(on));
  }
  function confirm() {
    const sure = erase.textContent === w.$eraseAsk;
    erase.textContent = w.$eraseAsk;
    if (!sure) return chat.view.status(w.$eraseAsk);
    close();
    chat.erase();
  }
  function close() {
    const wasOpen = !list.hidden;
    toggle(false);
    if (wasOpen) button.focus();
    return wasOpen;
  }
  const clinic = ({ phone }) => {
    const number = chat.getAttribute("phone") || phone;
    if (number) call.replaceChildren(link(`tel:${number.replace(/[^\d+]/g, "")}`, w.$clinicCall(number)));
  };
  clinic({});
  return { button, list, close, clinic };
}

function composerOf(chat) {
  const { w } = chat;
  const input = el("textarea", {
    rows: "1",
    maxlength: MOST_CHARACTERS,
    placeholder: w.$write,
    "aria-label": w.$write,
    dir: "auto",
  });
  const send = el("button.send", { "aria-label": w.$send }, icon(ICONS.send));
  const go = (sure) => {
    if (chat.submit(input.value, sure)) input.value = "";
  };
  const edit = el("button.soft", { onclick: () => (warn(false), input.focus()) }, w.$edit);
  const anyway = el("button.soft", { onclick: () => (go(true), input.focus()) }, w.$anyway);
  const warning = el("div.warning", { role: "alert" });
  const form = el("form.write", null, input, send);

  function warn(on) {
    warning.replaceChildren(...(on ? [el("p", null, w.$personal), edit, anyway] : []));
    if (on) edit.focus();
  }
  form.addEventListener("submit", (event) => (event.preventDefault(), go(false)));
  input.addEventListener("input", () => {
    if (warning.firstChild) warn(false);
    if (input.value.length >= MOST_CHARACTERS) chat.view.status(w.$long);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    go(false);
  });
  // Not `disabled`: that would take the focus away from who has just pressed it.
  const busy = (on) => send.setAttribute("aria-disabled", String(on));
  return { form, input, warning, warn, busy };
}
