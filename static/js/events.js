// The Events tab: the list, and around it the facets and the search that say what it shows. All of them follow the address.
import { asked, choose, whenChosen } from "organism/selection.js";
import { showEvents } from "organism/eventlist.js";
import { drawPart, throttled } from "organism/draw.js";

const FILTERS = ["kind", "suggestor", "cycle", "key", "severity", "text"];
const COUNT_EVERY = 3_000;

function wanted() {
  return new URLSearchParams(FILTERS.map((name) => [name, asked(name)]).filter(([, value]) => value)).toString();
}

export function mount(element, { feed }) {
  element.dataset.head = Math.max(Number(element.dataset.head), feed.cursor);
  const list = showEvents(element, wanted());
  const search = document.getElementById("events-text");
  if (matchMedia("(max-width: 1100px)").matches) document.getElementById("facets-fold").open = false;
  const count = throttled(() => drawPart("#facets"), COUNT_EVERY);
  const forget = whenChosen(FILTERS, () => {
    if (search !== document.activeElement) search.value = asked("text");
    list.filter(wanted());
    drawPart("#facets");
  });
  if (document.querySelector("#facets[data-later]")) drawPart("#facets");
  let typing;
  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => choose({ text: search.value.trim() }), 250);
  });
  // What was typed before this was here.
  if (search.value.trim() !== asked("text")) choose({ text: search.value.trim() });
  search.form.addEventListener("submit", (event) => { event.preventDefault(); choose({ text: search.value.trim() }); });
  return {
    append(batch) { list.append(batch); count(); },
    unmount() { forget(); list.unmount(); },
  };
}
