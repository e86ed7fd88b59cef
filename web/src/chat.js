// The web component: what happens. How it looks is in view.js, bubbles.js and chat.css.

import sheetText from "./chat.css";
import { bubble } from "./bubbles.js";
import { contactsFor, REGIONS } from "./contacts.js";
import { asText } from "./keep.js";
import { Server } from "./server.js";
import { hush } from "./speech.js";
import { randomId, Store } from "./store.js";
import { looksPersonal } from "./text.js";
import { layout } from "./view.js";
import { WORDS } from "./words.js";

export class KetamineChat extends HTMLElement {
  static home = "";
  #server;
  #store;
  #waiting = 0;
  #life;

  connectedCallback() {
    if (!this.shadowRoot) this.#setUp();
    this.#life = new AbortController();
    const { signal } = this.#life;
    this.#takeUp();
    addEventListener("online", () => this.#resend(), { signal });
    // Back from the browser's cache of pages: another page may have gone on with the conversation.
    addEventListener("pageshow", ({ persisted }) => persisted && this.#takeUp(), { signal });
    for (const change of ["resize", "scroll"])
      visualViewport.addEventListener(change, () => this.$view.$fit(visualViewport), { signal });
    // A message that was under way when the last page closed; the server knows its id and does not answer it twice.
    const last = this.#store.$state.entries.at(-1);
    if (last?.kind === "me" && !last.failed) this.#deliver(last);
    this.#resend();
  }

  disconnectedCallback() {
    hush();
    this.#life.abort();
    this.#store.$disconnect();
  }

  #setUp() {
    this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(sheetText);
    this.shadowRoot.adoptedStyleSheets = [sheet];
    this.#server = new Server(this.getAttribute("server") || KetamineChat.home);
    this.#store = new Store(() => this.$refresh());
    this.$settings = {};
  }

  #takeUp() {
    this.#store.$connect();
    this.#store.$expire();
    this.#draw();
    if (this.#store.$state.open) this.open({ focus: false });
  }

  get $language() {
    const wanted = this.#store.$state.lang || this.getAttribute("lang") || document.documentElement.lang;
    const code = wanted.slice(0, 2).toLowerCase();
    return code in WORDS ? code : "en";
  }

  get $w() {
    return WORDS[this.$language];
  }

  /** The country whose contacts are shown: the visitor's choice, the page's, the clinic's. */
  get $region() {
    const wanted = this.#store.$state.region || this.getAttribute("region") || this.$settings.country || "";
    const code = wanted.toUpperCase();
    return REGIONS.includes(code) ? code : "";
  }

  // ---- The public interface: open(), close(), ask(text), and the events kc-open, kc-close, kc-answer.

  open({ focus = true } = {}) {
    this.#store.$expire();
    this.$view.$show(true);
    this.#store.$setOpen(true);
    this.#loadSettings();
    this.$refresh();
    this.$view.$toEnd();
    // On a touch screen the keyboard would cover half of what there is to read.
    const { $panel, $input } = this.$view;
    if (focus || $panel.matches(":modal")) (matchMedia("(pointer: coarse)").matches ? $panel : $input).focus();
    this.#tell("kc-open");
  }

  close() {
    if (!this.#store.$state.open) return;
    hush();
    this.$view.$show(false);
    this.#store.$setOpen(false);
    this.$view.$launcher.focus();
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
    hush();
    this.$view?.$root.remove();
    this.$view = layout(this);
    this.shadowRoot.append(this.$view.$root);
    this.$view.$settings(this.$settings);
    this.$view.$show(this.#store.$state.open);
    this.$refresh();
  }

  /** Brings the log into step with the store; nodes that did not change stay, so nothing is read out twice. */
  $refresh() {
    const { $log, $panel } = this.$view;
    if (!$panel.open) return;
    const { entries } = this.#store.$state;
    const present = new Map([...$log.children].map((node) => [node.dataset.id, node]));
    entries.forEach((entry, index) => {
      const old = present.get(entry.id);
      present.delete(entry.id);
      const state = JSON.stringify([{ ...entry, rated: 0 }, this.$language, entry.failed && this.$region]);
      if (old?.$state === state) return;
      const node = bubble(entry, this);
      node.$state = state;
      if (old) old.replaceWith(node);
      else $log.insertBefore(node, $log.children[index] || null);
    });
    for (const node of present.values()) node.remove();
    const lang = entries.at(-1)?.message?.language || "en";
    this.$view.$offer(this.#waiting ? [] : this.#offers(), (offer) => this.$choose(offer), lang);
    this.$view.$crisis(contactsFor(this.$region, this.$language), this.$region);
  }

  #offers() {
    const last = this.#store.$state.entries.at(-1);
    if (last?.kind === "bot") return last.message.buttons || [];
    return last && last.kind !== "note" ? [] : this.$settings.starters || [];
  }

  async #loadSettings() {
    if (this.$settings.starters) return;
    try {
      this.$settings = await this.#server.$call("settings");
      this.$view.$settings(this.$settings);
      this.$refresh();
    } catch {
      // Without the server there are no starters; the crisis bar does not depend on them.
    }
  }

  // ---- Sending

  /** Takes what the visitor typed; asks first where it seems to hold personal details. */
  $submit(text, sure) {
    const words = text.trim();
    if (!words || this.#waiting) return false;
    if (!sure && looksPersonal(words)) {
      this.$view.$warn(true);
      return false;
    }
    this.$view.$warn(false);
    this.#send(words);
    return true;
  }

  $choose({ title, payload }) {
    if (this.#waiting) return;
    this.$view.$input.focus({ preventScroll: true });
    this.#send(title, payload);
  }

  async #send(text, payload) {
    this.#store.$expire();
    const entry = { kind: "me", id: randomId(), text, payload };
    this.#store.$add(entry);
    await this.#deliver(entry);
  }

  $retry(entry) {
    this.$view.$input.focus({ preventScroll: true });
    return this.#again(entry);
  }

  #again(entry) {
    this.#store.$edit(entry.id, { failed: "", reason: "" });
    return this.#deliver(entry);
  }

  async #resend() {
    if (navigator.onLine === false) return;
    for (const entry of this.#store.$state.entries) if (entry.reason === "offline") await this.#again(entry);
  }

  async #deliver(entry) {
    this.#wait(1);
    this.$view.$toEnd();
    try {
      const answer = await this.#server.$ask(this.#request(entry));
      // Deleted while it was under way: then nothing is to come back.
      if (this.#has(entry)) this.#receive(answer);
      else await this.#server.$call("erase", { session: answer.session });
    } catch (error) {
      this.#fail(entry, error);
    }
    this.#wait(-1);
  }

  /** Counts the messages under way, and shows whether there are any. */
  #wait(more) {
    this.#waiting += more;
    this.$view.$wait(this.#waiting > 0);
    this.$refresh();
  }

  #request({ id, text, payload }) {
    const { token } = this.#store.$state;
    const page = location.pathname.slice(0, 64);
    return { message: payload || text, id, session: token, language: this.$language, region: this.$region, page };
  }

  #has({ id }) {
    return this.#store.$state.entries.some((entry) => entry.id === id);
  }

  #receive({ session, messages }) {
    const entries = messages.map((message) => ({ kind: "bot", id: message.id, message }));
    // What can't be shown is no answer, and must not be kept.
    const [first] = entries.map((entry) => bubble(entry, this));
    // Two tabs may have asked for the same answer.
    const fresh = entries.filter((entry) => !this.#has(entry));
    this.#store.$change({ token: session, entries: [...this.#store.$state.entries, ...fresh] });
    this.$refresh();
    this.$view.$toStartOf(first.dataset.id);
    for (const { message } of fresh) this.#tell("kc-answer", { topic: message.topic, crisis: message.crisis });
  }

  #fail(entry, { reason, wait, body }) {
    const { $w: w } = this;
    const failed = { offline: w.$offline, busy: w.$busy(wait) }[reason] || w.$down;
    this.#store.$edit(entry.id, { failed, reason });
    // The server read the message for danger although it could not pass it on.
    if (body?.crisis) this.#store.$add({ kind: "bot", id: randomId(), message: { ...body, language: this.$language } });
    this.$refresh();
    this.$view.$toEnd();
  }

  // ---- What the visitor can do with the conversation

  async $rate(entry, helpful) {
    const { token, entries } = this.#store.$state;
    if (entries.find(({ id }) => id === entry.id)?.rated === helpful) return;
    this.#store.$edit(entry.id, { rated: helpful });
    this.$view.$status(this.$w.$thanks);
    const { topic, content_version: version } = entry.message;
    await this.#server.$call("feedback", { session: token, topic, helpful, version }).catch(() => null);
  }

  async $erase() {
    const { token } = this.#store.$state;
    hush();
    this.#store.$clear();
    this.$refresh();
    const gone = !token || (await this.#server.$call("erase", { session: token }).catch(() => null));
    this.#store.$note(gone ? "erased" : "erasedHere");
    this.$refresh();
    this.$view.$input.focus();
  }

  /** The conversation as paragraphs of plain text. */
  get $text() {
    return asText(this.$view.$name.textContent, this.#store.$state.entries, this.$w);
  }

  $chooseRegion(region) {
    this.#store.$change({ region });
    this.$refresh();
  }

  $switchLanguage() {
    this.#store.$change({ lang: this.$language === "es" ? "en" : "es" });
    const typed = this.$view.$input.value;
    this.#draw();
    this.$view.$input.value = typed;
    this.$view.$input.focus();
  }
}
