// What can be pressed here, and the switch for those who would rather not press anything by accident.
import { keysOn, shortcut, shortcuts, switchKeys } from "organism/keys.js";

const NAMES = { " ": "Space", "ArrowUp": "↑", "ArrowDown": "↓", "ArrowLeft": "←", "ArrowRight": "→", "Escape": "Esc" };

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function line(key, says) {
  const named = key.length === 1 && key !== " " ? key.toUpperCase() : NAMES[key] ?? key;
  return [element("dt", {}, element("kbd", {}, named)), element("dd", {}, says)];
}

function help() {
  const known = new Map([["Ctrl K", "Find anything, or go somewhere"], ...shortcuts().map((entry) => [entry.key, entry.says])]);
  const box = element("input", { type: "checkbox", id: "keys-on" });
  box.checked = keysOn();
  box.addEventListener("change", () => switchKeys(box.checked));
  const close = element("button", { class: "button", value: "close" }, "Close");
  const dialog = element(
    "dialog", { "class": "confirm help", "aria-labelledby": "help-title" },
    element("form", { method: "dialog", class: "confirm-form" }, element("h2", { id: "help-title" }, "Keyboard"),
      element("dl", { class: "keys-list" }, ...[...known].flatMap(([key, says]) => line(key, says))),
      element("label", { class: "check", for: "keys-on" }, box, " Single-key shortcuts"),
      element("div", { class: "form-actions" }, close)),
  );
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
}

const closed = () => !document.querySelector("dialog[open]");
shortcut("?", "This help", help, closed);
document.addEventListener("click", (event) => event.target.closest("[data-help]") && closed() && help());
