// Ctrl K: one field for everything that has a name. The server finds, this shows and walks.
const WAIT = 120;
const body = document.body;
let dialog = null;
let asked = 0;
let timer = null;

function make(name, attributes) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

const options = () => [...dialog.querySelectorAll("[role=option]")];

function mark(option) {
  const input = dialog.querySelector("input");
  for (const each of options()) each.setAttribute("aria-selected", String(each === option));
  if (option) { input.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); }
  else input.removeAttribute("aria-activedescendant");
}

async function find() {
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const number = ++asked;
  const url = new URL(body.dataset.find, location.href);
  url.searchParams.set("q", input.value);
  const run = document.querySelector("[data-run]")?.dataset.run;
  if (run) url.searchParams.set("run", run);
  let text = "";
  try {
    const answer = await fetch(url);
    text = answer.ok ? await answer.text() : "";
  } catch { /* told below */ }
  if (number !== asked || !dialog.open) return;
  if (text) list.innerHTML = text;
  else { const note = make("p", { class: "menu-note" }); note.textContent = "The server does not answer; try again in a moment."; list.replaceChildren(note); }
  options().forEach((option, index) => { option.id = `found-${index}`; });
  mark(options()[0]);
}

function step(by) {
  const all = options();
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  mark(all[(at + by + all.length) % all.length]);
}

function built() {
  const made = make("dialog", { class: "palette", "aria-label": "Find or go to" });
  const input = make("input", {
    "class": "input", "type": "text", "role": "combobox", "aria-expanded": "true", "aria-controls": "found", "aria-label": "Find runs, formations, topics, facts",
    "aria-autocomplete": "list", "autocomplete": "off", "spellcheck": "false", "placeholder": "Runs, formations, topics, facts, or where to go",
  });
  const list = make("div", { id: "found", role: "listbox", "aria-label": "Found" });
  made.append(input, list);
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(find, WAIT); });
  input.addEventListener("keydown", (event) => {
    const act = { ArrowDown: () => step(1), ArrowUp: () => step(-1), Enter: () => dialog.querySelector("[aria-selected=true]")?.click() }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  made.addEventListener("click", (event) => event.target === made && made.close());
  body.append(made);
  return made;
}

export function openPalette() {
  dialog ??= built();
  if (dialog.open) return;
  dialog.querySelector("input").value = "";
  dialog.showModal();
  find();
}

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  openPalette();
});
document.addEventListener("click", (event) => event.target.closest("[data-palette]") && openPalette());
