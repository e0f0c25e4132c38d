// What one event is: in a sentence, with its figures, what it leads to, and the envelope as it stands in the journal.
import { h } from "preact";
import htm from "htm";
import { drawnHere } from "organism/drawer.js";
import { label, sentence } from "organism/words.js";

const html = htm.bind(h);
let list = null;

// The event list that is in the page now knows its neighbours; without one the journal is asked.
export function listIs(next) {
  list = next;
}

function Fields({ envelope }) {
  const fact = envelope.fact;
  const rows = [
    ["number", envelope.seq],
    ["when", new Date(envelope.occurred_at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "long" })],
    ["cycle", envelope.cycle],
    ["suggestor", envelope.suggestor],
    ["key", fact?.key],
    ["fact", fact?.id],
    ["provenance", fact?.provenance],
    ["confidence", fact?.confidence],
    ["logical time", fact?.stamp],
    ["event id", envelope.event_id],
  ];
  return html`<dl class="facts-list">${rows.filter(([, value]) => value != null && value !== "").map(([name, value]) =>
    html`<div key=${name}><dt>${name}</dt><dd class="wrap">${String(value)}</dd></div>`)}</dl>`;
}

function Links({ envelope }) {
  const { fact, identity } = envelope;
  return html`<p class="drawer-links">
    ${fact && html`<a href=${`?tab=context&key=${fact.key}&selected=${encodeURIComponent(`fact:${fact.key}/${fact.id}`)}`}>the fact, and why</a>`}
    ${identity && html`<a href=${`?tab=effects&selected=effect:${identity}`}>the effect</a>`}
    ${envelope.suggestor && html`<a href=${`?tab=events&cycle=${envelope.cycle}&suggestor=${encodeURIComponent(envelope.suggestor)}`}>what else it did in cycle ${envelope.cycle}</a>`}
  </p>`;
}

function picture(envelope) {
  if (!envelope) return html`<h2>Not there</h2><p class="quiet">The journal has no such place.</p>`;
  const text = envelope.fact?.payload?.payload?.text;
  return html`<p class="sort">${label(envelope.kind)}</p><h2 class="visually-hidden">Event ${envelope.seq}</h2>
    <p class="prose wrap">${text ?? sentence(envelope)}</p>
    <${Fields} envelope=${envelope} />
    <${Links} envelope=${envelope} />
    <details class="raw"><summary class="quiet">The envelope as it stands in the journal</summary><pre class="code" tabindex="0">${JSON.stringify(envelope, null, 2)}</pre></details>`;
}

async function envelopeAt(url, seq) {
  const address = new URL(url, location.href);
  address.searchParams.set("before", seq + 1);
  address.searchParams.set("limit", 1);
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  const [envelope] = answer.ok ? (await answer.json()).envelopes : [];
  return envelope?.seq === seq ? envelope : null;
}

// Events are drawn from what the page has at hand; only one that it does not hold is asked of the server.
export function drawEvents(url) {
  drawnHere("event", {
    paint: async (name) => picture(list?.held(Number(name)) ?? await envelopeAt(url, Number(name))),
    walk: (name, step) => list?.neighbour(Number(name), step) ?? null,
  });
}
