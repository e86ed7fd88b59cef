// Talks to the assistant's `web` channel. Bodies go as plain text, which spares browsers the question before.

const TIMEOUT_MS = 30_000;
const PAUSES_MS = [1000, 3000];

/** Why a message did not get through: `offline`, `down` or `busy`; `body` holds what the server said. */
const failure = (reason, body, wait = 30) => Object.assign(new Error(), { reason, body, wait });

export class Server {
  constructor(base) {
    this.base = base;
  }

  /** Asks once, by POST where there is a body; resolves with the JSON answer. */
  async $call(path, body) {
    const response = await fetch(`${this.base}/${path}`, {
      method: body ? "POST" : "GET",
      body: body && JSON.stringify(body),
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer = await response.json().catch(() => null);
    if (response.ok && answer) return answer;
    throw failure(response.status === 429 ? "busy" : "down", answer, answer?.retry_after);
  }

  /** Posts a message; tries again where the network failed. The message's id keeps it from being answered twice. */
  async $ask(body) {
    for (let attempt = 0; ; attempt++) {
      if (navigator.onLine === false) throw failure("offline");
      try {
        return await this.$call("webhook", body);
      } catch (error) {
        if (error.reason) throw error;
        const timedOut = error.name === "TimeoutError";
        if (timedOut || attempt >= PAUSES_MS.length) throw failure("down");
        await new Promise((done) => setTimeout(done, PAUSES_MS[attempt]));
      }
    }
  }
}
