// Hears of every run of the tenant that changes; comes back by itself, later and later. Where sockets are blocked it says so and has the
// page ask every two seconds instead. Paused it changes nothing, counts what it hears, and catches up when it goes on: nothing is lost,
// because what is asked for is always how things stand.
import { signal } from "@preact/signals";
const GONE = 4404;
const POLL = 2_000;
const TRIES_BEFORE_POLLING = 2;

// `ask()` fetches how things stand and resolves to whether the server answered; `status(run)` is told what a frame says, before.
export function followTenant(address, { ask, status = () => {} }) {
  const feed = { state: signal("catching up"), heard: signal(Date.now()), lag: signal(null), paused: signal(false), missed: signal(0) };
  const url = new URL(address, location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  let failures = 0;
  let polling = null;

  async function stand() {
    if (feed.paused.value) { feed.missed.value += 1; return true; }
    return ask();
  }

  function hear() {
    failures = 0;
    clearInterval(polling);
    polling = null;
    feed.heard.value = Date.now();
    feed.state.value = "live";
  }

  async function poll() {
    if (feed.paused.value) return;
    if (await ask()) { feed.heard.value = Date.now(); feed.state.value = "polling"; }
    else feed.state.value = "stale";
  }

  function lost(event) {
    if (event?.code === GONE) { feed.state.value = "stale"; return; }
    failures += 1;
    if (failures <= TRIES_BEFORE_POLLING) feed.state.value = "catching up";
    else if (!polling) { poll(); polling = setInterval(poll, POLL); }
    setTimeout(connect, Math.min(15_000, 400 * 2 ** failures) * (0.75 + Math.random() / 2));
  }

  function connect() {
    const again = failures > 0;
    const socket = new WebSocket(url);
    let opened = false;
    // A blocked socket may open before it is closed: it is believed after a moment, or with its first word.
    const believe = () => { if (!opened && socket.readyState === WebSocket.OPEN) { opened = true; hear(); if (again) stand(); } };
    socket.onopen = () => setTimeout(believe, 300);
    socket.onmessage = (message) => {
      believe();
      feed.heard.value = Date.now();
      const frame = JSON.parse(message.data);
      if (frame.type !== "status") return;
      status(frame.run);
      stand();
    };
    socket.onclose = lost;
  }

  feed.pause = () => { feed.paused.value = true; };
  feed.resume = () => { feed.paused.value = false; feed.missed.value = 0; ask(); };
  connect();
  return feed;
}
