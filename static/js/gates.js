// Deciding by keyboard: J and K walk over the gates, A approves (or goes to the answer), R rejects, E opens the edit;
// a rejection without a reason asks for one, and JSON that is none is told before it is sent.
import { followTenant } from "organism/tenantfeed.js";

const inbox = document.getElementById("gate-cards");
const cards = () => [...document.querySelectorAll(".gate-card")];

function current() {
  return document.activeElement?.closest(".gate-card") ?? cards()[0];
}

function walk(step) {
  const all = cards();
  const target = all[Math.max(0, Math.min(all.length - 1, all.indexOf(document.activeElement?.closest(".gate-card")) + step))];
  (target?.querySelector("button") ?? target?.querySelector("a"))?.focus();
}

function decide(...verdicts) {
  const card = current();
  const button = verdicts.map((verdict) => card?.querySelector(`button[name=verdict][value=${verdict}]`)).find(Boolean);
  if (button) button.click();
  else card?.querySelector(".answer :is(textarea, select, input:not([type=hidden], [readonly]))")?.focus();
}

function edit() {
  const form = current()?.querySelector("details[data-edit]");
  if (!form) return;
  form.open = true;
  form.querySelector(":is(textarea, select, input:not([type=hidden], [readonly]))")?.focus();
}

function checkJson(field) {
  let wrong = "";
  try {
    if (field.value.trim()) JSON.parse(field.value);
  } catch (error) {
    wrong = `This is no JSON: ${error.message}`;
  }
  field.setCustomValidity(wrong);
  field.toggleAttribute("aria-invalid", Boolean(wrong));
}

document.addEventListener("input", (event) => event.target.matches("textarea[data-json]") && checkJson(event.target));

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=verdict][value=reject]");
  const reason = button?.form.elements.reason;
  if (!reason || reason.value.trim()) return;
  event.preventDefault();
  reason.placeholder = "A rejection needs a reason";
  reason.setAttribute("aria-invalid", "true");
  reason.focus();
});

document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey || !cards().length) return;
  const act = { j: () => walk(1), k: () => walk(-1), a: () => decide("approve", "retry"), r: () => decide("reject"), e: edit }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

// The inbox follows the tenant, but never takes a reason away from under the pen.
let timer = null;

function writing() {
  if (document.querySelector("details[data-edit][open]")) return true;
  const fields = [...document.querySelectorAll(".decide .input, .answer :is(textarea, select, input:not([type=hidden], [readonly]))")];
  return fields.some((field) => field === document.activeElement || (field.value !== field.defaultValue && field.matches(":not(select)")));
}

function drawSoon() {
  timer ??= setTimeout(() => {
    timer = null;
    if (writing()) drawSoon();
    else window.htmx.ajax("GET", location.pathname, { target: "#gate-cards", swap: "outerHTML" });
  }, 1_000);
}

if (inbox) followTenant(inbox.dataset.overview, { ask: async () => { drawSoon(); return true; } });
