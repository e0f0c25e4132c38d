// A word in passing: what was done, with an undo for six seconds. It stays while the pointer or the focus is on it.
const SHOWN = 6_000;

function holder() {
  let holder = document.getElementById("toasts");
  if (!holder) {
    holder = document.createElement("div");
    holder.id = "toasts";
    holder.className = "toasts";
    holder.setAttribute("role", "region");
    holder.setAttribute("aria-label", "Messages");
    holder.setAttribute("aria-live", "polite");
    document.body.append(holder);
  }
  return holder;
}

// `undo` is called when the reader takes it back in time, `done` when they did not.
export function toast(text, { tone = "", undo = null, done = null } = {}) {
  const element = document.createElement("div");
  element.className = `banner toast ${tone}`;
  const words = document.createElement("p");
  words.textContent = text;
  element.append(words);
  let timer;
  const leave = (act) => { clearTimeout(timer); element.remove(); act?.(); };
  const wait = () => { timer = setTimeout(() => leave(done), SHOWN); };
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button small";
    button.textContent = "Undo";
    button.addEventListener("click", () => leave(undo));
    element.append(button);
  }
  for (const type of ["pointerenter", "focusin"]) element.addEventListener(type, () => clearTimeout(timer));
  for (const type of ["pointerleave", "focusout"]) element.addEventListener(type, () => { clearTimeout(timer); wait(); });
  holder().append(element);
  wait();
  return () => leave(done);
}
