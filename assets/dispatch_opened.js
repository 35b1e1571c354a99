/* What a person opens from an incident (a camera, a sensor) is recorded on it: once per person and source, however often they look.
   The request's id says so to the server too, so that a reload or another browser records nothing twice. */
(function () {
  "use strict";
  const D = window.citydeckDispatch;
  if (!D) return;
  const past = new URLSearchParams(location.search).has("at"), sent = new Set();

  /* The same text gives the same id: two sums of 32 bits (FNV-1a, and one that begins elsewhere). */
  function sum(text, start) {
    let found = start;
    for (const byte of new TextEncoder().encode(text)) found = Math.imul(found ^ byte, 0x01000193) >>> 0;
    return found.toString(16).padStart(8, "0");
  }

  const request = (text) => "opened-" + [0x811c9dc5, 0x2b3c4d5e, 0x6f70812d, 0x13579bdf].map((start) => sum(text, start)).join("");

  D.opened = async function (source) {
    const incident = D.incident, key = `${incident}|${source}`;
    if (!incident || past || sent.has(key)) return;
    sent.add(key);
    const answer = await D.ask("POST", `/incidents/${incident}/deeds`, { deed: "open_source", version: null, data: { source }, request_id: request(key) });
    if (!answer.ok && (answer.status === 0 || answer.status >= 500)) sent.delete(key);
  };

  function alarmed(event) {
    const line = event.target.closest(".incident-detail .part-alarm[data-device]");
    if (line && (event.type === "click" || event.key === "Enter")) D.opened(line.dataset.device);
  }

  document.addEventListener("click", alarmed);
  document.addEventListener("keydown", alarmed);
})();
