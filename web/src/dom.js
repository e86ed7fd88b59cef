// Builds elements node by node: text never becomes markup, so Trusted Types and hostile words have nothing to bite on.

const SVG = "http://www.w3.org/2000/svg";

/** Makes an element from "tag.class", perhaps `on…` handlers and attributes (falsy ones are left out), and children. */
export function el(name, ...children) {
  const props = children[0]?.constructor === Object ? children.shift() : {};
  const [tag, ...classes] = name.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(props)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value || value === "") node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(2).filter((child) => child));
  return node;
}

/** Makes a line icon from the paths of a 24×24 drawing. */
export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

const LINK_SCHEMES = /^(https?:\/\/|tel:|sms:|mailto:)/i;

/** Makes a link, or plain text where the address has no harmless scheme. */
export function link(href, ...children) {
  if (!LINK_SCHEMES.test(href)) return el("span", null, ...children);
  const outside = /^http/i.test(href);
  return el("a", { href, target: outside && "_blank", rel: outside && "noopener noreferrer" }, ...children);
}

export const ICONS = {
  close: "M6 6l12 12M18 6 6 18",
  menu: "M5 7h14M5 12h14M5 17h14",
  send: "M5 12h13M12 6l6 6-6 6",
  leaf: "M5 20c0-10 5-15 15-15 0 11-5 16-13 14M5 20c2-5 5-8 9-10",
};
