// One short message, lower left, gone after eight seconds unless somebody is reading it; with a button, where there is something
// to do about it.
let timer = 0;

export function say(words, button) {
  const toast = document.getElementById("toast");
  if (!toast) return;
  toast.replaceChildren(words, ...(button ? [button] : []));
  toast.hidden = false;
  clearTimeout(timer);
  const later = () => {
    timer = setTimeout(() => { if (toast.matches(":hover, :focus-within")) later(); else toast.hidden = true; }, 8000);
  };
  later();
}
