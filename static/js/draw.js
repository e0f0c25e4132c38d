// Parts of a page that the server draws again where they stand.
const busy = new Map();

// One request a part at a time; what is asked for meanwhile is asked once more afterwards, with the address as it is then.
export function drawPart(target) {
  const element = document.querySelector(target);
  if (!element) return null;
  if (busy.has(target)) {
    busy.set(target, true);
    return null;
  }
  busy.set(target, false);
  // Its own source, because requests of one source are queued, and all but the last are dropped.
  return window.htmx.ajax("GET", location.href, { source: element, target: element, swap: "outerHTML" }).finally(() => {
    const again = busy.get(target);
    busy.delete(target);
    if (again) drawPart(target);
  });
}

// Does what asks the server by htmx, and resolves to whether it answered.
export async function answered(work) {
  let fine = true;
  const seen = (event) => { fine = event.detail.successful; };
  document.addEventListener("htmx:afterRequest", seen);
  try {
    await work();
  } catch {
    fine = false;
  } finally {
    document.removeEventListener("htmx:afterRequest", seen);
  }
  return fine;
}

// Runs at most once in a while: the first call at once, the last one never lost.
export function throttled(work, every) {
  let timer = null;
  let again = false;
  const run = async () => {
    again = false;
    timer = setTimeout(() => { timer = null; if (again) run(); }, every);
    await work();
  };
  return () => { if (timer) again = true; else run(); };
}
