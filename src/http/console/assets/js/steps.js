// Goes on by key: from check to check, to the evidence by its number, to what waits next. The address keeps where one is,
// as the links of the page do, without a step back in the history for each.
import { on } from "./keys.js";

function go(id) {
  const place = document.getElementById(id);
  if (!place) return false;
  for (let over = place.closest("details"); over; over = over.parentElement.closest("details")) over.open = true;
  location.replace(`#${id}`);
  place.focus();
  return true;
}

function step(by) {
  const checks = [...document.querySelectorAll(".check")].map((it) => it.id);
  checks.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const at = checks.indexOf(location.hash.slice(1));
  if (checks.length === 0) return false;
  return go(at < 0 ? checks.at(by > 0 ? 0 : -1) : checks[(at + by + checks.length) % checks.length]);
}

export function stepping() {
  on("t", () => step(1));
  on("shift+t", () => step(-1));
  for (let number = 1; number <= 9; number += 1) on(String(number), () => go(`evidence-${number}`));
  const { next, search } = document.body.dataset;
  if (next) on("n", () => { location.assign(next); return true; });
  // A page with a field of its own for words goes there instead.
  if (search) on("/", () => { location.assign(search); return true; });
}
