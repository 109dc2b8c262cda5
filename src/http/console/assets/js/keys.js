// Single keys press what carries them in `data-key`. Nothing fires while Japanese is being composed, in a field, or with a
// modifier that belongs to the browser.

const OFF = "aizuchi-single-keys-off";

/** Whether a key event belongs to an input method: while composing, and the Enter that ends it (which Safari sends after). */
let endedAt = -Infinity;
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229 || (event.key === "Enter" && event.timeStamp - endedAt < 100);
}

export function singleKeysAreOn() {
  try { return localStorage.getItem(OFF) === null; } catch { return true; }
}

export function useSingleKeys(on) {
  try { on ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1"); } catch { /* a browser that keeps nothing */ }
}

/** The key as it is written in `data-key`: by its place on the keyboard where the layout gives kana. */
export function named(event) {
  const latin = event.key.length === 1 && event.key.charCodeAt(0) < 128;
  const letter = /^Key([A-Z])$/.exec(event.code);
  const digit = /^Digit([0-9])$/.exec(event.code);
  const key = latin ? event.key.toLowerCase() : (letter?.[1].toLowerCase() ?? digit?.[1] ?? event.key);
  return event.shiftKey && /^[a-z]$/.test(key) ? `shift+${key}` : key;
}

function isField(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=radio], [type=checkbox]), textarea, select"));
}

const own = new Map();
/** Answers a key with a function. */
export function on(key, answer) { own.set(key, answer); }

/** Whether a key does something here. */
function press(key) {
  const carrier = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((it) => it.checkVisibility());
  if (carrier) {
    carrier.focus();
    carrier.click();
    return true;
  }
  return own.get(key)?.() ?? false;
}

export function listen() {
  document.addEventListener("compositionend", (event) => { endedAt = event.timeStamp; }, true);
  document.addEventListener("keydown", (event) => {
    if (isComposing(event) || event.defaultPrevented || event.repeat) return;
    const field = isField(event.target);
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      const button = document.querySelector("[data-accept-edit], [data-rule]");
      if (button) { event.preventDefault(); button.click(); }
      return;
    }
    if (event.key === "Escape") {
      const open = document.querySelector("details.way[open], details.new-case[open], details.rail-shop[open]");
      if (open) { open.open = false; open.querySelector("summary")?.focus(); return; }
      const end = document.querySelector("[data-end-edit]");
      if (field && end) { event.preventDefault(); end.click(); }
      return;
    }
    if (field || event.ctrlKey || event.metaKey || event.altKey || !singleKeysAreOn()) return;
    if (press(named(event))) event.preventDefault();
  });
}
