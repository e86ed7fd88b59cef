// Reads an answer aloud with the browser's own voice.

export const canSpeak = "speechSynthesis" in globalThis;

let speaking = null;

/** Starts to read the words, or stops if the same button is pressed again. */
export function speak(button, words) {
  const again = speaking === button;
  hush();
  if (again) return;
  const voice = new SpeechSynthesisUtterance(
    [...words.children]
      .slice(1)
      .map((part) => part.innerText)
      .join("\n"),
  );
  voice.lang = words.lang || "en";
  voice.onend = voice.onerror = () => speaking === button && hush();
  speaking = button;
  button.setAttribute("aria-pressed", "true");
  speechSynthesis.speak(voice);
}

/** Stops reading. */
export function hush() {
  if (!speaking) return;
  speaking.setAttribute("aria-pressed", "false");
  speaking = null;
  speechSynthesis.cancel();
}
