// The list of keys.
import { on, singleKeysAreOn, useSingleKeys } from "./keys.js";

export function help() {
  const dialog = document.getElementById("help");
  if (!dialog) return;
  const open = () => { if (!dialog.open) dialog.showModal(); return true; };
  on("?", open);
  document.addEventListener("click", (event) => { if (event.target.closest("[data-help]")) open(); });
  const choice = dialog.querySelector("[data-single-keys]");
  if (choice) {
    choice.checked = singleKeysAreOn();
    choice.addEventListener("change", () => useSingleKeys(choice.checked));
  }
}
