// The event list: a virtual table over the store. Only the rows in sight exist; one render an animation frame.
import { h, render, options, Component } from "preact";
import htm from "htm";
import { EventStore } from "organism/eventstore.js";
import { listIs } from "organism/eventdrawer.js";
import { asked, query as address } from "organism/selection.js";
import { isOpen, open } from "organism/drawer.js";
import { icon, label, sentence, tone } from "organism/words.js";

const html = htm.bind(h);
const OVERSCAN = 8;
options.debounceRendering = requestAnimationFrame;

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });

export function Icon({ sprite, name }) {
  return html`<svg class="icon" aria-hidden="true" focusable="false"><use href=${`${sprite}#${name}`} /></svg>`;
}

class EventList extends Component {
  constructor(props) {
    super(props);
    props.introduce(this);
    this.state = { first: 0, height: 600 };
    this.store = new EventStore({ url: props.url, head: props.head, changed: () => this.pane && this.setState({}) });
    this.rowHeight = matchMedia("(max-width: 640px)").matches ? 52 : 28;
    this.onScroll = this.onScroll.bind(this);
    this.onKey = this.onKey.bind(this);
    if (props.query) this.store.reset(props.query);
  }

  componentDidMount() {
    this.sizes = new ResizeObserver(() => this.setState({ height: this.pane.clientHeight }));
    this.sizes.observe(this.pane);
    this.unsubscribe = address.subscribe(() => this.setState({}));
    listIs({ held: (seq) => this.held(seq), neighbour: (seq, step) => this.neighbour(seq, step) });
  }

  componentWillUnmount() {
    this.sizes.disconnect();
    this.unsubscribe();
    listIs(null);
  }

  get selected() {
    const [sort, seq] = asked("selected").split(":");
    return sort === "event" ? Number(seq) : null;
  }

  append(batch) {
    this.store.append(batch);
    if (this.pane.scrollTop === 0 && this.selected == null) this.store.release();
  }

  filter(query) {
    this.pane.scrollTop = 0;
    this.store.reset(query);
  }

  onScroll() {
    this.setState({ first: Math.floor(this.pane.scrollTop / this.rowHeight) });
  }

  toTop() {
    this.store.release();
    this.pane.scrollTop = 0;
    this.pane.focus();
  }

  held(seq) {
    const index = this.store.indexOf(seq);
    return index < 0 || index >= this.store.length ? null : this.store.at(index);
  }

  // Newest first: the next event is the one below.
  neighbour(seq, step) {
    const index = this.store.indexOf(seq) + step;
    const envelope = index >= 0 && index < this.store.length ? this.store.at(index) : null;
    if (envelope) this.reveal(index);
    return envelope?.seq ?? null;
  }

  reveal(index) {
    const top = index * this.rowHeight;
    if (top < this.pane.scrollTop) this.pane.scrollTop = top;
    else if (top + this.rowHeight > this.pane.scrollTop + this.pane.clientHeight) this.pane.scrollTop = top + this.rowHeight - this.pane.clientHeight;
  }

  onKey(event) {
    if (event.key === "ArrowDown" && !isOpen() && this.store.length) open(`event:${this.store.at(Math.floor(this.pane.scrollTop / this.rowHeight))?.seq}`);
    else if (event.key === "Home") this.pane.scrollTop = 0;
    else if (event.key === "End") this.pane.scrollTop = this.pane.scrollHeight;
    else return;
    event.preventDefault();
  }

  row(index) {
    const envelope = this.store.at(index);
    const top = (node) => { if (node) node.style.transform = `translateY(${index * this.rowHeight}px)`; };
    if (!envelope) return html`<div class="event waiting" role="row" key=${index} ref=${top}><span role="gridcell"><span class="skeleton">loading</span></span></div>`;
    const seq = envelope.seq;
    return html`<div class=${`event ${tone(envelope)}`} role="row" id=${`event-${seq}`} key=${`s${seq}`} ref=${top} aria-rowindex=${index + 2}
        aria-selected=${String(seq === this.selected)} onClick=${() => open(`event:${seq}`)}>
      <span role="gridcell" class="seq">${seq}</span>
      <span role="gridcell" class="at" title=${new Date(envelope.occurred_at).toLocaleString()}>${clock.format(new Date(envelope.occurred_at))}</span>
      <span role="gridcell" class="cycle">${envelope.cycle}</span>
      <span role="gridcell" class="kind"><${Icon} sprite=${this.props.sprite} name=${icon(envelope)} />${label(envelope.kind)}</span>
      <span role="gridcell" class="who" title=${envelope.suggestor ?? ""}>${envelope.suggestor ?? ""}</span>
      <span role="gridcell" class="what">${sentence(envelope)}</span>
    </div>`;
  }

  rows() {
    const from = Math.max(0, this.state.first - OVERSCAN);
    const to = Math.min(this.store.length, this.state.first + Math.ceil(this.state.height / this.rowHeight) + OVERSCAN);
    return Array.from({ length: Math.max(0, to - from) }, (_, offset) => this.row(from + offset));
  }

  note() {
    if (this.store.failure) return html`<p class="events-note" role="alert">The events could not be fetched: ${this.store.failure.message}. Trying again.</p>`;
    if (this.store.length || this.store.pending.size) return null;
    return html`<p class="events-note">${this.store.filtered ? "Nothing that happened matches this filter." : "Nothing has happened yet. The first event appears here as soon as a worker takes the run."}</p>`;
  }

  render() {
    const size = (node) => { if (node) node.style.height = `${this.store.length * this.rowHeight}px`; };
    const waiting = this.store.waiting;
    const active = this.selected == null ? null : `event-${this.selected}`;
    return html`<div class="events">
      <div class="events-main">
        ${waiting > 0 && html`<button type="button" class="button small events-new" onClick=${() => this.toTop()}>
          ${waiting} new<${Icon} sprite=${this.props.sprite} name="arrow-up" /></button>`}
        <div class="events-pane" role="grid" aria-label="Events, newest first" aria-rowcount=${this.store.length + 1} aria-activedescendant=${active}
            tabindex="0" ref=${(node) => { this.pane = node ?? this.pane; }} onScroll=${this.onScroll} onKeyDown=${this.onKey}>
          <div class="event head" role="row" aria-rowindex="1">
            <span role="columnheader" class="seq">#</span><span role="columnheader" class="at">time</span><span role="columnheader" class="cycle">cycle</span>
            <span role="columnheader" class="kind">kind</span><span role="columnheader" class="who">suggestor</span><span role="columnheader" class="what">what happened</span>
          </div>
          <div class="events-size" role="rowgroup" ref=${size}>${this.rows()}</div>
        </div>
        ${this.note()}
      </div>
    </div>`;
  }
}

export function showEvents(element, query) {
  const { url, head, sprite } = element.dataset;
  let list;
  render(html`<${EventList} introduce=${(component) => { list = component; }} url=${url} head=${Number(head)} sprite=${sprite} query=${query} />`, element);
  return { append: (batch) => list.append(batch), filter: (next) => list.filter(next), unmount: () => render(null, element) };
}
