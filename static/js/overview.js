// The run list: rows are drawn again where they stand when their run changes; runs that are not on the page announce themselves.
const list = document.querySelector("[data-overview]");
let changed = new Set();
let timer = null;
let failures = 0;

function flush() {
  timer = null;
  const known = [...changed].filter((uuid) => document.getElementById(`run-${uuid}`));
  const others = changed.size - known.length;
  changed = new Set();
  if (known.length) {
    const url = new URL(list.dataset.rows, location.href);
    for (const uuid of known) url.searchParams.append("run", uuid);
    window.htmx.ajax("GET", url.pathname + url.search, { target: "#run-rows", swap: "none" });
  }
  if (others) document.getElementById("runs-new").hidden = false;
}

function connect() {
  const url = new URL(list.dataset.overview, location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url);
  socket.onmessage = (message) => {
    failures = 0;
    const frame = JSON.parse(message.data);
    const uuid = frame.type === "status" && (frame.run?.uuid ?? frame.uuid ?? frame.run);
    if (!uuid) return;
    changed.add(uuid);
    timer ??= setTimeout(flush, 500);
  };
  socket.onclose = () => {
    failures += 1;
    for (const row of document.querySelectorAll("[data-unfinished]")) changed.add(row.id.slice(4));
    if (changed.size) timer ??= setTimeout(flush, 2_000);
    setTimeout(connect, Math.min(15_000, 500 * 2 ** failures) * (0.75 + Math.random() / 2));
  };
}

if (list) connect();
