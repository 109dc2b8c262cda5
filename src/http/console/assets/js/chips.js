// A chip under the pointer or the focus lights the card of its evidence.

export function chips() {
  document.addEventListener("mouseover", light);
  document.addEventListener("focusin", light);
}

function light(event) {
  const chip = event.target.closest?.(".chip");
  document.querySelectorAll(".card.lit").forEach((card) => card.classList.remove("lit"));
  if (chip) document.querySelector(chip.hash)?.classList.add("lit");
}
