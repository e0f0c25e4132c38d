// How many decisions wait: in the title of the window, and, for who wants it, as a notification when there are more while nobody looks.
const SWITCH = "organism.notify";
const PREFIX = /^\(\d+\) /;
const count = () => Number(document.getElementById("gate-count")?.textContent ?? 0);
let known = count();

function wanted() {
  return "Notification" in window && Notification.permission === "granted" && localStorage.getItem(SWITCH) === "on";
}

function notify(number) {
  const said = new Notification(`${number} ${number === 1 ? "decision waits" : "decisions wait"}`, { tag: "organism-gates" });
  said.onclick = () => { window.focus(); location.href = document.querySelector(".rail a[href$='/gates/']").href; };
}

function tell() {
  const number = count();
  document.title = (number ? `(${number}) ` : "") + document.title.replace(PREFIX, "");
  if (number > known && document.hidden && wanted()) notify(number);
  known = number;
}

function draw(button) {
  button.hidden = !("Notification" in window) || Notification.permission === "denied";
  button.setAttribute("aria-pressed", String(wanted()));
  button.lastChild.textContent = wanted() ? " Notifications are on" : " Notify me";
}

const button = document.querySelector("[data-notify]");
if (button) {
  draw(button);
  button.addEventListener("click", async () => {
    if (wanted()) localStorage.setItem(SWITCH, "off");
    else if (await Notification.requestPermission() === "granted") localStorage.setItem(SWITCH, "on");
    draw(button);
  });
}
tell();
// The count is drawn anew with every answer of the server.
const rail = document.querySelector(".rail-nav");
if (rail) new MutationObserver(tell).observe(rail, { childList: true, subtree: true, characterData: true });
