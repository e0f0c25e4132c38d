// The cycle × suggestor grid: only the cells in sight exist. Choosing a cell, a cycle or a suggestor narrows everything below it.
import { h, render, Component } from "preact";
import htm from "htm";
import { GridStore, PARTS } from "organism/gridstore.js";
import { throttled } from "organism/draw.js";
import { choose, query } from "organism/selection.js";
import { open } from "organism/drawer.js";
import { grouped } from "organism/words.js";

const html = htm.bind(h);
const LANE = 24;
const ROW = 24;
const HEAD = 20;
const BAR = 16;
const SHORTEST = 3;
const OVERSCAN = 3;
const FOLDED_FROM = 15;
const NEWS_EVERY = 700;
const part = Object.fromEntries(PARTS.map((name, index) => [name, index]));

function count(number, one, many = `${one}s`) {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

function span(lane) {
  return lane.first === lane.last ? `Cycle ${grouped(lane.first)}` : `Cycles ${grouped(lane.first)}–${grouped(lane.last)}`;
}

function took(milliseconds) {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

// The numbers of a cell in words.
export function says(lane, name, cell) {
  const who = name ? `${span(lane)}, ${name}` : span(lane);
  if (lane.idle) return `${who}: nothing came of ${lane.first === lane.last ? "it" : "them"}`;
  if (!cell) return `${who}: not at work`;
  const [proposed, promoted, rejected, effects, gates, errors, milliseconds] = cell;
  const parts = [`${grouped(proposed)} proposed`, `${grouped(promoted)} promoted`, `${grouped(rejected)} rejected`];
  if (effects) parts.push(count(effects, "effect"));
  if (gates) parts.push(count(gates, "gate"));
  if (errors) parts.push(count(errors, "failure"));
  if (milliseconds) parts.push(took(milliseconds));
  return `${who}: ${parts.join(", ")}`;
}

class Grid extends Component {
  constructor(props) {
    super(props);
    props.introduce(this);
    this.store = new GridStore({ url: props.url, told: props.told, changed: () => this.pane && this.arrange() });
    const groups = this.store.lines.map((line, index) => (line.size ? index : -1)).filter((index) => index >= 0);
    const folded = new Set(this.store.lines.length > FOLDED_FROM ? groups : []);
    this.state = { x: 0, y: 0, width: 800, height: 300, cursor: null, hover: null, folded };
    this.phone = matchMedia("(max-width: 640px)");
    this.stir = throttled(() => this.store.news(), NEWS_EVERY);
    for (const name of ["onScroll", "onKey", "onMove", "onLeave", "onClick"]) this[name] = this[name].bind(this);
  }

  componentDidMount() {
    this.sizes = new ResizeObserver(() => this.setState({ width: this.pane.clientWidth, height: this.pane.clientHeight }));
    this.sizes.observe(this.pane);
    this.unsubscribe = query.subscribe(() => this.setState({}));
    this.phone.addEventListener("change", () => this.setState({}));
    const chosen = this.chosenLane();
    if (chosen >= 0) this.pane.scrollLeft = (chosen - 5) * LANE;
    else if (!this.props.finished) this.toEnd();
  }

  get labelWidth() { return this.phone.matches ? 0 : 184; }

  // The lines in the picture below the first: those of folded groups are left out.
  shown() {
    if (this.phone.matches) return [];
    return this.store.lines.map((_, index) => index).filter((index) => index && !this.state.folded.has(this.store.lines[index].group));
  }

  chosenLane() {
    const cycle = Number.parseInt(query.value.get("cycle") ?? "", 10);
    return Number.isNaN(cycle) ? -1 : this.store.laneOf(cycle);
  }

  // Where the time machine stands.
  pastLane() {
    return /^\d{1,9}$/.test(query.value.get("at") ?? "") ? this.store.laneOf(Number(query.value.get("at"))) : -1;
  }

  // New columns never move what is looked at; who looks at the end stays there.
  arrange() {
    const atEnd = this.pane.scrollLeft + this.pane.clientWidth >= this.pane.scrollWidth - LANE;
    const wide = this.size;
    this.setState({}, () => { if (atEnd && wide !== this.store.lanes.length && this.state.cursor === null) this.toEnd(); });
  }

  toEnd() {
    this.pane.scrollLeft = this.pane.scrollWidth;
  }

  onScroll() {
    this.setState({ x: this.pane.scrollLeft, y: this.pane.scrollTop });
  }

  // Where a pointer is: the lane (or -1 over the names) and the line (null over the numbers of the cycles).
  placeOf(event) {
    const box = this.pane.getBoundingClientRect();
    const x = event.clientX - box.left - this.pane.clientLeft;
    const y = event.clientY - box.top - this.pane.clientTop;
    const lane = x < this.labelWidth ? -1 : Math.floor((x - this.labelWidth + this.pane.scrollLeft) / LANE);
    const line = y < HEAD ? null : y < HEAD + ROW ? 0 : this.shown()[Math.floor((y - HEAD - ROW + this.pane.scrollTop) / ROW)];
    return lane >= this.store.lanes.length || line === undefined ? null : { lane, line };
  }

  onMove(event) {
    const hover = this.placeOf(event);
    const known = this.state.hover;
    if (hover?.lane !== known?.lane || hover?.line !== known?.line) this.setState({ hover });
  }

  onLeave() {
    this.setState({ hover: null });
  }

  onClick(event) {
    const place = this.placeOf(event);
    if (place) this.act(place);
  }

  // A name folds its group or chooses its suggestor; a number chooses its cycle; a cell chooses both.
  act({ lane, line }) {
    const { lines, lanes } = this.store;
    if (lane < 0 && lines[line]?.size) return this.fold(line);
    const { first, last } = lanes[lane] ?? {};
    const cycle = lane < 0 ? query.value.get("cycle") ?? "" : first === last ? `${first}` : `${first}-${last}`;
    const suggestor = line && !lines[line].size ? lines[line].name : "";
    const same = (query.value.get("cycle") ?? "") === cycle && (query.value.get("suggestor") ?? "") === suggestor;
    choose(same ? { cycle: lane < 0 ? cycle : "", suggestor: "" } : { cycle, suggestor }, { push: true });
  }

  fold(line) {
    const folded = new Set(this.state.folded);
    if (!folded.delete(line)) folded.add(line);
    this.setState({ folded });
  }

  onKey(event) {
    const shown = [0, ...this.shown()];
    const at = this.state.cursor ?? { lane: Math.max(0, this.chosenLane() < 0 ? this.store.lanes.length - 1 : this.chosenLane()), line: 0 };
    const place = shown.indexOf(at.line ?? 0);
    const page = Math.max(1, Math.floor((this.state.height - HEAD - ROW) / ROW));
    const to = (lane, row) => ({ lane: Math.max(-1, Math.min(this.store.lanes.length - 1, lane)), line: shown[Math.max(0, Math.min(shown.length - 1, row))] });
    const moves = {
      ArrowRight: () => to(at.lane + 1, place), ArrowLeft: () => to(at.lane - 1, place), ArrowDown: () => to(at.lane, place + 1),
      ArrowUp: () => to(at.lane, place - 1), Home: () => to(0, place), End: () => to(this.store.lanes.length, place),
      PageDown: () => to(at.lane, place + page), PageUp: () => to(at.lane, place - page),
    };
    if (event.key in moves) this.setState({ cursor: this.state.cursor === null && event.key.startsWith("Arrow") ? at : moves[event.key]() }, () => this.reveal());
    else if (event.key === "Enter" || event.key === " ") this.act(at);
    else if (event.key === "i") this.tell(at);
    else if (event.key === "Escape" && (query.value.get("cycle") || query.value.get("suggestor"))) choose({ cycle: "", suggestor: "" }, { push: true });
    else return;
    event.preventDefault();
  }

  tell({ lane, line }) {
    if (lane >= 0) open(`cell:${this.store.lanes[lane].first}/${line && !this.store.lines[line].size ? this.store.lines[line].name : ""}`);
  }

  reveal() {
    const { lane, line } = this.state.cursor;
    const room = this.pane.clientWidth - this.labelWidth;
    const left = lane * LANE;
    if (left < this.pane.scrollLeft) this.pane.scrollLeft = Math.max(0, left);
    else if (left + LANE > this.pane.scrollLeft + room) this.pane.scrollLeft = left + LANE - room;
    if (!line) return;
    const top = this.shown().indexOf(line) * ROW;
    const tall = this.pane.clientHeight - HEAD - ROW;
    if (top < this.pane.scrollTop) this.pane.scrollTop = top;
    else if (top + ROW > this.pane.scrollTop + tall) this.pane.scrollTop = top + ROW - tall;
  }

  lanesInSight() {
    const from = Math.max(0, Math.floor(this.state.x / LANE) - OVERSCAN);
    const to = Math.min(this.store.lanes.length, Math.ceil((this.state.x + this.state.width - this.labelWidth) / LANE) + OVERSCAN);
    return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
  }

  bar(number, most) {
    return number ? Math.max(SHORTEST, Math.round((BAR * number) / Math.max(1, most))) : 0;
  }

  cell(index, line) {
    const lane = this.store.lanes[index];
    const cell = this.store.at(lane, line);
    const here = this.state.cursor?.lane === index && this.state.cursor.line === line;
    if (!cell && !here) return null;
    const most = this.store.most[line === 0 || this.store.lines[line].size ? 0 : 1];
    const marks = cell ? [cell[part.effects] && "effect", cell[part.gates] && "gate", cell[part.errors] && "error"].filter(Boolean).join(" ") : "";
    const style = { left: `${this.labelWidth + index * LANE}px` };
    if (cell) Object.assign(style, { "--up": `${this.bar(cell[part.promoted], most)}px`, "--down": `${this.bar(cell[part.rejected], most)}px` });
    const quiet = cell && !cell.slice(1, 6).some(Boolean);
    return html`<div role="gridcell" key=${index} id=${`cell-${lane.first}-${line}`} aria-colindex=${index + 2} aria-label=${says(lane, line ? this.store.lines[line].name : "", cell)}
      class=${`cell ${marks}${quiet ? " quiet" : ""}${lane.idle ? " idle" : ""}${here ? " here" : ""}`} style=${style}></div>`;
  }

  name(line) {
    const { name, size, group } = this.store.lines[line];
    const open = size ? String(!this.state.folded.has(line)) : null;
    const here = this.state.cursor?.lane === -1 && this.state.cursor.line === line;
    return html`<div role="rowheader" class=${`name${size ? " group" : ""}${group == null ? "" : " inside"}${here ? " here" : ""}`} id=${`line-${line}`} aria-colindex="1" aria-expanded=${open} title=${name}>
      <span class="text">${name}</span>${size ? html`<span class="faint">${size}</span>` : null}</div>`;
  }

  row(line, top, lanes) {
    const chosen = line && this.store.lines[line].name === query.value.get("suggestor");
    return html`<div role="row" key=${line} aria-rowindex=${line + 2} aria-selected=${chosen ? "true" : null} class=${`grid-row${chosen ? " chosen" : ""}${line === 0 ? " all" : ""}`} style=${line === 0 ? null : { top: `${top}px` }}>
      ${this.labelWidth ? this.name(line) : null}${lanes.map((index) => this.cell(index, line))}</div>`;
  }

  number(index) {
    const lane = this.store.lanes[index];
    const chosen = index === this.chosenLane();
    const size = lane.last - lane.first + 1;
    const said = lane.idle ? `·${size}` : this.store.lanes.length < 45 || lane.first % 5 === 0 || chosen ? lane.first : "";
    return html`<div role="columnheader" key=${index} aria-colindex=${index + 2} class=${`number${lane.idle ? " idle" : ""}${chosen ? " chosen" : ""}`} title=${lane.idle ? says(lane, "", null) : span(lane)}
      style=${{ left: `${this.labelWidth + index * LANE}px` }}>${said}</div>`;
  }

  band(index, kind) {
    return index >= 0 && index < this.store.lanes.length ? html`<div class=${`band ${kind}`} key=${kind} role="presentation" style=${{ left: `${this.labelWidth + index * LANE}px` }}></div>` : null;
  }

  readout() {
    const place = this.state.hover ?? this.state.cursor;
    if (!place || place.lane < 0 || !this.store.lanes[place.lane]) return this.rest();
    const lane = this.store.lanes[place.lane];
    const line = place.line ?? 0;
    return says(lane, line ? this.store.lines[line].name : "", this.store.at(lane, line));
  }

  rest() {
    const sum = (name) => this.store.columns.reduce((total, column) => total + column[part[name] + 1], 0);
    const busiest = this.store.columns.reduce((most, column) => (column[2] > (most?.[2] ?? 0) ? column : most), null);
    const peak = busiest && this.store.columns.length > 1 ? `; most in cycle ${grouped(busiest[0])} (${grouped(busiest[2])})` : "";
    return `${grouped(sum("promoted"))} promoted, ${grouped(sum("rejected"))} rejected${peak}`;
  }

  render() {
    const lines = this.shown();
    const lanes = this.lanesInSight();
    this.size = this.store.lanes.length;
    if (!this.phone.matches) this.store.want(lanes.map((index) => this.store.lanes[index]));
    const from = Math.max(0, Math.floor(this.state.y / ROW) - OVERSCAN);
    const to = Math.min(lines.length, Math.ceil((this.state.y + this.state.height) / ROW) + OVERSCAN);
    const { cursor, hover } = this.state;
    const active = cursor && (cursor.lane < 0 ? `line-${cursor.line}` : `cell-${this.store.lanes[cursor.lane]?.first}-${cursor.line ?? 0}`);
    const size = { width: `${this.labelWidth + this.store.lanes.length * LANE}px`, height: `${HEAD + ROW + lines.length * ROW}px` };
    return html`<div class="grid-pane" role="grid" tabindex="0" aria-label="Cycles and suggestors" aria-rowcount=${this.store.lines.length + 1} aria-colcount=${this.store.lanes.length + 1}
        aria-activedescendant=${active} ref=${(node) => { this.pane = node ?? this.pane; }} onScroll=${this.onScroll} onKeyDown=${this.onKey}
        onPointerMove=${this.onMove} onPointerLeave=${this.onLeave} onClick=${this.onClick} onBlur=${() => this.setState({ cursor: null })}>
      <div class="grid-size" role="presentation" style=${size}>
        ${this.band(this.chosenLane(), "chosen")}${this.band(this.pastLane(), "past")}${this.band(hover?.lane ?? -1, "hover")}
        <div role="row" aria-rowindex="1" class="grid-head">${this.labelWidth ? html`<div role="columnheader" class="name corner" aria-colindex="1">cycle</div>` : null}${lanes.map((index) => this.number(index))}</div>
        ${this.row(0, 0, lanes)}
        ${lines.slice(from, to).map((line, index) => this.row(line, HEAD + ROW + (from + index) * ROW, lanes))}
      </div>
    </div>
    <p class="grid-says"><output aria-live="off">${this.readout()}</output>
      <span class="grid-key" aria-hidden="true"><span><i class="promoted"></i>promoted</span><span><i class="rejected"></i>rejected</span><span><i class="effect"></i>effect</span><span><i class="gate"></i>gate</span></span>
      <span class="keys-hint" aria-hidden="true">arrows walk, Enter chooses, I tells what was done, Esc shows everything</span></p>`;
  }
}

export function mountGrid(element) {
  if (!element) return null;
  const told = JSON.parse(document.getElementById("grid-told").textContent);
  let grid;
  render(html`<${Grid} introduce=${(component) => { grid = component; }} url=${element.dataset.url} finished=${element.dataset.finished} told=${told} />`, element);
  return { stir: () => grid.stir() };
}
