// The stepper: [ goes back a cycle, ] goes on.
import { shortcut } from "organism/keys.js";

const step = (id) => document.querySelector("[data-replay]") && document.getElementById(id);

shortcut("[", "A cycle back", () => step("step-back").click(), () => step("step-back"));
shortcut("]", "A cycle on", () => step("step-on").click(), () => step("step-on"));
