// The run list: rows are drawn again where they stand when their run changes; new runs are counted, not pushed in. What is ticked stays ticked.
import { answered } from "organism/draw.js";
import { followTenant } from "organism/tenantfeed.js";
import { mountLive } from "organism/livebadge.js";
import { shortcut } from "organism/keys.js";

const list = document.querySelector("[data-overview]");
const part = () => document.getElementById("run-list");
const boxes = () => [...document.querySelectorAll("#run-rows .tick input")];
const chosen = new Set();
const EVERY = 500;
let changed = new Set();
let asking = null;

// Asks for the rows that go on or changed, and for how many are newer; resolves to whether the server answered.
async function flush() {
  const known = new Set([...document.querySelectorAll("[data-unfinished]")].map((row) => row.id.slice("run-".length)));
  for (const uuid of changed) if (document.getElementById(`run-${uuid}`)) known.add(uuid);
  const { newest, most, query } = part().dataset;
  const url = new URL(list.dataset.rows, location.href);
  url.search = query;
  url.searchParams.set("newest", newest);
  url.searchParams.set("most", most);
  for (const uuid of known) url.searchParams.append("run", uuid);
  changed = new Set();
  return answered(() => window.htmx.ajax("GET", url.pathname + url.search, { target: "#run-rows", swap: "none" }));
}

function ask() {
  asking ??= new Promise((resolve) => { setTimeout(() => { asking = null; resolve(flush()); }, EVERY); });
  return asking;
}

function showChosen() {
  const all = boxes();
  for (const box of all) box.checked = chosen.has(box.value);
  const count = all.filter((box) => box.checked).length;
  const bar = document.getElementById("chosen-bar");
  if (!bar) return;
  bar.hidden = !count;
  document.getElementById("chosen-count").textContent = `${count} chosen`;
  const compare = document.getElementById("compare-two");
  if (compare) compare.disabled = count !== 2;
  const every = document.querySelector("[data-choose-all]");
  every.checked = count > 0 && count === all.length;
  every.indeterminate = count > 0 && count < all.length;
}

function pick(boxesToPick, on) {
  for (const box of boxesToPick) if (on) chosen.add(box.value); else chosen.delete(box.value);
  showChosen();
}

list.addEventListener("change", (event) => {
  if (event.target.matches("#run-rows .tick input")) pick([event.target], event.target.checked);
  else if (event.target.matches("[data-choose-all]")) pick(boxes(), event.target.checked);
  else return;
  event.stopPropagation();
}, true);
list.addEventListener("click", (event) => event.target.closest("[data-choose-none]") && pick(boxes(), false));

// What stands outside the list follows the filter of the list that is shown.
function filtered() {
  const { query, more } = part().dataset;
  for (const link of document.querySelectorAll("a[data-with-query]")) link.search = query;
  for (const form of document.querySelectorAll("form[data-with-query], .menu-row form")) form.elements.query.value = query;
  const fresh = document.getElementById("runs-new");
  fresh.search = query;
  fresh.hidden = true;
  const count = document.getElementById("filter-count");
  count.textContent = more;
  count.classList.toggle("zero", more === "0");
}

// Empty fields say nothing in the address.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt.id !== "run-filters") return;
  for (const [name, value] of Object.entries(event.detail.parameters)) if (!value) delete event.detail.parameters[name];
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "run-list") { chosen.clear(); filtered(); }
  showChosen();
});
addEventListener("pageshow", showChosen);

// The row under the keyboard: J and K walk, X chooses, Enter opens.
function walk(step) {
  const links = [...document.querySelectorAll("#run-rows td.main a")];
  const at = links.indexOf(document.activeElement?.closest("tr")?.querySelector("td.main a"));
  links[Math.max(0, Math.min(links.length - 1, at + step))]?.focus();
}
shortcut("j", "Next run", () => walk(1));
shortcut("k", "Run before", () => walk(-1));
shortcut("x", "Choose the run under the focus", () => {
  const box = document.activeElement?.closest("tr")?.querySelector(".tick input");
  if (box) pick([box], !box.checked);
}, () => document.activeElement?.closest("#run-rows"));
shortcut("f", "Find a run by text", () => document.getElementById("run-text").focus());

mountLive(document.getElementById("live"), followTenant(list.dataset.overview, { ask, status: (run) => changed.add(run.uuid) }));
