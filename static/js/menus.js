// Menus are <details>: closed by Escape, by a click elsewhere, and by opening another one.
function close(menu, focus) {
  menu.open = false;
  if (focus) menu.querySelector("summary").focus();
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]"))
    if (!menu.contains(event.target)) close(menu, false);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (menu) close(menu, true);
});
