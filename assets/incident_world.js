/* What the world says of the open incident: an alarm of it that changes has the incident looked at again, at most every so often. */
(function () {
  "use strict";
  const desk = window.citydeckDesk;
  if (!desk) return;
  const SOON_MS = 1500;
  let timer = null;

  function its() { return new Set([...document.querySelectorAll(".incident-detail [data-alarm]")].map((line) => line.dataset.alarm)); }

  function again() {
    timer = null;
    if (desk.incident) desk.tell("open", { incident: desk.incident, live: true });
  }

  document.addEventListener("citydeck:delta", (event) => {
    if (timer) return;
    const changed = Object.entries(event.detail.pieces).filter(([name]) => name.endsWith("|alarms")).flatMap(([, change]) => Object.keys(change));
    const here = changed.length ? its() : new Set();
    if (changed.some((id) => here.has(id))) timer = setTimeout(again, SOON_MS);
  });
})();
