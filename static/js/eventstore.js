// What the event list holds: a window on the journal with bounded memory, newest first.
// Unfiltered, a row's place follows from its seq (the journal has no gaps), so any place can be scrolled to and only its page is fetched.
// Filtered, rows are gathered from the newest down as they are scrolled to.
const PAGE = 200;
const PAGES_KEPT = 30;
const MATCHES_KEPT = 20_000;

export class EventStore {
  constructor({ url, head, changed }) {
    this.url = url;
    this.changed = changed;
    this.head = head;
    this.reset("");
  }

  reset(query) {
    this.query = query;
    this.top = this.head;
    this.pages = new Map();
    this.pending = new Set();
    this.matches = [];
    this.fresh = [];
    this.more = true;
    this.generation = (this.generation ?? 0) + 1;
    if (query) this.fetchMatches();
    this.changed();
  }

  get filtered() { return Boolean(this.query); }
  get length() { return this.filtered ? this.matches.length : this.top; }
  get waiting() { return this.filtered ? this.fresh.length : this.head - this.top; }
  get exhausted() { return !this.more || this.matches.length >= MATCHES_KEPT; }

  at(index) {
    if (this.filtered) {
      if (index > this.matches.length - PAGE / 2) this.fetchMatches();
      return this.matches[index];
    }
    const seq = this.top - index;
    const number = Math.floor((seq - 1) / PAGE);
    const page = this.pages.get(number);
    if (page) this.touch(number, page);
    else this.fetchPage(number);
    return page?.[seq - 1 - number * PAGE] ?? (page && this.fetchPage(number), undefined);
  }

  indexOf(seq) {
    return this.filtered ? this.matches.findIndex((envelope) => envelope.seq === seq) : this.top - seq;
  }

  touch(number, page) {
    this.pages.delete(number);
    this.pages.set(number, page);
    while (this.pages.size > PAGES_KEPT) this.pages.delete(this.pages.keys().next().value);
  }

  // Live rows: kept where their page is held already, counted otherwise.
  append(batch) {
    for (const envelope of batch.envelopes) {
      const number = Math.floor((envelope.seq - 1) / PAGE);
      if (!this.pages.has(number) && (envelope.seq - 1) % PAGE === 0) this.touch(number, []);
      const page = this.pages.get(number);
      if (page) page[envelope.seq - 1 - number * PAGE] = envelope;
    }
    this.head = Math.max(this.head, batch.to);
    if (this.filtered) this.refreshSoon();
    this.changed();
  }

  // Shows what arrived meanwhile.
  release() {
    this.top = this.head;
    this.matches = [...this.fresh, ...this.matches].slice(0, MATCHES_KEPT);
    this.fresh = [];
    this.changed();
  }

  async ask(parameters) {
    const generation = this.generation;
    const address = new URL(this.url, location.href);
    for (const [name, value] of new URLSearchParams(this.query)) address.searchParams.set(name, value);
    for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    const page = await answer.json();
    return generation === this.generation ? page : null;
  }

  async once(name, work) {
    if (this.pending.has(name)) return;
    const pending = this.pending;
    pending.add(name);
    try {
      await work();
      this.failure = null;
    } catch (error) {
      this.failure = error;
      await new Promise((resolve) => setTimeout(resolve, 2_000));
    } finally {
      pending.delete(name);
      this.changed();
    }
  }

  fetchPage(number) {
    return this.once(number, async () => {
      const page = await this.ask({ before: (number + 1) * PAGE + 1, limit: PAGE });
      if (!page) return;
      const rows = this.pages.get(number) ?? [];
      for (const envelope of page.envelopes) rows[envelope.seq - 1 - number * PAGE] = envelope;
      this.touch(number, rows);
    });
  }

  fetchMatches() {
    if (this.exhausted) return;
    this.once("matches", async () => {
      const last = this.matches.at(-1)?.seq;
      const page = await this.ask(last ? { before: last, limit: PAGE } : { limit: PAGE });
      if (!page) return;
      this.matches.push(...page.envelopes);
      this.more = page.more;
    });
  }

  refreshSoon() {
    clearTimeout(this.refreshing);
    this.refreshing = setTimeout(() => this.once("fresh", async () => {
      const page = await this.ask({ limit: PAGE });
      if (!page) return;
      const known = this.fresh[0]?.seq ?? this.matches[0]?.seq ?? 0;
      const newer = page.envelopes.filter((envelope) => envelope.seq > known);
      if (newer.length === PAGE && known) return this.reset(this.query);
      this.fresh = [...newer, ...this.fresh];
    }), 500);
  }
}
