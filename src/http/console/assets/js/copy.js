// Copies the letter as plain text and says so.
import { say } from "./toast.js";

export function copying() {
  document.addEventListener("click", async (event) => {
    if (!event.target.closest("[data-copy]")) return;
    const field = document.querySelector("#text");
    const letter = document.querySelector("#letter");
    const words = field?.value ?? letter?.dataset.text ?? [...(letter?.querySelectorAll("p") ?? [])].map((p) => p.textContent).join("\n");
    const english = document.documentElement.lang === "en";
    try {
      await navigator.clipboard.writeText(words);
      say(english ? "Copied." : "コピーしました。");
    } catch {
      say(english ? "The browser did not allow copying. Select the text and copy it." : "ブラウザーがコピーを許可していません。文面を選んでコピーしてください。");
    }
  });
}
