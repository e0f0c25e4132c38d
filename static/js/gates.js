// Deciding by keyboard: J and K walk over the gates, A approves, R rejects; a rejection without a reason asks for one.
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

function decide(verdict) {
  current()?.querySelector(`button[name=verdict][value=${verdict}]`)?.click();
}

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
  const act = { j: () => walk(1), k: () => walk(-1), a: () => decide("approve"), r: () => decide("reject") }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

// The inbox follows the tenant, but never takes a reason away from under the pen.
let timer = null;

function writing() {
  return [...document.querySelectorAll(".decide .input")].some((input) => input.value || input === document.activeElement);
}

function drawSoon() {
  timer ??= setTimeout(() => {
    timer = null;
    if (writing()) drawSoon();
    else window.htmx.ajax("GET", location.pathname, { target: "#gate-cards", swap: "outerHTML" });
  }, 1_000);
}

if (inbox) followTenant(inbox.dataset.overview, { status: drawSoon, lost: drawSoon });
