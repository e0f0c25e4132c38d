// The overview: drawn again as a whole where it stands whenever a run of the tenant changes, once a second at most.
import { answered, drawPart } from "organism/draw.js";
import { followTenant } from "organism/tenantfeed.js";
import { mountLive } from "organism/livebadge.js";

const EVERY = 1_000;
const badge = document.getElementById("live");
let asking = null;

function ask() {
  asking ??= new Promise((resolve) => {
    setTimeout(() => { asking = null; resolve(answered(() => drawPart("#overview"))); }, EVERY);
  });
  return asking;
}

mountLive(badge, followTenant(badge.dataset.overview, { ask }));
