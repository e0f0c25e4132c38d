// What one event is: in a sentence, with its figures and the envelope as it stands in the journal.
import { h } from "preact";
import htm from "htm";
import { label, sentence } from "organism/words.js";

const html = htm.bind(h);

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

export function EventDrawer({ envelope, sprite, onClose, onKey }) {
  if (!envelope) return null;
  const text = envelope.fact?.payload?.payload?.text;
  return html`<aside class="drawer" aria-label="Selected event" onKeyDown=${onKey}>
    <div class="drawer-head">
      <h2>${label(envelope.kind)}</h2>
      <button type="button" class="button quiet square" aria-label="Close" title="Close (Esc)" onClick=${onClose}>
        <svg class="icon" aria-hidden="true"><use href=${`${sprite}#x`} /></svg>
      </button>
    </div>
    <p class="prose wrap">${text ?? sentence(envelope)}</p>
    <${Fields} envelope=${envelope} />
    <details class="raw"><summary class="quiet">The envelope as it stands in the journal</summary><pre class="code" tabindex="0">${JSON.stringify(envelope, null, 2)}</pre></details>
  </aside>`;
}
