// The time machine: `?at=12` is the run as it was after cycle 12, without it as it stands. Nothing is executed; the server reads.
// The line under the grid is dragged or walked by arrows; [ and ] step, space plays, End leads back to now.
import { asked, choose, whenChosen } from "organism/selection.js";
import { shortcut } from "organism/keys.js";
import { throttled } from "organism/draw.js";
import { grouped } from "organism/words.js";

// Browsers refuse more than some two hundred changes of the address in half a minute.
const SETTLES_EVERY = 160;
const PLAYS_EVERY = 700;

export function mountScrubber(element, feed) {
  const told = JSON.parse(document.getElementById("grid-told").textContent);
  const range = element.querySelector("input");
  const says = element.querySelector("output");
  const player = element.querySelector("[data-play]");
  const first = told.columns[0]?.[0] ?? 0;
  let last = told.columns.at(-1)?.[0] ?? -1;
  let timer = null;

  // One place behind the last cycle is now.
  const now = () => last + 1;
  const at = () => Number(range.value);
  const settle = throttled(() => choose({ at: at() >= now() ? "" : String(at()) }), SETTLES_EVERY);

  function tell() {
    const live = at() >= now();
    const where = element.dataset.finished ? "the end" : "now";
    const words = live ? (last < 0 ? "not begun" : `${where}, cycle ${grouped(last)}`) : `after cycle ${grouped(at())} of ${grouped(last)}`;
    says.textContent = words;
    range.setAttribute("aria-valuetext", words);
    element.classList.toggle("travels", !live);
    range.disabled = last < 0;
    element.querySelector("[data-now]").disabled = live;
    element.querySelector('[data-step="-1"]').disabled = at() <= first;
    element.querySelector('[data-step="1"]').disabled = live;
  }

  function reach(cycle, value) {
    last = cycle;
    range.min = String(first);
    range.max = String(now());
    range.value = String(value);
    tell();
  }

  function go(value) {
    range.value = String(value);
    tell();
    settle();
  }

  function pause() {
    clearInterval(timer);
    timer = null;
    player.setAttribute("aria-pressed", "false");
    player.setAttribute("aria-label", "Play the cycles");
  }

  function play() {
    if (timer) return pause();
    if (at() >= now()) go(first);
    timer = setInterval(() => { go(at() + 1); if (at() >= now()) pause(); }, PLAYS_EVERY);
    player.setAttribute("aria-pressed", "true");
    player.setAttribute("aria-label", "Stop playing");
  }

  function stand(value) {
    const known = /^\d{1,9}$/.test(value);
    if (settled() !== value) range.value = String(known ? Math.max(first, Number(value)) : now());
    tell();
  }

  function settled() {
    return at() >= now() ? "" : String(at());
  }

  range.addEventListener("input", () => { pause(); tell(); settle(); });
  range.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    play();
  });
  player.addEventListener("click", play);
  element.querySelector("[data-now]").addEventListener("click", () => { pause(); go(now()); });
  for (const button of element.querySelectorAll("[data-step]"))
    button.addEventListener("click", () => { pause(); go(at() + Number(button.dataset.step)); });
  shortcut("[", "Time machine: a cycle back", () => { pause(); go(at() - 1); }, () => at() > first);
  shortcut("]", "Time machine: a cycle on", () => { pause(); go(at() + 1); }, () => at() < now());
  whenChosen(["at"], stand);
  feed.listen({
    // Who stands at now stays there when cycles come; who looks at a cycle keeps looking at it.
    envelopes(batch) {
      const newest = batch.envelopes.reduce((most, envelope) => Math.max(most, envelope.cycle ?? 0), last);
      if (newest > last) reach(newest, at() >= now() ? newest + 1 : at());
    },
    end() { element.dataset.finished = "true"; tell(); },
  });
  reach(last, now());
  stand(asked("at"));
}
