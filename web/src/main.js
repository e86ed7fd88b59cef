// Defines <ketamine-chat>. A script tag with data- attributes places it on the page by itself.

import { KetamineChat } from "./chat.js";

const script = document.currentScript;
KetamineChat.home = script ? new URL(".", script.src).href.slice(0, -1) : "";

if (!customElements.get("ketamine-chat")) customElements.define("ketamine-chat", KetamineChat);

function place() {
  if (document.querySelector("ketamine-chat")) return;
  const chat = document.createElement("ketamine-chat");
  for (const [name, value] of Object.entries({ ...script?.dataset })) chat.setAttribute(name, value);
  document.body.append(chat);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", place);
else place();
