// The live badge of a list, with the switch that holds the page still while somebody reads.
import { h, render } from "preact";
import htm from "htm";
import { mountBadge } from "organism/badge.js";
import { shortcut } from "organism/keys.js";

const html = htm.bind(h);

function Pause({ feed }) {
  if (feed.state.value === "ended") return null;
  const paused = feed.paused.value;
  const missed = feed.missed.value;
  const says = paused && feed.state.value !== "paused" ? `Paused${missed ? `, ${missed} ${missed === 1 ? "change" : "changes"} meanwhile` : ""}` : "";
  return html`<button type="button" class="button small quiet" aria-pressed=${String(paused)} title="Hold the page still; nothing is lost (P)"
    onClick=${() => (paused ? feed.resume() : feed.pause())}>${paused ? "Go on" : "Pause"}</button><span role="status" class="quiet">${says}</span>`;
}

export function mountLive(element, feed) {
  if (!element) return;
  element.classList.add("live-tools");
  const badge = document.createElement("span");
  const pause = document.createElement("span");
  pause.className = "live-pause";
  element.replaceChildren(badge, pause);
  mountBadge(badge, feed);
  render(html`<${Pause} feed=${feed} />`, pause);
  shortcut("p", "Pause, or go on", () => (feed.paused.value ? feed.resume() : feed.pause()));
}
