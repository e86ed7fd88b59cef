// Reads an answer aloud with the browser's own voice.

export const canSpeak = "speechSynthesis" in globalThis;

let speaking = null;

/** Starts to read the words, or stops if the same button is pressed again. */
export function speak(button, words) {
  const again = speaking === button;
  hush();
  if (again) return;
  speaking = button;
  button.setAttribute("aria-pressed", "true");
  // One paragraph at a time: some voices fall silent in the middle of a long text. The first child is no part of it.
  let voice;
  for (const part of [...words.children].slice(1)) {
    voice = new SpeechSynthesisUtterance(part.innerText);
    voice.lang = words.lang;
    speechSynthesis.speak(voice);
  }
  voice.onend = voice.onerror = () => speaking === button && hush();
}

/** Stops reading. */
export function hush() {
  if (!speaking) return;
  speaking.setAttribute("aria-pressed", "false");
  speaking = null;
  speechSynthesis.cancel();
}
