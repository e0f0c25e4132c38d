// What the grid holds: every column, and the cells of those cycles that were looked at last. Idle columns are put together.
export const PARTS = ["proposed", "promoted", "rejected", "effects", "gates", "errors", "milliseconds"];
const WIDTH = PARTS.length + 2;
const PAGE = 40;
const PAGES_KEPT = 12;

const isIdle = (column) => !column.slice(2, 7).some(Boolean);

export class GridStore {
  constructor({ url, told, changed }) {
    this.url = url;
    this.changed = changed;
    this.lines = told.lines;
    this.columns = [];
    this.lanes = [];
    this.most = [0, 0];
    this.cells = new Map();
    this.pages = new Map();
    this.pending = new Set();
    this.take(told);
  }

  get last() { return this.columns.at(-1)?.[0] ?? -1; }

  // Columns that are told again are replaced; they come in the order of cycles.
  take({ columns, cells, most }) {
    if (columns.length) {
      const at = this.columns.findIndex((column) => column[0] >= columns[0][0]);
      if (at >= 0) this.columns.length = at;
      this.columns.push(...columns);
      this.gather();
    }
    this.most = most.map((number, index) => Math.max(number, this.most[index]));
    for (let at = 0; at < cells.length; at += WIDTH) {
      const cycle = cells[at];
      if (!this.cells.has(cycle)) this.cells.set(cycle, new Map());
      this.cells.get(cycle).set(cells[at + 1], cells.slice(at + 2, at + WIDTH));
    }
  }

  // A lane is a column of the picture: one cycle, or several idle ones.
  gather() {
    this.lanes = [];
    for (const column of this.columns) {
      const before = this.lanes.at(-1);
      if (before?.idle && isIdle(column)) before.last = column[0];
      else this.lanes.push({ first: column[0], last: column[0], idle: isIdle(column), column });
    }
  }

  laneOf(cycle) {
    return this.lanes.findIndex((lane) => lane.first <= cycle && cycle <= lane.last);
  }

  // What stands in a cell: its parts, or null when nothing does. Line 0 is everybody together.
  at(lane, line) {
    if (line === 0) return lane.column.slice(1);
    return this.cells.get(lane.first)?.get(line) ?? null;
  }

  // Sees to it that the cells of these lanes are there.
  want(lanes) {
    for (const number of new Set(lanes.filter((lane) => !lane.idle).map((lane) => Math.floor(lane.first / PAGE)))) this.wantPage(number);
  }

  async wantPage(number) {
    const known = this.pages.get(number);
    if (known) {
      this.pages.delete(number);
      this.pages.set(number, known);
      return;
    }
    this.pages.set(number, true);
    this.forget();
    try {
      await this.fetch(number * PAGE - 1, number * PAGE + PAGE - 1);
    } catch {
      setTimeout(() => { this.pages.delete(number); this.changed(); }, 2_000);
    }
  }

  forget() {
    while (this.pages.size > PAGES_KEPT) {
      const [oldest] = this.pages.keys();
      this.pages.delete(oldest);
      for (let cycle = oldest * PAGE; cycle < (oldest + 1) * PAGE; cycle += 1) this.cells.delete(cycle);
    }
  }

  // What happened since: the last cycle may have gone on, so it is told again.
  async news() {
    if (this.asking) { this.again = true; return; }
    this.asking = true;
    this.again = false;
    try {
      await this.fetch(this.last - 1, null);
    } catch {
      this.again = true;
    }
    this.asking = false;
    if (this.again) setTimeout(() => this.news(), 1_000);
  }

  async fetch(after, until) {
    const address = new URL(this.url, location.href);
    address.searchParams.set("after", Math.max(after, -1));
    if (until !== null) address.searchParams.set("until", until);
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    const told = await answer.json();
    this.take(until === null ? told : { ...told, columns: [] });
    this.changed();
    const end = until ?? told.last;
    if (told.to < Math.min(end, told.last) && told.to > after) await this.fetch(told.to, until ?? told.last);
    else if (until === null) for (let number = Math.floor(Math.max(after + 1, 0) / PAGE) + 1; number * PAGE <= told.last; number += 1) this.pages.set(number, true);
  }
}
