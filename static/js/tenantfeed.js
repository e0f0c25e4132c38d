// Hears of every run of the tenant that changes; comes back by itself, later and later.
const GONE = 4404;

export function followTenant(address, { status, lost }) {
  let failures = 0;
  const url = new URL(address, location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";

  function connect() {
    const socket = new WebSocket(url);
    socket.onmessage = (message) => {
      failures = 0;
      const frame = JSON.parse(message.data);
      if (frame.type === "status") status(frame.run);
    };
    socket.onclose = (event) => {
      if (event.code === GONE) return;
      failures += 1;
      lost();
      setTimeout(connect, Math.min(15_000, 500 * 2 ** failures) * (0.75 + Math.random() / 2));
    };
  }

  connect();
}
