// The event list: a virtual table over the store. Only the rows in sight exist; one render an animation frame.
import { h, render, options, Component } from "preact";
import htm from "htm";
import { EventStore } from "organism/eventstore.js";
import { EventDrawer } from "organism/eventdrawer.js";
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
    this.state = { first: 0, height: 600, selected: props.selected };
    this.store = new EventStore({ url: props.url, head: props.head, changed: () => this.pane && this.setState({}) });
    this.rowHeight = matchMedia("(max-width: 640px)").matches ? 52 : 28;
    this.onScroll = this.onScroll.bind(this);
    this.onKey = this.onKey.bind(this);
    if (props.query) this.store.reset(props.query);
  }

  componentDidMount() {
    this.sizes = new ResizeObserver(() => this.setState({ height: this.pane.clientHeight }));
    this.sizes.observe(this.pane);
  }

  componentWillUnmount() {
    this.sizes.disconnect();
  }

  append(batch) {
    this.store.append(batch);
    if (this.pane.scrollTop === 0 && !this.state.selected) this.store.release();
  }

  filter(query) {
    this.pane.scrollTop = 0;
    this.select(null);
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

  select(seq) {
    this.setState({ selected: seq });
    this.props.onSelect(seq);
  }

  move(step) {
    const index = this.state.selected == null ? 0 : this.store.indexOf(this.state.selected) + step;
    const envelope = index >= 0 && index < this.store.length ? this.store.at(index) : null;
    if (!envelope) return;
    this.select(envelope.seq);
    const top = index * this.rowHeight;
    if (top < this.pane.scrollTop) this.pane.scrollTop = top;
    else if (top + this.rowHeight > this.pane.scrollTop + this.pane.clientHeight) this.pane.scrollTop = top + this.rowHeight - this.pane.clientHeight;
  }

  onKey(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) this.move(steps[event.key]);
    else if (event.key === "Escape" && this.state.selected != null) { this.select(null); this.pane.focus(); }
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
        aria-selected=${String(seq === this.state.selected)} onClick=${() => this.select(seq)}>
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

  selectedEnvelope() {
    if (this.state.selected == null) return null;
    const index = this.store.indexOf(this.state.selected);
    return index < 0 || index >= this.store.length ? null : this.store.at(index);
  }

  note() {
    if (this.store.failure) return html`<p class="events-note" role="alert">The events could not be fetched: ${this.store.failure.message}. Trying again.</p>`;
    if (this.store.length || this.store.pending.size) return null;
    return html`<p class="events-note">${this.store.filtered ? "Nothing that happened matches this filter." : "Nothing has happened yet. The first event appears here as soon as a worker takes the run."}</p>`;
  }

  render() {
    const size = (node) => { if (node) node.style.height = `${this.store.length * this.rowHeight}px`; };
    const waiting = this.store.waiting;
    const active = this.state.selected == null ? null : `event-${this.state.selected}`;
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
      <${EventDrawer} envelope=${this.selectedEnvelope()} sprite=${this.props.sprite} onClose=${() => { this.select(null); this.pane.focus(); }} onKey=${this.onKey} />
    </div>`;
  }
}

export function mountEvents(element, { onSelect }) {
  const { url, head, sprite, query, selected } = element.dataset;
  let list;
  render(html`<${EventList} introduce=${(component) => { list = component; }} url=${url} head=${Number(head)} sprite=${sprite} query=${query}
    selected=${selected ? Number(selected) : null} onSelect=${onSelect} />`, element);
  return { append: (batch) => list.append(batch), filter: (query) => list.filter(query), unmount: () => render(null, element) };
}
