// What was just done is said in passing, with a button that takes it back. The button of the page itself stays for as long as
// that is possible; then it says so in its place, and nothing moves.
import { say } from "./toast.js";

export function undoing() {
  const form = document.getElementById("undo");
  const { said } = document.getElementById("draft")?.dataset ?? {};
  const own = form?.querySelector("button");
  const beside = own?.cloneNode(true);
  beside?.removeAttribute("data-key");
  beside?.setAttribute("form", "undo");
  if (said) say(said, beside);
  if (!own) return;
  setTimeout(() => {
    form.querySelector("[role=status]").textContent = form.dataset.over;
    own.remove();
    beside.remove();
  }, Number(form.dataset.left) * 1000);
}
