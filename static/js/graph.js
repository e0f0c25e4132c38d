// What rests on what, in layers by cycle. The server decides what is put together and where everything stands; here it is drawn,
// and only what is in sight exists. Arrows walk, Enter opens, f puts a fact in focus, Escape leaves it.
import { h, render, Component } from "preact";
import htm from "htm";
import { asked, choose, whenChosen } from "organism/selection.js";
import { open } from "organism/drawer.js";
import { throttled } from "organism/draw.js";
import { grouped } from "organism/words.js";

const html = htm.bind(h);
const COLUMN = 232;
const WIDE = 184;
const ROW = 32;
const TALL = 24;
const LEFT = 12;
const TOP = 32;
const OVERSCAN = 160;
const ASKED = ["at", "cycle", "suggestor", "focus", "way", "open"];
const NEWS_EVERY = 3_000;
const WAYS = [["", "Both ways"], ["ancestors", "What it rests on"], ["descendants", "What rests on it"]];

const x = (node) => LEFT + node.layer * COLUMN;
const y = (node) => TOP + node.row * ROW;
const spaced = (text) => text.replace(/([a-z])([A-Z])/g, "$1 $2");

function count(number, one) {
  return `${grouped(number)} ${number === 1 ? one : `${one}s`}`;
}

function curve(from, to) {
  const [x1, y1, x2, y2] = [x(from) + WIDE, y(from) + TALL / 2, x(to), y(to) + TALL / 2];
  const bend = (x1 + x2) / 2;
  return `M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`;
}

function name(node) {
  return node.count === 1 ? node.label : [`${grouped(node.count)} ${spaced(node.key) || "nodes"}`, node.label].filter(Boolean).join(" · ");
}

function says(node) {
  const when = node.last > node.cycle ? `cycles ${node.cycle}–${node.last}` : `cycle ${node.cycle}`;
  return [node.count === 1 ? node.label : `${grouped(node.count)} nodes`, spaced(node.key), node.by, when].filter(Boolean).join(", ");
}

function query(more = {}) {
  const wanted = new URLSearchParams(ASKED.filter((part) => asked(part)).map((part) => [part, asked(part)]));
  for (const [part, value] of Object.entries(more)) wanted.set(part, value);
  return wanted.size ? `?${wanted}` : "";
}

class Graph extends Component {
  constructor(props) {
    super(props);
    props.introduce(this);
    this.state = { graph: null, x: 0, y: 0, width: 1000, height: 480, cursor: -1, failed: false };
    for (const act of ["onScroll", "onKey"]) this[act] = this[act].bind(this);
  }

  componentDidMount() {
    this.forget = whenChosen(ASKED, () => this.ask());
    this.unmark = whenChosen(["selected"], () => this.setState({}));
    this.ask();
  }

  componentWillUnmount() {
    this.forget();
    this.unmark();
    this.sizes?.disconnect();
    this.asking?.abort();
  }

  async ask() {
    this.asking?.abort();
    const asking = this.asking = new AbortController();
    try {
      const answer = await fetch(this.props.source + query(), { signal: asking.signal });
      if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
      this.take(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") this.setState({ failed: true });
    }
  }

  take(graph) {
    const thing = this.state.graph?.nodes[this.state.cursor]?.thing;
    this.places = new Map(graph.nodes.map((node, place) => [`${node.layer}/${node.row}`, place]));
    this.curves = graph.edges.map(([from, to]) => curve(graph.nodes[from], graph.nodes[to])).join("");
    this.touching = graph.nodes.map(() => []);
    for (const [from, to] of graph.edges) { this.touching[from].push([from, to]); this.touching[to].push([from, to]); }
    this.size = { width: LEFT * 2 + graph.layers.length * COLUMN, height: TOP + ROW * (1 + graph.nodes.reduce((most, node) => Math.max(most, node.row), 0)) };
    this.setState({ graph, failed: false, cursor: graph.nodes.findIndex((node) => node.thing === thing) });
  }

  watch(pane) {
    if (!pane || this.pane === pane) return;
    this.pane = pane;
    this.sizes?.disconnect();
    this.sizes = new ResizeObserver(() => this.setState({ width: pane.clientWidth, height: pane.clientHeight }));
    this.sizes.observe(pane);
  }

  onScroll() {
    this.setState({ x: this.pane.scrollLeft, y: this.pane.scrollTop });
  }

  act(node) {
    if (node.sort === "group") choose({ open: node.thing.slice(6) }, { push: true });
    else open(node.thing);
  }

  focus(node) {
    if (node?.sort === "fact") choose({ focus: node.thing.slice(5), open: "" }, { push: true });
  }

  near(layer, row) {
    for (let step = 0; step <= row; step += 1)
      if (this.places.has(`${layer}/${row - step}`)) return this.places.get(`${layer}/${row - step}`);
    return -1;
  }

  onKey(event) {
    const { graph, cursor } = this.state;
    if (!graph?.nodes.length) return;
    const at = graph.nodes[cursor];
    const moves = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
    if (event.key in moves) {
      const [over, down] = moves[event.key];
      const next = at ? (over ? this.near(at.layer + over, at.row) : this.places.get(`${at.layer}/${at.row + down}`) ?? -1) : this.places.get("0/0");
      if (next >= 0) this.setState({ cursor: next }, () => this.reveal(graph.nodes[next]));
    } else if (at && (event.key === "Enter" || event.key === " ")) this.act(at);
    else if (event.key === "f") this.focus(at);
    else if (event.key === "Escape" && asked("focus") && !asked("selected")) choose({ focus: "", way: "" }, { push: true });
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  reveal(node) {
    const { pane } = this;
    if (x(node) < pane.scrollLeft) pane.scrollLeft = x(node) - LEFT;
    else if (x(node) + WIDE > pane.scrollLeft + pane.clientWidth) pane.scrollLeft = x(node) + WIDE + LEFT - pane.clientWidth;
    if (y(node) - TOP < pane.scrollTop) pane.scrollTop = y(node) - TOP;
    else if (y(node) + ROW > pane.scrollTop + pane.clientHeight) pane.scrollTop = y(node) + ROW - pane.clientHeight;
  }

  inSight(node) {
    const { x: left, y: top, width, height } = this.state;
    return x(node) + WIDE > left - OVERSCAN && x(node) < left + width + OVERSCAN && y(node) + TALL > top - OVERSCAN && y(node) < top + height + OVERSCAN;
  }

  node(node, place, chosen) {
    const marked = place === chosen;
    return html`<div role="option" key=${node.thing} id=${`node-${place}`} aria-selected=${String(marked)} class=${`node ${node.sort}${place === this.state.cursor ? " here" : ""}${node.thing === `fact:${asked("focus")}` ? " focused" : ""}`}
      title=${says(node)} aria-label=${says(node)} style=${{ left: `${x(node)}px`, top: `${y(node)}px` }} onClick=${() => { this.setState({ cursor: place }); this.act(node); }}><span class="text">${name(node)}</span></div>`;
  }

  tools(graph) {
    const focus = asked("focus");
    const keep = (form) => `${form === "svg" ? this.props.drawing : this.props.source}${query({ keep: "yes" })}`;
    return html`<div class="graph-tools">
      ${focus ? html`<button type="button" class="chip" aria-label=${`${focus}; take away`} onClick=${() => choose({ focus: "", way: "" }, { push: true })}>around <span class="mono text">${focus}</span></button>
        <span class="segments" role="group" aria-label="Which way">${WAYS.map(([way, label]) => html`<button type="button" class="button small quiet" aria-pressed=${String(asked("way") === way)} onClick=${() => choose({ way }, { push: true })}>${label}</button>`)}</span>` : null}
      ${asked("open") ? html`<button type="button" class="button small" onClick=${() => choose({ open: "" }, { push: true })}>Close the group</button>` : null}
      <p class="caption">${count(graph.facts, "fact")}, ${count(graph.recorded, "recorded edge")}${graph.silent ? `; ${count(graph.silent, "fact")} without a word on what ${graph.silent === 1 ? "it rests" : "they rest"} on, and nothing is guessed` : ""}${graph.is_grouped ? "; what is too much to draw stands together: choose a group to open it" : ""}${graph.is_missing ? `; ${focus} is no fact here` : ""}.</p>
      <span class="graph-keep"><a href=${keep("svg")}>SVG</a> <a href=${keep("json")}>JSON</a></span></div>`;
  }

  render(props, { graph, failed, cursor }) {
    if (failed) return html`<div class="empty"><h2>Not drawn</h2><p>The server could not be asked. <button type="button" class="button" onClick=${() => this.ask()}>Try again</button></p></div>`;
    if (!graph) return html`<p class="skeleton graph-skeleton">looking at what rests on what</p>`;
    if (!graph.nodes.length) return html`<div class="empty"><h2>No facts yet</h2><p>Facts stand here by their cycle, with lines to those that they declare to rest on.</p></div>`;
    const chosen = graph.nodes.findIndex((node) => node.thing === asked("selected"));
    const lit = [...new Set([cursor, chosen])].flatMap((place) => this.touching[place] ?? []).map(([from, to]) => curve(graph.nodes[from], graph.nodes[to])).join("");
    return html`${this.tools(graph)}
      <div class="graph-pane" role="listbox" tabindex="0" aria-label="What rests on what: arrows walk, Enter opens, f focuses" aria-activedescendant=${cursor >= 0 ? `node-${cursor}` : null}
        ref=${(pane) => this.watch(pane)} onScroll=${this.onScroll} onKeyDown=${this.onKey}>
        <div class="graph-size" role="presentation" style=${{ width: `${this.size.width}px`, height: `${this.size.height}px` }}>
          <svg width=${this.size.width} height=${this.size.height} aria-hidden="true"><path class="edges" d=${this.curves} /><path class="edges lit" d=${lit} /></svg>
          ${graph.layers.map((cycle, layer) => (cycle && Math.abs(LEFT + layer * COLUMN - this.state.x - this.state.width / 2) < this.state.width ? html`<span key=${`c${layer}`} class="graph-cycle" aria-hidden="true" style=${{ left: `${LEFT + layer * COLUMN}px` }}>cycle ${grouped(cycle)}</span>` : null))}
          ${graph.nodes.map((node, place) => (this.inSight(node) || place === cursor ? this.node(node, place, chosen) : null))}
        </div>
      </div>
      <details id="graph-table" class="raw" onToggle=${(event) => event.target.open && window.htmx.ajax("GET", this.props.table + query(), { target: "#graph-rows", swap: "outerHTML" })}><summary class="quiet">The same as a table</summary><div><div id="graph-rows"></div></div></details>`;
  }
}

export function mount(element) {
  let graph;
  const { source, drawing, table } = element.dataset;
  render(html`<${Graph} introduce=${(component) => { graph = component; }} source=${source} drawing=${drawing} table=${table} />`, element);
  const news = throttled(() => graph.ask(), NEWS_EVERY);
  return {
    append(batch) { if (batch.envelopes.some((envelope) => envelope.kind === "FactPromoted")) news(); },
    unmount() { render(null, element); },
  };
}
