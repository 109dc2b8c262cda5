// What has to be resolved before accepting: T goes round, F makes the fix of the one that is open, digits go to the evidence.
import { on } from "./keys.js";

export function checks() {
  const all = () => [...document.querySelectorAll(".check")];
  const go = (step) => {
    const list = all();
    if (!list.length) return false;
    const at = list.findIndex((it) => `#${it.id}` === location.hash);
    const next = list[(at + step + list.length) % list.length] ?? list[0];
    location.hash = next.id;
    next.focus();
    return true;
  };
  on("t", () => go(1));
  on("shift+t", () => go(-1));
  on("f", () => {
    const open = all().find((it) => it.checkVisibility());
    const fix = open?.querySelector("[data-fix]");
    fix?.click();
    return Boolean(fix);
  });
  for (let number = 1; number <= 9; number += 1) {
    on(String(number), () => {
      const card = document.getElementById(`evidence-${number}`);
      if (!card) return false;
      location.hash = card.id;
      card.focus();
      return true;
    });
  }
  document.addEventListener("mouseover", light);
  document.addEventListener("focusin", light);
}

/** A chip lights its card, and a card nothing else. */
function light(event) {
  const chip = event.target.closest?.(".chip");
  document.querySelectorAll(".card.lit").forEach((card) => card.classList.remove("lit"));
  if (chip) document.querySelector(chip.hash)?.classList.add("lit");
}
