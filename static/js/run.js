// The run page: follows the journal, hands what arrives to the event list, and asks the server to draw the rest again.
import { Feed } from "organism/feed.js";
import { mountBadge } from "organism/badge.js";
import { mountEvents } from "organism/eventlist.js";
import "organism/strip.js";
import { keep } from "organism/keep.js";

const page = document.querySelector("[data-run]");
const TAB_EVERY = 1_500;
const HEAD_EVERY = 700;
const DRAWN_BY = {
  FactPromoted: ["context", "huddle", "disagreements"],
  CycleEnded: ["huddle"],
  GateRequested: ["gates"], GateVoted: ["gates"], GateExpired: ["gates"], GateDecisionRecorded: ["gates"], CycleParked: ["gates"],
  RunFinished: ["gates", "huddle", "disagreements", "context"],
};
let events = null;

function tab() {
  return document.getElementById("tab-body").dataset.tab;
}

function busyTyping() {
  const focused = document.activeElement;
  const body = document.getElementById("tab-body");
  if (!body.contains(focused)) return false;
  return focused.matches("input, textarea, select") || [...body.querySelectorAll("textarea")].some((area) => area.value.trim());
}

// Runs at most once in a while: the first call at once, the last one never lost.
function throttled(work, every) {
  let timer = null;
  let again = false;
  const run = async () => {
    again = false;
    timer = setTimeout(() => { timer = null; if (again) run(); }, every);
    await work();
  };
  return () => { if (timer) again = true; else run(); };
}

function draw(target) {
  return window.htmx.ajax("GET", location.href, { target, swap: "outerHTML" });
}

const drawHead = throttled(() => draw("#run-head"), HEAD_EVERY);
const drawTab = throttled(() => {
  if (tab() === "events" || document.hidden) return null;
  if (busyTyping()) { setTimeout(drawTab, TAB_EVERY); return null; }
  return draw("#tab-body");
}, TAB_EVERY);

function mountIsland() {
  events?.unmount();
  events = null;
  const element = document.querySelector("[data-island=events]");
  if (!element) return;
  element.dataset.head = Math.max(Number(element.dataset.head), feed.cursor);
  events = mountEvents(element, { onSelect: (seq) => setQuery({ seq }) });
}

function setQuery(changes) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(changes))
    if (value) url.searchParams.set(name, value); else url.searchParams.delete(name);
  history.replaceState(history.state, "", url);
}

function filterFrom(form) {
  const fields = Object.fromEntries(new FormData(form));
  delete fields.tab;
  setQuery({ ...fields, seq: null });
  const query = new URLSearchParams(Object.entries(fields).filter(([, value]) => value)).toString();
  events?.filter(query);
}

const feed = new Feed({ socket: page.dataset.socket, poll: page.dataset.poll, after: Number(page.dataset.head) });
feed.listen({
  envelopes(batch) {
    events?.append(batch);
    drawHead();
    if (batch.envelopes.some((envelope) => DRAWN_BY[envelope.kind]?.includes(tab()))) drawTab();
  },
  status: () => drawHead(),
  end() { drawHead(); drawTab(); },
});

keep("#tab-body");
mountIsland();
document.addEventListener("htmx:afterSettle", (event) => { if (event.detail.target?.id === "tab-body" || event.target.id === "tab-body") mountIsland(); });
document.addEventListener("htmx:historyRestore", mountIsland);
document.addEventListener("visibilitychange", () => { if (!document.hidden) { drawHead(); drawTab(); } });
let typing;
document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-filter=events]");
  if (!form) return;
  clearTimeout(typing);
  typing = setTimeout(() => filterFrom(form), event.target.matches("select") ? 0 : 250);
});
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-filter=events]");
  if (!form) return;
  event.preventDefault();
  filterFrom(form);
});

if (page.dataset.finished) feed.state.value = "ended";
else feed.start();
mountBadge(document.getElementById("live"), feed);
