// What the reader opened and how far they scrolled survives when the server draws a part again.
export function keep(selector) {
  let kept = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const part = document.querySelector(selector);
    if (event.detail.target !== part) return;
    kept = {
      tab: part.dataset.tab,
      open: new Map([...part.querySelectorAll("details[id][open]")].map((details) => [details.id, details.querySelector("[data-lazy]")])),
      anchor: anchorIn(part),
      scrolled: [...part.querySelectorAll("[id][data-scrolls]")].map((element) => [element.id, element.scrollTop, element.scrollLeft]),
    };
  });
  document.addEventListener("htmx:afterSwap", () => {
    const part = document.querySelector(selector);
    if (!kept || part.dataset.tab !== kept.tab) return;
    for (const [id, lazy] of kept.open) restore(document.getElementById(id), lazy);
    if (kept.anchor) hold(kept.anchor);
    for (const [id, top, left] of kept.scrolled) document.getElementById(id)?.scrollTo(left, top);
    kept = null;
  });
}

// What is being read does not move: the first row in sight, an open one before all others.
function anchorIn(part) {
  const inSight = (element) => { const box = element.getBoundingClientRect(); return box.bottom > 60 && box.top < innerHeight; };
  const rows = [...part.querySelectorAll("details[id]")].filter(inSight);
  const row = rows.find((details) => details.open) ?? rows[0];
  return row && { id: row.id, top: row.getBoundingClientRect().top };
}

function hold({ id, top }) {
  const row = document.getElementById(id);
  if (row) scrollBy(0, row.getBoundingClientRect().top - top);
}

function restore(details, lazy) {
  if (!details) return;
  const fresh = details.querySelector("[data-lazy]");
  details.open = true;
  if (!fresh) return;
  if (lazy) fresh.replaceChildren(...lazy.childNodes);
  window.htmx.ajax("GET", fresh.getAttribute("hx-get"), { target: fresh, swap: "innerHTML" });
}
