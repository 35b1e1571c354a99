/* A wall that nobody looks after for months: dimmed at night, moved by a few pixels so that no still line burns in, kept awake, and loaded
   again after an upgrade, at a calm moment and only when the server is ready; a page that came only in part is loaded again too.
   That is for screens of a wall (wall_care.yaml, `screens`); in a person's own browser /big is a page like another. */
(function () {
  "use strict";
  if (!/\/big\/?$/.test(location.pathname)) return;
  const TICK_MS = 10000, SOON_MS = 1000, CALM_MS = 15 * 60000, LOOK_MS = 5000, BEGIN_MS = 60000, SPREAD_MS = 20000;
  const STEPS = [[0, 0], [1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0], [-1, -1], [0, -1], [1, -1]];
  let care = null, brightness = 1, awake = "", lock = null, upgraded = 0, loading = false, begun = performance.now();

  const NAMED = new URLSearchParams(location.search).has("wall");
  const CARED = { paired: () => care.paired, named: () => care.paired || NAMED, any: () => true };
  const cared = () => (care ? CARED[care.screens]() : NAMED);
  const page = () => document.querySelector("[data-wall]");
  const now = () => (window.citydeck && window.citydeck.now ? window.citydeck.now() : Date.now());

  /* ---- light and place ---- */

  function minutes() {
    const [hour, minute] = new Intl.DateTimeFormat("en-GB", { timeZone: care.zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(Date.now()).split(":");
    return Number(hour) * 60 + Number(minute);
  }

  const night = () => care.night_from !== care.night_to && (care.night_from < care.night_to ? minutes() >= care.night_from && minutes() < care.night_to : minutes() >= care.night_from || minutes() < care.night_to);

  const URGENT = ".line-critical.is-waiting.is-active, .callout.is-critical.is-waiting";

  /* What takes the wall over, and a critical alarm that nobody has taken, is seen in full light, whatever the hour. */
  function light() {
    if (!care || !page()) return;
    const shown = page().dataset.taken || document.querySelector(URGENT) ? brightness : Math.min(brightness, cared() && night() ? care.dim_to : 1);
    let dim = document.querySelector(".wall-dim");
    if (!dim) document.body.append((dim = Object.assign(document.createElement("div"), { className: "wall-dim" })));
    dim.style.opacity = String(1 - shown);
    dim.dataset.brightness = String(shown);
    const step = STEPS[Math.floor(now() / (care.shift_minutes * 60000)) % STEPS.length];
    page().style.translate = cared() && care.shift_px ? `${step[0] * care.shift_px}px ${step[1] * care.shift_px}px` : "";
  }

  document.addEventListener("citydeck:wall-care", (event) => { care = event.detail.care; brightness = event.detail.brightness; light(); wake(); });

  /* ---- awake: the browser's own lock where there is one (https and localhost), else a silent moving picture ---- */

  async function wake() {
    if (!cared() || document.hidden || (lock && !lock.released)) return;
    try {
      lock = await navigator.wakeLock.request("screen");
      awake = "lock";
    } catch (error) {
      awake = moving() ? "video" : "none";
    }
  }

  let video = null;
  function moving() {
    if (video) return !video.paused;
    const canvas = Object.assign(document.createElement("canvas"), { width: 2, height: 2 }), pen = canvas.getContext("2d");
    if (!canvas.captureStream) return false;
    setInterval(() => { pen.globalAlpha = 0.02 + Math.random() / 50; pen.fillRect(0, 0, 2, 2); }, 1000);
    video = Object.assign(document.createElement("video"), { muted: true, playsInline: true, className: "wall-awake", srcObject: canvas.captureStream(1) });
    video.setAttribute("aria-hidden", "true");
    document.body.append(video);
    video.play().catch(() => {});
    return true;
  }

  document.addEventListener("visibilitychange", wake);

  /* ---- loaded again ---- */

  window.citydeckReload = () => upgraded || (upgraded = Date.now());
  document.addEventListener("citydeck:upgraded", () => (cared() ? window.citydeckReload() : location.reload()));

  const calm = () => !page() || !(page().dataset.taken || page().dataset.told || new URLSearchParams(location.search).has("held"));

  /* Only over a server that is ready and gives this very page: a wall never trades its last picture for an error. */
  async function reload() {
    if (loading) return;
    loading = true;
    try {
      await new Promise((done) => setTimeout(done, Math.random() * SPREAD_MS * (upgraded ? 1 : 0)));
      const ready = await fetch("/readyz", { cache: "no-store" }), whole = ready.ok && (await fetch(location.href, { cache: "no-store" }));
      if (whole && whole.ok) return location.reload();
    } catch (error) { /* not yet */ }
    loading = false;
  }

  function look() {
    if (upgraded && (calm() || Date.now() - upgraded > CALM_MS)) return reload();
    if (page()) begun = performance.now();
    else if (performance.now() - begun > BEGIN_MS) reload();
  }

  function heap() {
    return performance.memory ? Math.round(performance.memory.usedJSHeapSize / 1048576) : null;
  }

  window.citydeckCare = { about: () => ({ awake, brightness: Number((document.querySelector(".wall-dim") || { dataset: {} }).dataset.brightness || 1), heap_mb: heap(), since: Math.round(performance.timeOrigin) }) };
  for (const name of ["snapshot", "delta"]) document.addEventListener("citydeck:" + name, () => setTimeout(light, SOON_MS));
  setInterval(light, TICK_MS);
  setInterval(look, LOOK_MS);
  setInterval(wake, TICK_MS * 6);
})();
