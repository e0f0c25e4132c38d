// The badge that says how true the page is: live, catching up, polling or stale, with the age of the last word.
import { h, render } from "preact";
import { signal } from "@preact/signals";
import htm from "htm";

const html = htm.bind(h);
const now = signal(Date.now());
setInterval(() => { now.value = Date.now(); }, 1_000);

const TITLES = {
  "live": "Everything that happens is shown at once",
  "catching up": "Fetching what happened meanwhile",
  "polling": "The live connection is blocked; asking every two seconds instead",
  "stale": "No word from the server; what you see may be old",
  "paused": "Held still by you; nothing is lost",
  "ended": "The run is over; nothing more will happen",
};

function age(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function Badge({ feed }) {
  const state = feed.state.value;
  const silence = now.value - feed.heard.value;
  const told = state === "live" && feed.lag.value !== null ? `${(feed.lag.value / 1000).toFixed(1)} s` : age(silence);
  return html`<span class="live ${state.replace(" ", "-")}" title=${TITLES[state]}>
    <i class="pulse" aria-hidden="true"></i>
    <span role="status">${state === "ended" ? "finished" : state}</span>
    ${state === "ended" ? null : html`<span class="age" aria-hidden="true" title=${state === "live" ? "how long the newest event was under way" : "since the last word"}>${told}</span>`}
  </span>`;
}

export function mountBadge(element, feed) {
  render(html`<${Badge} feed=${feed} />`, element);
}
