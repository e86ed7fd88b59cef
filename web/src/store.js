// The conversation as this browser knows it: one copy per tab, the same in all tabs of the site, gone with the last.

const KEY = "ketamine-chat";
const IDLE_MS = 30 * 60 * 1000;
const MOST_ENTRIES = 80;

/** A new random id, also on pages without https. */
export const randomId = () => crypto.getRandomValues(new Uint32Array(4)).join("-");

const empty = () => ({ token: "", entries: [], open: false, region: "", lang: "", seen: 0 });

export class Store {
  /** `onchange()` is called after another tab changed the conversation. */
  constructor(onchange) {
    this.$onchange = onchange;
    this.$state = empty();
  }

  /** Takes up what this tab last kept, and listens to the other tabs. */
  $connect() {
    this.$disconnect();
    this.$state = this.#read() || this.$state;
    try {
      this.$channel = new BroadcastChannel(KEY);
      this.$channel.onmessage = ({ data }) => this.#hear(data);
      if (!this.$state.entries.length) this.$channel.postMessage({ ask: true });
    } catch {
      // Some browsers forbid it together with storage: then each tab has a chat of its own.
    }
  }

  $disconnect() {
    this.$channel?.close();
    this.$channel = null;
  }

  /** Forgets a conversation nobody used for half an hour, by a clock that may have been set back. */
  $expire() {
    if (this.$state.entries.length && Math.abs(Date.now() - this.$state.seen) > IDLE_MS) {
      this.$clear();
      this.$note("expired");
    }
  }

  $clear() {
    this.$change({ token: "", entries: [] });
  }

  /** Adds a note about the conversation itself; `word` is a key of `$notes`. */
  $note(word) {
    this.$add({ kind: "note", id: randomId(), word });
  }

  /** Merges changes, keeps them for the next page, and tells the other tabs. */
  $change(changes) {
    Object.assign(this.$state, changes, { seen: Date.now() });
    this.$state.entries = this.$state.entries.slice(-MOST_ENTRIES);
    this.#write();
    this.#tell();
  }

  $add(entry) {
    this.$change({ entries: [...this.$state.entries, entry] });
  }

  $edit(id, changes) {
    this.$change({ entries: this.$state.entries.map((entry) => (entry.id === id ? { ...entry, ...changes } : entry)) });
  }

  /** Whether the chat was open is each tab's own matter. */
  $setOpen(open) {
    this.$state.open = open;
    this.#write();
  }

  #tell() {
    const { token, entries, region, seen } = this.$state;
    this.$channel?.postMessage({ shared: { token, entries, region, seen } });
  }

  #hear({ ask, shared }) {
    if (ask && this.$state.entries.length) this.#tell();
    if (!shared || shared.seen < this.$state.seen) return;
    Object.assign(this.$state, shared);
    this.#write();
    this.$onchange();
  }

  #read() {
    try {
      const state = JSON.parse(sessionStorage.getItem(KEY));
      return Array.isArray(state.entries) && { ...empty(), ...state };
    } catch {
      return null;
    }
  }

  #write() {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(this.$state));
    } catch {
      // Storage may be full or switched off: the chat then lives as long as the page.
    }
  }
}
