// A draft as it comes. The connection is htmx's, which takes it up after the last event that was seen; the page is read anew
// when the draft is complete, because only what is recorded can be decided on.

export function streaming() {
  const making = document.getElementById("making");
  if (!making) return;
  const text = document.getElementById("streamed");
  const found = document.getElementById("found");
  const english = document.documentElement.lang === "en";
  const read = (event) => { try { return JSON.parse(event.detail.data); } catch { return {}; } };
  const done = () => location.replace(making.dataset.here);
  let failures = 0;
  making.addEventListener("retrieval.completed", (event) => {
    const count = read(event).evidence?.length ?? 0;
    found.textContent = english ? `${count} sources found.` : `根拠を${count}件見つけました。`;
  });
  making.addEventListener("draft.delta", (event) => text.append(read(event).text ?? ""));
  making.addEventListener("draft.restarted", () => { text.textContent = ""; });
  making.addEventListener("draft.completed", done);
  making.addEventListener("draft.failed", done);
  making.addEventListener("htmx:sse:error", () => { failures += 1; if (failures > 5) done(); });
  making.addEventListener("htmx:sse:after:connection", () => { failures = 0; });
  // Only now: what comes before somebody listens is lost.
  making.dispatchEvent(new CustomEvent("watch"));
}
