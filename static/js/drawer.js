// The drawer: what one selected thing is. `?selected=SORT:NAME` opens it; Escape closes it; arrows go to the neighbours.
// Whatever carries `data-opens="SORT:NAME"` opens it by a click or Enter; its neighbours are those around it in the nearest `data-list`.
// A sort that is drawn in the browser registers with `drawnHere`; every other one is asked of the server at the drawer's `data-source`.
import { render } from "preact";
import { asked, choose, whenChosen } from "organism/selection.js";
import { shortcut } from "organism/keys.js";

const drawer = document.getElementById("drawer");
const body = drawer?.querySelector(".drawer-body");
const painters = {};
const walkers = {};
let asking = null;
let opener = null;
let drawn = false;

// `paint(name)` gives what Preact renders, or a promise of it; `walk(name, step)` the name of the neighbour, if it has one.
export function drawnHere(sort, { paint, walk }) {
  if (paint) painters[sort] = paint;
  if (walk) walkers[sort] = walk;
  if (isOpen() && asked("selected").startsWith(`${sort}:`)) show(asked("selected"));
}

export function open(thing) {
  if (drawer?.hidden) opener = document.activeElement;
  choose({ selected: thing });
}

export function close() {
  choose({ selected: "" });
}

export function isOpen() {
  return Boolean(drawer && !drawer.hidden);
}

function parted(thing) {
  const at = thing.indexOf(":");
  return [thing.slice(0, at), thing.slice(at + 1)];
}

function openers(thing) {
  return [...document.querySelectorAll("[data-opens]")].filter((element) => element.dataset.opens === thing && !drawer.contains(element));
}

// The list in the page beside which the thing was opened is marked, so that the eye finds back.
function mark(thing) {
  for (const element of document.querySelectorAll("[data-opens][aria-current]")) element.removeAttribute("aria-current");
  if (thing) for (const element of openers(thing)) element.setAttribute("aria-current", "true");
}

function neighbour(thing, step) {
  const [sort, name] = parted(thing);
  if (walkers[sort]) {
    const other = walkers[sort](name, step);
    return other == null ? null : `${sort}:${other}`;
  }
  const [from] = openers(thing);
  const list = [...(from?.closest("[data-list]")?.querySelectorAll("[data-opens]") ?? [])].filter((each) => each.checkVisibility());
  return list[list.indexOf(from) + step]?.dataset.opens ?? null;
}

function walk(step) {
  const other = neighbour(asked("selected"), step);
  if (other) open(other);
}

function fill(html) {
  render(null, body);
  body.innerHTML = html;
  window.htmx?.process(body);
  drawn = false;
}

async function fetched(thing) {
  const url = new URL(drawer.dataset.source, location.href);
  url.searchParams.set("selected", thing);
  asking = new AbortController();
  const answer = await fetch(url, { signal: asking.signal, headers: { "HX-Request": "true" } });
  if (answer.status === 404) return "<h2>Not there</h2><p class=\"quiet\">Nothing of that name is in this run.</p>";
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return answer.text();
}

async function painted(paint, name, thing) {
  const picture = await paint(name);
  if (asked("selected") !== thing) return;
  if (!drawn) body.replaceChildren();
  drawn = true;
  render(picture, body);
}

async function show(thing) {
  asking?.abort();
  mark(thing);
  drawer.hidden = !thing;
  document.body.classList.toggle("has-drawer", Boolean(thing));
  if (!thing) return;
  const [sort, name] = parted(thing);
  body.setAttribute("aria-busy", "true");
  try {
    if (painters[sort]) await painted(painters[sort], name, thing);
    else fill(await fetched(thing));
  } catch (error) {
    if (error.name === "AbortError") return;
    fill("<h2>Not shown</h2><p class=\"quiet\">The server could not be asked. Close and try again.</p>");
  }
  body.removeAttribute("aria-busy");
  body.scrollTop = 0;
}

function closed() {
  show("");
  if (opener?.isConnected) opener.focus();
  opener = null;
}

if (drawer) {
  document.addEventListener("click", (event) => {
    if (event.target.closest("#drawer [data-drawer-close]")) return close();
    const step = event.target.closest("#drawer [data-drawer-step]");
    if (step) return walk(Number(step.dataset.drawerStep));
    const element = event.target.closest("[data-opens]");
    if (!element || event.ctrlKey || event.metaKey || (event.target.closest("a, button, summary, input, select") ?? element) !== element) return;
    event.preventDefault();
    open(element.dataset.opens);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-opens]:not(a, button)")) open(event.target.dataset.opens);
  });
  shortcut("Escape", "Close the drawer", close, isOpen);
  shortcut("ArrowDown", "Next thing", () => walk(1), isOpen);
  shortcut("ArrowUp", "Thing before", () => walk(-1), isOpen);
  document.addEventListener("htmx:afterSettle", () => mark(asked("selected")));
  whenChosen(["selected"], (thing) => (thing ? show(thing) : closed()));
  // Painters register while the page's modules run; what is open from the start waits for them.
  document.addEventListener("DOMContentLoaded", () => asked("selected") && show(asked("selected")));
}
