// Single-key shortcuts: registered here with what they do, ignored while somebody types, and switched off as a whole if the reader wants.
const SWITCH = "organism.keys";
const known = [];

// `key` as KeyboardEvent.key says it; `when` tells whether the shortcut means anything now. Returns how to take it back.
export function shortcut(key, says, act, when = () => true) {
  const entry = { key, says, act, when };
  known.push(entry);
  return () => known.splice(known.indexOf(entry), 1);
}

// What can be pressed now, for the help.
export function shortcuts() {
  return known.filter((entry) => entry.when());
}

export function keysOn() {
  return localStorage.getItem(SWITCH) !== "off";
}

export function switchKeys(on) {
  localStorage.setItem(SWITCH, on ? "on" : "off");
}

export function isTyping(target) {
  return target.isContentEditable || target.matches?.("input:not([type=checkbox], [type=radio], [type=range]), textarea, select");
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const entry = known.findLast((each) => each.key === event.key && each.when());
  if (!entry || (event.key.length === 1 && !keysOn())) return;
  event.preventDefault();
  entry.act(event);
});
