// The field in which a letter is edited: checked half a second after typing stops, never while Japanese is composed. The marks
// lie under the field, so that what is typed, converted and copied is plain text.
import { isComposing } from "./keys.js";

const PAUSE = 500;

export function editing() {
  const field = document.getElementById("text");
  const mirror = document.getElementById("mirror");
  if (!field || !mirror) return;
  const first = field.value;
  let timer = 0;
  let composing = false;
  let leaving = false;
  const follow = () => { mirror.scrollTop = field.scrollTop; };
  const check = () => { if (!composing) mirror.dispatchEvent(new CustomEvent("check")); };
  const later = () => {
    mirror.classList.add("stale");
    clearTimeout(timer);
    if (!composing) timer = setTimeout(check, PAUSE);
  };
  field.addEventListener("compositionstart", () => { composing = true; clearTimeout(timer); });
  field.addEventListener("compositionend", () => { composing = false; later(); });
  field.addEventListener("input", (event) => { if (!isComposing(event)) later(); });
  field.addEventListener("scroll", follow);
  mirror.addEventListener("htmx:after:swap", () => { mirror.classList.remove("stale"); follow(); });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-find]");
    if (button) find(field, button, check);
    const words = event.target.closest("[data-insert]")?.dataset.insert;
    if (words !== undefined) {
      field.focus();
      field.setRangeText(words, field.selectionStart, field.selectionEnd, "end");
      check();
    }
  });
  field.form?.addEventListener("submit", () => { leaving = true; });
  addEventListener("beforeunload", (event) => { if (!leaving && field.value !== first) event.preventDefault(); });
  field.focus();
  field.setSelectionRange(0, 0);
  field.scrollTop = 0;
  check();
}

/** Shows the words that are meant; where somebody knows what could stand there, a second press puts it there. */
function find(field, button, check) {
  const { find: words, new: replacement } = button.dataset;
  const at = words ? field.value.indexOf(words) : -1;
  field.focus();
  if (at < 0) return;
  const meant = field.selectionStart === at && field.selectionEnd === at + words.length;
  field.setSelectionRange(at, at + words.length);
  if (!meant || replacement === undefined) return;
  field.setRangeText(replacement, at, at + words.length, "end");
  check();
}
