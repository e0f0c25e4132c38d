// The builder: every control asks the server, which answers the parts to be drawn again. What is left for here: places and values that
// stand in data attributes, dragging, shortcuts, the search in the catalogue, and answers that are no success but have something to show.
import { toast } from "organism/toast.js";

const builder = document.getElementById("builder");
const ask = (values) => window.htmx.ajax("POST", builder.dataset.edit, { source: builder, swap: "none", values });

builder.addEventListener("htmx:configRequest", ({ detail }) => {
  const { at, value, new: begun, operations } = detail.elt.dataset;
  if (at) detail.parameters.set("at", at);
  if (value !== undefined) detail.parameters.set("value", value);
  if (begun) detail.parameters.set("new", begun);
  if (operations) detail.parameters.set("operations", operations);
});

// A stale or impossible edit is answered with the parts as they stand and a notice.
builder.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status === 409 || detail.xhr.status === 422) { detail.shouldSwap = true; detail.isError = false; }
});
builder.addEventListener("htmx:responseError", ({ detail }) => {
  const words = { 400: "That is too large to be taken; the draft stays as it was.", 413: "That is too large to be taken; the draft stays as it was." };
  toast(words[detail.xhr.status] ?? "The server did not take the change; the draft stays as it was.");
});
builder.addEventListener("htmx:sendError", () => toast("The server cannot be reached; what you typed stays here."));

// What is being typed when an answer comes is put back into the field that was drawn again, and sent when it is left.
let typing = null;
builder.addEventListener("htmx:beforeSwap", () => {
  const at = document.activeElement;
  typing = at?.id && at.matches("#form input:not([type=checkbox]), #form textarea, #publish-note") && at.value !== at.defaultValue
    ? { id: at.id, value: at.value } : null;
});
builder.addEventListener("htmx:oobAfterSwap", () => {
  const again = typing && document.getElementById(typing.id);
  if (!again || again.value === typing.value) return;
  again.value = typing.value;
  again.dataset.unsent = "yes";
});
builder.addEventListener("change", ({ target }) => { delete target.dataset.unsent; });
builder.addEventListener("focusout", ({ target }) => {
  if (target.dataset.unsent) target.dispatchEvent(new Event("change", { bubbles: true }));
});

// Reordering: by Alt and the arrows on a seat, and by dragging.
const move = (from, to) => ask({ do: "move", at: JSON.stringify(["team", from]), to });
builder.addEventListener("keydown", (event) => {
  const seat = event.target.closest("[data-index]");
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (seat && by) {
    event.preventDefault();
    const seats = [...builder.querySelectorAll("[data-index]")];
    const to = seats.indexOf(seat) + by;
    if (!seats[to]) return;
    if (event.altKey) move(Number(seat.dataset.index), to).then(() => builder.querySelector(`[data-index="${to}"] button`)?.focus());
    else seats[to].querySelector("button").focus();
  }
});

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.target.closest("textarea, input")) return;
  const step = event.key === "z" && !event.shiftKey ? "undo" : event.key === "y" || (event.key === "Z" && event.shiftKey) ? "redo" : null;
  if (step) { event.preventDefault(); document.getElementById(step).click(); }
});

let dragged = null;
builder.addEventListener("dragstart", (event) => {
  dragged = event.target.closest("[data-index]");
  event.dataTransfer.effectAllowed = "move";
});
builder.addEventListener("dragover", (event) => {
  if (dragged && event.target.closest("[data-index]")) event.preventDefault();
});
builder.addEventListener("drop", (event) => {
  const onto = event.target.closest("[data-index]");
  if (!dragged || !onto) return;
  event.preventDefault();
  move(Number(dragged.dataset.index), Number(onto.dataset.index));
  dragged = null;
});

builder.addEventListener("input", ({ target }) => {
  if (!target.dataset.filters) return;
  const words = target.value.toLowerCase().split(/\s+/);
  for (const item of document.querySelectorAll(`${target.dataset.filters} > li`)) {
    const text = item.textContent.toLowerCase();
    item.hidden = !words.every((word) => text.includes(word));
  }
});
