// Reading a matrix cell by cell: by pointer, or by arrow keys. What a cell says comes from the server; reasons are asked for when a row is in hand.
const SVG = "http://www.w3.org/2000/svg";
const reasons = new Map();

function dataOf(element) {
  element.told ??= JSON.parse(document.getElementById(`${element.id}-data`).textContent);
  return element.told;
}

function says(element) {
  return element.querySelector(".matrix-says") ?? document.getElementById(`${element.id}-says`);
}

function mark(svg, shape) {
  document.querySelectorAll(".cell-in-hand").forEach((old) => old.remove());
  const rect = document.createElementNS(SVG, "rect");
  rect.setAttribute("class", "cell-in-hand");
  for (const [name, value] of Object.entries(shape)) rect.setAttribute(name, value);
  svg.append(rect);
}

async function reasonsOf(matrix, topic) {
  const address = `${matrix.dataset.voices}?topic=${encodeURIComponent(topic)}`;
  if (!reasons.has(address)) reasons.set(address, fetch(address, { headers: { Accept: "application/json" } }).then((answer) => (answer.ok ? answer.json() : { reasons: {} })));
  return (await reasons.get(address)).reasons;
}

async function tell(matrix, row, column) {
  const { people, rows } = dataOf(matrix);
  const { topic, title, cells, says: words } = rows[row];
  const who = people[column];
  const output = says(matrix);
  const line = `${who}: ${words[cells[column]]} — ${title}`;
  output.textContent = line;
  matrix.inHand = [row, column];
  const svg = matrix.querySelector(`[data-row="${row}"] .cells`);
  const { width, height } = svg.viewBox.baseVal;
  mark(svg, { x: (column * width) / people.length, y: 0.5, width: width / people.length - 0.5, height: height - 1 });
  const given = (await reasonsOf(matrix, topic))[who];
  if (given && output.textContent === line) output.textContent = `${line} “${given.join("” “")}”`;
}

function tellPair(svg, row, column) {
  const { people, pairs } = dataOf(svg);
  const [same, common] = pairs[row].split(" ")[column].split("/");
  const size = Number(svg.dataset.size);
  svg.inHand = [row, column];
  says(svg).textContent = common === "0" ? `${people[row]} and ${people[column]}: no topic in common`
    : `${people[row]} and ${people[column]}: the same on ${same} of ${common} (${Math.round((100 * same) / common)} %)`;
  mark(svg, { x: column * size, y: row * size, width: size - 1, height: size - 1 });
}

function place(svg, event, columns, rows) {
  const box = svg.getBoundingClientRect();
  const column = Math.floor(((event.clientX - box.left) / box.width) * columns);
  const row = Math.floor(((event.clientY - box.top) / box.height) * rows);
  return [row, column];
}

function overMatrix(event, matrix) {
  const svg = event.target.closest(".cells");
  if (!svg) return;
  const row = Number(svg.closest("[data-row]").dataset.row);
  const [, column] = place(svg, event, dataOf(matrix).people.length, 1);
  const [oldRow, oldColumn] = matrix.inHand ?? [];
  if ((row !== oldRow || column !== oldColumn) && column >= 0 && column < dataOf(matrix).people.length) tell(matrix, row, column);
}

function overTriangle(event, svg) {
  const { width, height } = svg.viewBox.baseVal;
  const size = Number(svg.dataset.size);
  const [row, column] = place(svg, event, width / size, height / size);
  if (row > column && column >= 0 && row < dataOf(svg).people.length) tellPair(svg, row, column);
}

document.addEventListener("pointermove", (event) => {
  const matrix = event.target.closest?.("[data-matrix]");
  if (matrix) overMatrix(event, matrix);
  const svg = event.target.closest?.("[data-triangle]");
  if (svg) overTriangle(event, svg);
});

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

function bounded(value, most) {
  return Math.max(0, Math.min(most, value));
}

function walk(event, matrix) {
  const { people, rows } = dataOf(matrix);
  const [row, column] = matrix.inHand ?? [0, -1];
  if (event.key === "Enter") matrix.querySelector(`summary[data-row="${row}"]`)?.click();
  else if (event.key === "Home" || event.key === "End") tell(matrix, row, event.key === "Home" ? 0 : people.length - 1);
  else {
    const [down, right] = STEPS[event.key];
    tell(matrix, bounded(row + down, rows.length - 1), bounded(column + right, people.length - 1));
    matrix.querySelector(`[data-row="${matrix.inHand[0]}"]`).scrollIntoView({ block: "nearest" });
  }
}

function walkPairs(event, svg) {
  const { people } = dataOf(svg);
  const [row, column] = svg.inHand ?? [1, -1];
  const [down, right] = STEPS[event.key] ?? [0, 0];
  const next = Math.max(1, bounded(row + down, people.length - 1));
  tellPair(svg, next, bounded(column + right, next - 1));
}

document.addEventListener("keydown", (event) => {
  const known = event.key in STEPS || ["Enter", "Home", "End"].includes(event.key);
  if (!known || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("[data-matrix]")) walk(event, event.target);
  else if (event.target.matches("[data-triangle]") && event.key in STEPS) walkPairs(event, event.target);
  else return;
  event.preventDefault();
});

// The address names the topic that was opened last.
document.addEventListener("toggle", (event) => {
  const topic = event.target.dataset?.topic;
  if (!topic || !event.target.matches(".split")) return;
  const url = new URL(location.href);
  if (event.target.open) url.searchParams.set("topic", topic);
  else if (url.searchParams.get("topic") === topic) url.searchParams.delete("topic");
  history.replaceState(history.state, "", url);
}, true);
