// Deciding by keyboard: J and K walk over the gates, A approves (or goes to the answer), R rejects, E opens the edit;
// a rejection without a reason asks for one, and JSON that is none is told before it is sent.
import { answered } from "organism/draw.js";
import { keysOn, shortcut } from "organism/keys.js";
import { followTenant } from "organism/tenantfeed.js";
import { mountLive } from "organism/livebadge.js";

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

const there = () => cards().length > 0 && !document.querySelector("dialog[open]");
shortcut("a", "Approve, answer or do it again", () => decide("approve", "retry"), there);
shortcut("r", "Reject, with a reason", () => decide("reject"), there);
shortcut("e", "Edit what is proposed", edit, there);
shortcut("j", "Next gate", () => walk(1), there);
shortcut("k", "Gate before", () => walk(-1), there);
document.documentElement.classList.toggle("keys-off", !keysOn());

// The inbox follows the tenant, but never takes a reason away from under the pen.
let timer = null;

function writing() {
  if (document.querySelector("details[data-edit][open]")) return true;
  const fields = [...document.querySelectorAll(".decide .input, .answer :is(textarea, select, input:not([type=hidden], [readonly]))")];
  return fields.some((field) => field === document.activeElement || (field.value !== field.defaultValue && field.matches(":not(select)")));
}

function draw() {
  return window.htmx.ajax("GET", location.pathname, { target: "#gate-cards", swap: "outerHTML" });
}

function drawSoon() {
  timer ??= setTimeout(() => {
    timer = null;
    if (writing()) drawSoon();
    else draw();
  }, 1_000);
}

// Resolves to whether the server answered; while somebody writes nothing is asked, and nothing is lost by it.
let asking = null;

function ask() {
  if (writing()) { drawSoon(); return true; }
  asking ??= new Promise((resolve) => { setTimeout(() => { asking = null; resolve(writing() ? (drawSoon(), true) : answered(draw)); }, 1_000); });
  return asking;
}

if (inbox) mountLive(document.getElementById("live"), followTenant(inbox.dataset.overview, { ask }));
