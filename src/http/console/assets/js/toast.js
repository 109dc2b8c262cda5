// One short message, lower left, gone after eight seconds unless somebody is reading it.
let timer = 0;

export function say(words) {
  const toast = document.getElementById("toast");
  if (!toast) return;
  toast.textContent = words;
  toast.hidden = false;
  clearTimeout(timer);
  const later = () => {
    timer = setTimeout(() => { if (toast.matches(":hover, :focus-within")) later(); else toast.hidden = true; }, 8000);
  };
  later();
}
