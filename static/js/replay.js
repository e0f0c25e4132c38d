// The stepper: [ goes back a cycle, ] goes on. Keys typed into a field are the field's.
document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const id = { "[": "step-back", "]": "step-on" }[event.key];
  const step = id && document.querySelector("[data-replay]") && document.getElementById(id);
  if (!step) return;
  event.preventDefault();
  step.click();
});
