// Bundles the widget into dist/widget.js, checks its size, and prints it.
import { readFile, writeFile, mkdir } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { minify } from "terser";

const MOST_BYTES = 12 * 1024;
const TARGET = ["chrome111", "firefox113", "safari16.4"];

const css = {
  name: "minified-css",
  setup(builder) {
    builder.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true, target: TARGET });
      return { contents: shorten(code.trim()), loader: "text" };
    });
  },
};

/** Gives the sheet's own variables one-letter names; those that pages may set (--kc-…) keep theirs. */
function shorten(code) {
  const names = [...new Set(code.match(/--(?!kc-)[a-z-]+(?=:)/g))];
  const short = (name) => (names.includes(name) ? `--${String.fromCharCode(97 + names.indexOf(name))}` : name);
  return code
    .replace(/--[a-z-]+/g, short)
    .replace(/(--[a-z-]+): /g, "$1:")
    .replaceAll(", ", ",");
}

const result = await build({
  entryPoints: ["src/main.js"],
  bundle: true,
  minify: true,
  format: "iife",
  target: TARGET,
  charset: "utf8",
  legalComments: "none",
  mangleProps: /^\$/,
  plugins: [css],
  loader: { ".txt": "text" },
  write: false,
});
// esbuild bundles; terser finds two hundredths more to leave out, and every byte counts on a phone.
const { code } = await minify(result.outputFiles[0].text, { ecma: 2022, compress: { passes: 3 } });
const packed = gzipSync(code, { level: 9 }).length;
console.log(`Chat widget: ${Buffer.byteLength(code)} bytes, ${packed} compressed (at most ${MOST_BYTES}).`);
if (packed > MOST_BYTES) {
  console.error("The widget is too large.");
  process.exit(1);
}
await mkdir("dist", { recursive: true });
await writeFile("dist/widget.js", code);
