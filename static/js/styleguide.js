// The parts of the styleguide that move: toast, confirm, drawer.
import { h } from "preact";
import htm from "htm";
import { toast } from "organism/toast.js";
import { confirm } from "organism/confirm.js";
import { drawnHere } from "organism/drawer.js";

const html = htm.bind(h);
const said = document.getElementById("guide-said");
const acts = {
  "toast": () => toast("The run is archived."),
  "toast-undo": () => toast("3 runs are archived.", { undo: () => { said.textContent = "taken back"; }, done: () => { said.textContent = "done"; } }),
  "toast-bad": () => toast("The server did not answer. Nothing was changed.", { tone: "bad" }),
  "confirm": async () => { said.textContent = await confirm("Cancel this run? It ends after the cycle that is under way.", { verb: "Cancel the run" }) ? "agreed" : "kept"; },
  "confirm-name": async () => { said.textContent = await confirm("Delete the formation and its 12 runs? This cannot be undone.", { verb: "Delete", name: "vendor-panel" }) ? "agreed" : "kept"; },
};

document.addEventListener("click", (event) => acts[event.target.closest("[data-guide]")?.dataset.guide]?.());
drawnHere("part", {
  paint: (name) => html`<p class="sort">Fact under Hypotheses</p><h2>${name}</h2>
    <p class="prose">What it is, in a sentence. Then why, its payload, and where it leads.</p>
    <dl class="facts-list"><div><dt>by</dt><dd>ada</dd></div><div><dt>cycle</dt><dd>12</dd></div></dl>`,
});
