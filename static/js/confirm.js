// Asks before something is done: a <dialog>; for what cannot be undone its name has to be typed.
// A form with `data-confirm="TEXT"` asks before it is sent; `data-confirm-name` names what is to be typed, `data-confirm-verb` the button.
let number = 0;

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function typed(name, act) {
  const id = `confirm-name-${number}`;
  const input = element("input", { id, autocomplete: "off", spellcheck: "false", class: "input" });
  input.addEventListener("input", () => { act.disabled = input.value !== name; });
  act.disabled = true;
  return element("div", { class: "field" }, element("label", { for: id }, "Type ", element("strong", {}, name), " to go on"), input);
}

// Resolves to whether the reader agreed.
export function confirm(text, { verb = "Go on", name = "" } = {}) {
  number += 1;
  const act = element("button", { class: `button ${name ? "danger" : "primary"}`, value: "yes" }, verb);
  const keep = element("button", { class: "button", value: "no", formnovalidate: "" }, "Keep it");
  const form = element("form", { method: "dialog", class: "confirm-form" }, element("p", { id: `confirm-${number}`, class: "prose" }, text));
  if (name) form.append(typed(name, act));
  form.append(element("div", { class: "form-actions" }, act, keep));
  const dialog = element("dialog", { class: "confirm", "aria-labelledby": `confirm-${number}` }, form);
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => { dialog.remove(); resolve(dialog.returnValue === "yes"); });
    dialog.showModal();
    (name ? form.querySelector("input") : keep).focus();
  });
}

document.addEventListener("submit", async (event) => {
  const { confirm: text, confirmName: name, confirmVerb: verb } = event.target.dataset;
  if (!text || event.target.dataset.confirmed) return;
  event.preventDefault();
  const { submitter } = event;
  if (!await confirm(text, { name, verb })) return;
  event.target.dataset.confirmed = "yes";
  event.target.requestSubmit(submitter);
  delete event.target.dataset.confirmed;
});
