// The cycle strip by keyboard and pointer: arrows walk over the cycles, and the one in hand says its numbers.
function readout(cell) {
  const output = document.getElementById("strip-readout");
  if (output) output.textContent = cell?.querySelector("title")?.textContent ?? output.dataset.rest;
}

function cellOf(event) {
  return event.target.closest?.(".strip a");
}

document.addEventListener("pointerover", (event) => { const cell = cellOf(event); if (cell) readout(cell); });
document.addEventListener("pointerout", (event) => { if (cellOf(event)) readout(null); });
document.addEventListener("focusin", (event) => { const cell = cellOf(event); if (cell) readout(cell); });
document.addEventListener("focusout", (event) => { if (cellOf(event)) readout(null); });
document.addEventListener("keydown", (event) => {
  const cell = cellOf(event);
  if (!cell || !["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
  const cells = [...cell.closest(".strip").querySelectorAll("a")];
  const index = cells.indexOf(cell);
  const next = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: cells.length - 1 }[event.key];
  const target = cells[Math.max(0, Math.min(cells.length - 1, next))];
  cell.setAttribute("tabindex", "-1");
  target.setAttribute("tabindex", "0");
  target.focus();
  event.preventDefault();
});
