// What the reader looks at stands in the address, and here as a signal: cycle, suggestor, tab, filters, and the thing that is open.
// A cycle is "12" or "3-5"; a thing is its sort and its name: "event:28", "fact:Hypotheses/h1", "effect:…", "vote:17", "cell:3/ada".
import { signal } from "@preact/signals";

export const query = signal(read());
const watchers = [];

function read() {
  return new URLSearchParams(location.search);
}

// What the address asks for under that name; nothing is "".
export function asked(name) {
  return query.value.get(name) ?? "";
}

// Changes parts of the address; an empty value takes a part away. `push` makes it a step that the browser goes back from.
export function choose(changes, { push = false } = {}) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(changes))
    if (value) url.searchParams.set(name, value); else url.searchParams.delete(name);
  if (url.search === location.search) return;
  if (push) history.pushState(history.state, "", url);
  else history.replaceState(history.state, "", url);
  settle();
}

// Calls `act` when any of the named parts of the address has changed, with their values. Returns how to stop.
export function whenChosen(names, act) {
  const watcher = { names, act, known: values(names) };
  watchers.push(watcher);
  return () => watchers.splice(watchers.indexOf(watcher), 1);
}

function values(names) {
  return names.map((name) => query.value.get(name) ?? "");
}

function settle() {
  query.value = read();
  for (const watcher of [...watchers]) {
    const now = values(watcher.names);
    if (now.every((value, index) => value === watcher.known[index])) continue;
    watcher.known = now;
    watcher.act(...now);
  }
}

addEventListener("popstate", settle);
for (const moment of ["htmx:pushedIntoHistory", "htmx:replacedInHistory", "htmx:historyRestore"]) document.addEventListener(moment, settle);
