// The run list: rows are drawn again where they stand when their run changes; new runs are counted, not pushed in.
import { followTenant } from "organism/tenantfeed.js";

const list = document.querySelector("[data-overview]");
const loaded = Date.now();
const fresh = new Set();
let changed = new Set();
let timer = null;

function soon(delay) {
  timer ??= setTimeout(flush, delay);
}

function flush() {
  timer = null;
  const known = [...changed].filter((uuid) => document.getElementById(`run-${uuid}`));
  changed = new Set();
  if (!known.length) return;
  const url = new URL(list.dataset.rows, location.href);
  for (const uuid of known) url.searchParams.append("run", uuid);
  window.htmx.ajax("GET", url.pathname + url.search, { target: "#run-rows", swap: "none" });
}

function announce(run) {
  if (Date.parse(run.created_at) < loaded || document.getElementById(`run-${run.uuid}`)) return;
  fresh.add(run.uuid);
  const pill = document.getElementById("runs-new");
  pill.querySelector("span").textContent = `${fresh.size} new`;
  pill.hidden = false;
}

function status(run) {
  announce(run);
  changed.add(run.uuid);
  soon(500);
}

// Without the socket the unfinished rows are asked for as often as it is tried again.
function lost() {
  for (const row of document.querySelectorAll("[data-unfinished]")) changed.add(row.id.slice("run-".length));
  if (changed.size) soon(2_000);
}

if (list) followTenant(list.dataset.overview, { status, lost });
