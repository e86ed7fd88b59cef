// Keeps a clinic's own accent colour only where words stay readable on it.

const LEAST_CONTRAST = 4.5;
const SURFACE = "#fbf9f5"; // the darker of the two light surfaces

/** Returns whether an accent can carry its text, and be text on the widget's light surfaces. */
export function readable(accent, onAccent) {
  const colour = luminance(accent);
  return [onAccent, SURFACE].every((other) => contrast(colour, luminance(other)) >= LEAST_CONTRAST);
}

function contrast(a, b) {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** WCAG relative luminance of any CSS colour; half-transparent and unknown ones count as mid grey, and so fail. */
function luminance(colour) {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  context.fillStyle = "#8080"; // stays where the colour is not understood
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [r, g, b, alpha] = context.getImageData(0, 0, 1, 1).data;
  if (alpha < 255) return 0.18;
  // Without the straight piece that the formula has for near black: it moves no contrast by a hundredth part.
  const part = (value) => ((value / 255 + 0.055) / 1.055) ** 2.4;
  return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
}
