// Keeps <time> elements true: relative in the text, absolute in the viewer's own zone on hover.
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

export function distance(moment, now = Date.now()) {
  const seconds = Math.trunc((now - moment) / 1000);
  const span = Math.abs(seconds);
  if (span < 5) return "just now";
  const word = span < 60 ? `${span} s` : span < 3600 ? `${Math.trunc(span / 60)} min`
    : span < 86400 ? `${Math.trunc(span / 3600)} h` : `${Math.trunc(span / 86400)} d`;
  return seconds > 0 ? `${word} ago` : `in ${word}`;
}

export function absolute(moment) {
  return exact.format(moment);
}

export function refresh(root = document) {
  for (const element of root.querySelectorAll("time[datetime]")) {
    const moment = new Date(element.dateTime);
    const text = distance(moment);
    if (element.textContent !== text) element.textContent = text;
    const title = absolute(moment);
    if (element.title !== title) element.title = title;
  }
}

refresh();
setInterval(refresh, 10_000);
document.addEventListener("htmx:afterSettle", (event) => refresh(event.target.parentNode ?? document));
