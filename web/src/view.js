// The chat's frame: launcher, panel, crisis bar, log, warnings and the line to write in.

import { contactList, REGIONS, ways } from "./contacts.js";
import { el, icon, link, ICONS } from "./dom.js";
import { printOut, save } from "./keep.js";
import { MOST_CHARACTERS } from "./text.js";
import { NUMBERS } from "./words.js";

/** Builds the frame for a chat. Returns its nodes and the few things that change about them. */
export function layout(chat) {
  const { $w: w } = chat;
  const log = el("div.log", { role: "log", "aria-live": "polite", "aria-label": w.$log });
  const offers = el("div.offers", { role: "group", "aria-label": w.$replies });
  const status = el("div.status", { role: "status" });
  const tongue = el("p", { hidden: true }, w.$tongue);
  const notice = greeting(chat, tongue);
  const scroll = el("div.scroll", { tabindex: "0", role: "region", "aria-label": w.$log }, notice, log, offers);
  const crisisBar = el("div.crisis-bar", { role: "group", "aria-label": w.$help });
  const menu = menuOf(chat);
  const composer = composerOf(chat);
  const name = el("h2", { id: "title" });
  const panel = el(
    "dialog.panel",
    {
      "aria-labelledby": "title",
      "aria-describedby": "label",
      tabindex: "-1",
      onkeydown(event) {
        if (event.key !== "Escape" || event.isComposing) return;
        event.stopPropagation();
        event.preventDefault();
        if (!menu.close()) chat.close();
      },
      // A phone's gesture for "back" closes it as well.
      onclose: () => chat.close(),
      onclick({ target }) {
        if (!menu.button.contains(target) && !menu.list.contains(target)) menu.toggle(false);
      },
    },
    el(
      "div.head",
      el("span.mark", icon(ICONS.leaf)),
      el("div.names", name, el("p", { id: "label" }, w.$label)),
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
    { "aria-haspopup": "dialog", onclick: () => chat.open() },
    icon(ICONS.leaf),
    el("span", w.$launch),
  );
  const root = el("div.root", { lang: chat.$language }, launcher, panel);
  const say = (words) => {
    status.textContent = words;
  };
  return {
    $root: root,
    $name: name,
    $panel: panel,
    $launcher: launcher,
    $log: log,
    $input: composer.input,
    $warn: composer.warn,
    $show(on) {
      // Where it covers the whole screen, nothing behind it may take the focus.
      if (!on) panel.close();
      else if (!panel.open && matchMedia("(max-width: 30em)").matches) panel.showModal();
      else panel.open = true;
      launcher.hidden = on;
    },
    $status: say,
    $wait(on) {
      say(on ? w.$typing : "");
      // Not `disabled`: that would take the focus away from who has just pressed it.
      composer.button.setAttribute("aria-disabled", on);
    },
    $offer(buttons, choose, lang) {
      const chips = buttons.map((offer) => el("button.soft", { lang, onclick: () => choose(offer) }, offer.title));
      offers.replaceChildren(...chips);
      offers.hidden = !chips.length;
    },
    $crisis: (contacts, region) => fillCrisisBar(crisisBar, contacts, region, chat),
    $settings(settings) {
      const { clinic = {}, languages } = settings;
      name.textContent = chat.getAttribute("clinic") || clinic.name || w.$title;
      menu.clinic(clinic);
      tongue.hidden = !languages || languages.includes(chat.$language);
    },
    /** Keeps the panel to what a screen keyboard leaves in sight, so that the crisis bar is not pushed out. */
    $fit({ height, offsetTop, scale }) {
      // Who zooms in with two fingers looks around in a panel that must then stay still.
      if (scale > 1.01) return;
      panel.style.setProperty("--kc-height", `${height}px`);
      panel.style.setProperty("--kc-top", `${offsetTop}px`);
    },
    $toEnd: () => scroll.scrollTo(0, scroll.scrollHeight),
    $toStartOf: (id) => {
      const turn = [...log.children].find((node) => node.dataset.id === id);
      if (turn) scroll.scrollTop = turn.offsetTop - 12;
    },
  };
}

function greeting(chat, tongue) {
  const { $w: w } = chat;
  const privacy = chat.getAttribute("privacy");
  return el(
    "div.notice",
    el("p", w.$notice),
    el("p", w.$noticeSafe),
    tongue,
    privacy
      ? el("p", link(privacy, w.$privacy))
      : el("button.plain", { onclick: () => chat.$choose({ title: w.$privacy, payload: "/privacy" }) }, w.$privacy),
  );
}

// The bar is rebuilt only when the country or language changes, so that focus in it is never lost.
function fillCrisisBar(bar, contacts, region, chat) {
  const { $w: w, $language: language } = chat;
  const key = `${region} ${language}`;
  if (bar.key === key) return;
  bar.key = key;
  const brief = contacts.slice(0, 2).flatMap((contact, index) => {
    const chips = ways(contact, w, true);
    return index && contact.name ? [el("span.name", contact.name), ...chips] : chips;
  });
  const wasOpen = bar.querySelector("details")?.open;
  bar.replaceChildren(
    el("strong", w.$help),
    el(
      "details",
      { open: wasOpen },
      el("summary", w.$more),
      contactList(contacts, w),
      el("label", `${w.$country} `, countryChoice(region, chat)),
    ),
    el("span.chips", region ? brief : `${w.$emergency}: ${NUMBERS}`),
  );
}

function countryChoice(region, chat) {
  const { $w: w, $language: language } = chat;
  const names = new Intl.DisplayNames([language], { type: "region" });
  const options = REGIONS.map((code) => [names.of(code), code])
    .sort()
    .map(([name, code]) => el("option", { value: code, selected: code === region }, name));
  const change = (event) => {
    chat.$chooseRegion(event.target.value);
    chat.shadowRoot.querySelector(".crisis-bar select").focus();
  };
  return el("select", { onchange: change }, el("option", { value: "", selected: !region }, w.$elsewhere), options);
}

function menuOf(chat) {
  const { $w: w } = chat;
  const reach = el("div");
  const erase = el("button", { onclick: confirm }, w.$erase);
  const choice = (words, act, lang) => el("button", { lang, onclick: () => (close(), act()) }, words);
  const list = el(
    "div.menu",
    { id: "menu", hidden: true },
    reach,
    choice(w.$save, () => save(chat.$text)),
    choice(w.$print, () => printOut(chat.$text)),
    choice(w.$language, () => chat.$switchLanguage(), chat.$language === "es" ? "en" : "es"),
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
    button.setAttribute("aria-expanded", on);
  }
  function confirm({ detail }) {
    // The second half of a double click is no second thought.
    if (detail > 1) return;
    const sure = erase.textContent === w.$eraseAsk;
    erase.textContent = w.$eraseAsk;
    if (!sure) return chat.$view.$status(w.$eraseAsk);
    close();
    chat.$erase();
  }
  function close() {
    const wasOpen = !list.hidden;
    toggle(false);
    if (wasOpen) button.focus();
    return wasOpen;
  }
  const clinic = ({ phone, hours, booking_url: booking }) => {
    const number = chat.getAttribute("phone") || phone;
    const ways = [
      number && link(`tel:${number.replace(/[^\d+]/g, "")}`, w.$clinicCall(number)),
      number && hours && el("p.fine", hours),
      booking && link(booking, w.$book),
    ];
    reach.replaceChildren(...ways.filter(Boolean));
  };
  return { button, list, toggle, close, clinic };
}

function composerOf(chat) {
  const { $w: w } = chat;
  const input = el("textarea", {
    rows: "1",
    maxlength: MOST_CHARACTERS,
    placeholder: w.$write,
    "aria-label": w.$write,
    dir: "auto",
    oninput() {
      grow();
      if (warning.firstChild) warn(false);
      if (input.value.length >= MOST_CHARACTERS) chat.$view.$status(w.$long);
    },
    onkeydown(event) {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) send(event);
    },
  });
  const button = el("button.send", { "aria-label": w.$send }, icon(ICONS.send));
  const edit = el("button.soft", { onclick: () => (warn(false), input.focus()) }, w.$edit);
  const anyway = el("button.soft", { onclick: (event) => (send(event, true), input.focus()) }, w.$anyway);
  const warning = el("div.warning", { role: "alert" });
  const form = el("form.write", { onsubmit: (event) => send(event) }, input, button);

  function send(event, sure) {
    event.preventDefault();
    if (!chat.$submit(input.value, sure)) return;
    input.value = "";
    grow();
  }
  // For browsers that can't do it by `field-sizing`.
  function grow() {
    input.rows = Math.min(5, 1 + input.value.length / 32);
  }
  function warn(on) {
    warning.replaceChildren(...(on ? [el("p", w.$personal), edit, anyway] : []));
    if (on) edit.focus();
  }
  return { form, input, button, warning, warn };
}
