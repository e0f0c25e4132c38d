// The run page: follows the journal, hands what arrives to the islands, and asks the server to draw the rest again.
// An island of a tab is `<div data-island="NAME">` and the module `organism/NAME.js`, whose `mount(element, { feed })` returns
// `{ append(batch), unmount() }`; with an `append` it follows by itself, without one its tab is drawn again on the kinds of `data-draws`.
import { Feed } from "organism/feed.js";
import { mountLive } from "organism/livebadge.js";
import { drawEvents } from "organism/eventdrawer.js";
import { mountGrid } from "organism/grid.js";
import { mountScrubber } from "organism/scrubber.js";
import { drawPart, throttled } from "organism/draw.js";
import { choose, query, whenChosen } from "organism/selection.js";
import { isTyping } from "organism/keys.js";
import { keep } from "organism/keep.js";

const page = document.querySelector("[data-run]");
const TAB_EVERY = 1_500;
const HEAD_EVERY = 700;
// What the page itself listens to; every other part of the address is its tab's.
const HEARD = ["cycle", "suggestor", "at", "selected"];
// What goes along from tab to tab.
const KEPT = ["cycle", "suggestor", "at"];
let island = null;

const body = () => document.getElementById("tab-body");

function busyTyping() {
  const focused = document.activeElement;
  if (!body().contains(focused)) return false;
  return isTyping(focused) || focused.matches("select") || [...body().querySelectorAll("textarea")].some((area) => area.value.trim());
}

const drawHead = throttled(() => drawPart("#run-head"), HEAD_EVERY);
const drawTab = throttled(() => {
  if (island?.append || document.hidden) return null;
  if (busyTyping()) { setTimeout(drawTab, TAB_EVERY); return null; }
  return drawPart("#tab-body");
}, TAB_EVERY);

function concerns(batch) {
  const kinds = new Set(body().dataset.draws.split(" "));
  return batch.envelopes.some((envelope) => kinds.has(envelope.kind) || kinds.has(envelope.family));
}

async function mountIsland() {
  const element = body().querySelector("[data-island]");
  if (island?.element === element) return;
  island?.unmount?.();
  island = null;
  if (!element) return;
  const mounting = { element };
  island = mounting;
  const { mount } = await import(`organism/${element.dataset.island}.js`);
  if (island === mounting) island = Object.assign(mounting, mount(element, { feed }));
}

// What was chosen above goes along to the next tab, and every link says so.
function keepChoice() {
  for (const link of document.querySelectorAll("#run-tabs a")) {
    const url = new URL(link.href);
    for (const name of KEPT)
      if (query.value.get(name)) url.searchParams.set(name, query.value.get(name)); else url.searchParams.delete(name);
    link.href = url;
  }
}

function chosen() {
  keepChoice();
  drawPart("#chosen");
  if (body().dataset.tab !== "events") drawPart("#tab-body");
}

// The time machine went elsewhere: what that cycle brought, and the context as it was then.
function travelled() {
  keepChoice();
  drawPart("#moment");
  if (body().dataset.tab === "context") drawPart("#tab-body");
}

const feed = new Feed({ socket: page.dataset.socket, poll: page.dataset.poll, after: Number(page.dataset.head) });
const grid = mountGrid(document.getElementById("grid"));
feed.listen({
  envelopes(batch) {
    island?.append?.(batch);
    grid?.stir(batch);
    drawHead();
    if (concerns(batch)) drawTab();
  },
  status: () => drawHead(),
  end() { drawHead(); grid?.stir(); if (island?.append) return; drawPart("#tab-body"); },
});

keep("#tab-body");
drawEvents(page.dataset.events);
mountIsland();
whenChosen(["cycle", "suggestor"], chosen);
whenChosen(["at"], travelled);
mountScrubber(document.getElementById("scrubber"), feed);
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.detail.elt.closest?.("#run-tabs")) return;
  for (const name of KEPT) if (query.value.get(name)) event.detail.parameters[name] = query.value.get(name);
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id === "tab-body" || event.target.id === "tab-body") { mountIsland(); keepChoice(); }
});
document.addEventListener("htmx:historyRestore", mountIsland);
document.addEventListener("visibilitychange", () => { if (!document.hidden) { drawHead(); drawTab(); } });
// Facets and chips are links, so that they work everywhere; here they change the address without loading the page.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-chooses]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const wanted = new URL(link.href).searchParams;
  const names = link.dataset.chooses.split(" ");
  choose(Object.fromEntries(names.map((name) => [name, wanted.get(name) ?? ""])), { push: true });
  // The events' island follows the address by itself, also when it is not here yet.
  if (!island?.append && names.some((name) => !HEARD.includes(name))) drawPart(body().dataset.tab === "events" ? "#facets" : "#tab-body");
});

if (page.dataset.finished) feed.state.value = "ended";
else feed.start();
mountLive(document.getElementById("live"), feed);
