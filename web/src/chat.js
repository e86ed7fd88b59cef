// The web component: what happens. How it looks is in view.js, bubbles.js and chat.css.

import sheetText from "./chat.css";
import { bubble } from "./bubbles.js";
import { contactsFor, REGIONS } from "./contacts.js";
import { asText, save } from "./keep.js";
import { Server } from "./server.js";
import { hush } from "./speech.js";
import { randomId, Store } from "./store.js";
import { looksPersonal } from "./text.js";
import { readable } from "./theme.js";
import { layout } from "./view.js";
import { WORDS } from "./words.js";

export class KetamineChat extends HTMLElement {
  static home = "";
  #server;
  #store;
  #waiting = 0;
  #expired = false;

  connectedCallback() {
    if (this.shadowRoot) return;
    this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(sheetText);
    this.shadowRoot.adoptedStyleSheets = [sheet];
    this.#server = new Server(this.getAttribute("server") || KetamineChat.home);
    this.#store = new Store(() => this.refresh());
    this.settings = {};
    this.#expired = this.#store.expire();
    this.#draw();
    this.#checkAccent();
    addEventListener("online", () => this.#resend());
    if (this.#store.state.open) this.open({ focus: false });
    // A message that was under way when the last page closed; the server knows its id and does not answer it twice.
    const last = this.#store.state.entries.at(-1);
    if (last?.kind === "me" && !last.failed) this.#deliver(last);
  }

  get language() {
    const wanted = this.#store.state.lang || this.getAttribute("lang") || document.documentElement.lang || "en";
    return wanted.slice(0, 2).toLowerCase() in WORDS ? wanted.slice(0, 2).toLowerCase() : "en";
  }

  get w() {
    return WORDS[this.language];
  }

  /** The country whose contacts are shown: the visitor's choice, the page's, the clinic's. */
  get region() {
    const wanted = this.#store.state.region || this.getAttribute("region") || this.settings.country || "";
    return REGIONS.includes(wanted.toUpperCase()) ? wanted.toUpperCase() : "";
  }

  // ---- The public interface: open(), close(), ask(text), and the events kc-open, kc-close, kc-answer.

  open({ focus = true } = {}) {
    if (this.#store.expire() || this.#expired) this.#startAfresh();
    this.view.show(true);
    this.#store.setOpen(true);
    this.#loadSettings();
    this.refresh();
    this.view.toEnd();
    // On a touch screen the keyboard would cover half of what there is to read.
    if (focus) (matchMedia("(pointer: coarse)").matches ? this.view.panel : this.view.input).focus();
    this.#tell("kc-open");
  }

  close() {
    hush();
    this.view.show(false);
    this.#store.setOpen(false);
    this.view.launcher.focus();
    this.#tell("kc-close");
  }

  ask(text) {
    this.open();
    return this.#send(String(text));
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  // ---- Drawing

  #draw() {
    this.view?.root.remove();
    this.view = layout(this);
    this.shadowRoot.append(this.view.root);
    this.view.show(this.#store.state.open);
    this.refresh();
  }

  /** Brings the log into step with the store; nodes that did not change stay, so nothing is read out twice. */
  refresh() {
    const { log, panel } = this.view;
    if (panel.hidden) return;
    const { entries } = this.#store.state;
    const present = new Map([...log.children].map((node) => [node.dataset.id, node]));
    entries.forEach((entry, index) => {
      const old = present.get(entry.id);
      present.delete(entry.id);
      const state = JSON.stringify([entry, this.language, entry.failed && this.region]);
      if (old?.state === state) return;
      const node = bubble(entry, this);
      node.state = state;
      if (old) old.replaceWith(node);
      else log.insertBefore(node, log.children[index] || null);
    });
    for (const node of present.values()) node.remove();
    this.view.offer(this.#waiting ? [] : this.#offers(), (offer) => this.choose(offer));
    this.view.crisis(contactsFor(this.region, this.language), this.region);
  }

  #offers() {
    const last = this.#store.state.entries.at(-1);
    if (last?.kind === "bot") return last.message.buttons || [];
    return last && last.kind !== "note" ? [] : this.settings.starters || [];
  }

  #checkAccent() {
    const style = getComputedStyle(this);
    const accent = style.getPropertyValue("--kc-accent").trim();
    const onAccent = style.getPropertyValue("--kc-on-accent").trim() || "#fff";
    this.toggleAttribute("plain", Boolean(accent) && !readable(accent, onAccent));
  }

  async #loadSettings() {
    if (this.settings.starters) return;
    try {
      this.settings = (await this.#server.settings()) || {};
      this.view.clinic(this.settings.clinic || {});
      this.refresh();
    } catch {
      // Without the server there are no starters; the crisis bar does not depend on them.
    }
  }

  #startAfresh() {
    this.#expired = false;
    this.#store.add({ kind: "note", id: randomId(), word: "expired" });
  }

  // ---- Sending

  /** Takes what the visitor typed; asks first where it seems to hold personal details. */
  submit(text, sure) {
    const words = text.trim();
    if (!words || this.#waiting) return false;
    if (!sure && looksPersonal(words)) {
      this.view.warn(true);
      return false;
    }
    this.view.warn(false);
    this.#send(words);
    return true;
  }

  choose({ title, payload }) {
    this.view.input.focus({ preventScroll: true });
    this.#send(title, payload);
  }

  async #send(text, payload) {
    if (this.#store.expire()) this.#startAfresh();
    const entry = { kind: "me", id: randomId(), text, payload };
    this.#store.add(entry);
    await this.#deliver(entry);
  }

  async retry(entry) {
    this.#store.edit(entry.id, { failed: "", reason: "" });
    this.view.input.focus({ preventScroll: true });
    await this.#deliver(entry);
  }

  #resend() {
    const waiting = this.#store.state.entries.find((entry) => entry.reason === "offline");
    if (waiting) this.retry(waiting);
  }

  async #deliver(entry) {
    this.#waiting++;
    this.view.status(this.w.$typing);
    this.view.busy(true);
    this.refresh();
    this.view.toEnd();
    try {
      const answer = await this.#server.ask(this.#request(entry));
      // Deleted while it was under way: then nothing is to come back.
      if (this.#store.state.entries.some(({ id }) => id === entry.id)) this.#receive(answer);
      else this.#server.post("erase", answer);
    } catch (error) {
      this.#fail(entry, error);
    }
    this.#waiting--;
    this.view.status("");
    this.view.busy(false);
    this.refresh();
  }

  #request({ id, text, payload }) {
    const { token } = this.#store.state;
    const page = location.pathname.slice(0, 64);
    return { message: payload || text, id, session: token, language: this.language, region: this.region, page };
  }

  #receive({ session, messages }) {
    const entries = messages.map((message) => ({ kind: "bot", id: message.id, message }));
    this.#store.change({ token: session, entries: [...this.#store.state.entries, ...entries] });
    this.refresh();
    this.view.toStartOf(entries[0].id);
    for (const { message } of entries) this.#tell("kc-answer", { topic: message.topic, crisis: message.crisis });
  }

  #fail(entry, { reason, wait, body }) {
    const { w } = this;
    const failed = { offline: w.$offline, busy: w.$busy(wait) }[reason] || w.$down;
    this.#store.edit(entry.id, { failed, reason });
    // The server read the message for danger although it could not pass it on.
    if (body?.crisis) this.#store.add({ kind: "bot", id: randomId(), message: { ...body, language: this.language } });
    this.refresh();
    this.view.toEnd();
  }

  // ---- What the visitor can do with the conversation

  async rate(entry, helpful) {
    this.#store.edit(entry.id, { rated: helpful });
    this.refresh();
    this.view.refocus(entry.id);
    this.view.status(this.w.$thanks);
    const { token } = this.#store.state;
    const { topic, content_version: version } = entry.message;
    await this.#server.post("feedback", { session: token, topic, helpful, version }).catch(() => null);
  }

  async erase() {
    const { token } = this.#store.state;
    const gone = !token || (await this.#server.post("erase", { session: token }).catch(() => null));
    hush();
    this.#store.clear();
    this.#store.add({ kind: "note", id: randomId(), word: gone ? "erased" : "erasedHere" });
    this.refresh();
    this.view.input.focus();
  }

  save() {
    save(asText(this.#store.state.entries, this.w));
  }

  chooseRegion(region) {
    this.#store.change({ region });
    this.refresh();
  }

  switchLanguage() {
    this.#store.change({ lang: this.language === "es" ? "en" : "es" });
    const typed = this.view.input.value;
    this.#draw();
    this.view.clinic(this.settings.clinic || {});
    this.view.input.value = typed;
    this.view.input.focus();
  }
}
