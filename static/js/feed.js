// Follows one journal from a cursor: by socket, and by polling the same cursor where sockets are blocked.
// It never skips and never repeats: a frame that does not begin at the cursor makes it ask again from there.
import { signal } from "@preact/signals";

const POLL = 2_000;
const QUIET = 15_000;
const STALE = 12_000;
const TRIES_BEFORE_POLLING = 2;
const GONE = 4404;

// How long the newest envelope was under way, by this clock; nothing where the clocks do not agree.
function lagOf(envelope) {
  const milliseconds = envelope ? Date.now() - Date.parse(envelope.occurred_at) : -1;
  return milliseconds >= 0 && milliseconds < 60_000 ? milliseconds : null;
}

export class Feed {
  constructor({ socket, poll, after }) {
    this.socketUrl = socket;
    this.pollUrl = poll;
    this.cursor = after;
    this.state = signal("catching up");
    this.heard = signal(Date.now());
    this.lag = signal(null);
    this.paused = signal(false);
    this.missed = signal(0);
    this.listeners = new Set();
    this.failures = 0;
    this.closed = false;
  }

  start() {
    this.connect();
    this.watch = setInterval(() => this.check(), 1_000);
    addEventListener("online", () => this.reconnect(0));
    return this;
  }

  stop() {
    this.closed = true;
    clearInterval(this.watch);
    this.socket?.close();
  }

  // Holds still: the connection is let go of, the cursor stays where it is, and going on fetches everything after it.
  pause() {
    if (this.closed || this.paused.value) return;
    this.paused.value = true;
    this.state.value = "paused";
    clearTimeout(this.again);
    this.socket?.close();
    this.socket = null;
  }

  resume() {
    if (!this.paused.value) return;
    this.paused.value = false;
    this.state.value = "catching up";
    this.failures = 0;
    this.connect();
  }

  listen(listener) {
    this.listeners.add(listener);
  }

  tell(name, value) {
    for (const listener of this.listeners) listener[name]?.(value);
  }

  connect() {
    if (this.closed || this.paused.value || this.socket) return;
    const url = new URL(this.socketUrl, location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    url.searchParams.set("after", this.cursor);
    try {
      this.socket = new WebSocket(url);
    } catch {
      return this.lost();
    }
    this.socket.onmessage = (message) => this.receive(JSON.parse(message.data));
    const { socket } = this;
    socket.onclose = (event) => this.socket === socket && this.lost(event.code);
  }

  receive(frame) {
    if (this.paused.value) return;
    this.failures = 0;
    this.heard.value = Date.now();
    if (frame.type === "hello") this.settle(frame.head);
    else if (frame.type === "envelopes") this.take(frame);
    else if (frame.type === "status") this.tell("status", frame);
    else if (frame.type === "end") this.end(frame);
  }

  settle(head) {
    this.headKnown = head;
    this.state.value = head > this.cursor ? "catching up" : "live";
  }

  take(frame) {
    if (frame.after !== this.cursor) {
      if (frame.to > this.cursor) this.socket?.close();
      return;
    }
    if (this.state.value === "live") this.lag.value = lagOf(frame.envelopes.at(-1));
    this.advance(frame);
    this.socket?.send(JSON.stringify({ type: "ack", seq: this.cursor }));
    if (this.cursor >= (this.headKnown ?? 0)) this.state.value = "live";
  }

  advance(batch) {
    if (batch.to <= this.cursor) return;
    this.cursor = batch.to;
    this.tell("envelopes", batch);
  }

  end(frame) {
    this.state.value = "ended";
    this.tell("end", frame);
    this.stop();
  }

  lost(code) {
    if (this.closed) return;
    this.socket = null;
    if (this.paused.value) return;
    if (code === GONE) {
      this.state.value = "stale";
      return this.stop();
    }
    this.failures += 1;
    if (this.failures > TRIES_BEFORE_POLLING) this.pollNow();
    else this.state.value = "catching up";
    this.reconnect(Math.min(15_000, 400 * 2 ** this.failures) * (0.75 + Math.random() / 2));
  }

  reconnect(delay) {
    if (this.closed || this.socket || this.paused.value) return;
    clearTimeout(this.again);
    this.again = setTimeout(() => this.connect(), delay);
  }

  check() {
    if (this.paused.value) return;
    const silence = Date.now() - this.heard.value;
    const open = this.socket?.readyState === WebSocket.OPEN;
    if (!open && this.failures > TRIES_BEFORE_POLLING && silence > POLL) this.pollNow();
    if (open && silence > QUIET) this.pollNow();
    if (silence > (open ? QUIET + STALE : STALE)) this.state.value = "stale";
  }

  async pollNow() {
    if (this.polling || this.paused.value) return;
    this.polling = true;
    try {
      const url = new URL(this.pollUrl, location.href);
      url.searchParams.set("after", this.cursor);
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (answer.ok) this.answered(await answer.json());
    } catch {
      // The network is away: the age of the last word tells so.
    } finally {
      this.polling = false;
    }
  }

  answered(page) {
    if (this.paused.value) return;
    this.heard.value = Date.now();
    const open = this.socket?.readyState === WebSocket.OPEN;
    if (open && page.to > this.cursor) return this.socket.close();
    if (!open) {
      this.state.value = "polling";
      if (page.after === this.cursor && page.envelopes.length) this.advance(page);
      if (page.head > this.cursor) queueMicrotask(() => this.pollNow());
    }
  }
}
