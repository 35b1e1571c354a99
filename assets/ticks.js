/* What moves by itself in the browser: the clock in the city's zone, the age of every value, the tabs of the phone, signing out. */
(function () {
  "use strict";
  const STEPS = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
  const ORIGIN = new URL("provenance.js" + new URL(document.currentScript.src).search, document.currentScript.src).href;
  let ahead = 0; // server's clock minus ours, by the newest frame

  /* A span as layouts/words.py writes it: 3 s, 12 min, 1 h 20 min, 16 h, 2 d. */
  function age(milliseconds) {
    let left = Math.max(0, Math.floor(milliseconds / 1000));
    const parts = [];
    for (const [length, unit] of STEPS) {
      if (left >= length && parts.length < 2) {
        parts.push(Math.floor(left / length) + " " + unit);
        left %= length;
      } else if (parts.length) break;
    }
    return parts.slice(0, milliseconds >= 3600000 && milliseconds < 36000000 ? 2 : 1).join(" ") || "0 s";
  }

  window.citydeckAge = age;

  function setText(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  /* Making a format costs a thousand times what using it does. */
  const formats = new Map();
  function formatsOf(zone, language) {
    const name = `${zone} ${language}`, locale = language === "en" ? "en-GB" : "zh-CN", of = (where, what) => new Intl.DateTimeFormat(where, { timeZone: zone, ...what });
    if (!formats.has(name)) formats.set(name, {
      time: of("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }),
      day: of(locale, { month: "short", day: "numeric" }), week: of(locale, { weekday: "long" }),
    });
    return formats.get(name);
  }

  function tickClock(box, now) {
    const { time, day, week } = formatsOf(box.dataset.zone, box.dataset.lang);
    setText(box.querySelector('[data-clock="time"]'), time.format(now));
    setText(box.querySelector('[data-clock="date"]'), day.format(now) + "\n" + week.format(now));
  }

  function tick() {
    const past = window.citydeckMoment, now = past && past.at !== null ? past.at : Date.now() + ahead;
    document.querySelectorAll(".clock[data-zone]").forEach((box) => tickClock(box, now));
    document.querySelectorAll("[data-age-at]").forEach((element) => {
      const old = now - Number(element.dataset.ageAt), limit = Number(element.dataset.ageLimit || Infinity);
      setText(element, (element.dataset.agePrefix || "") + age(old));
      element.classList.toggle("is-stale", old > limit);
    });
    showTab();
  }

  function showTab() {
    const bodies = document.querySelectorAll("[data-tab-body]");
    if (!bodies.length) return;
    const asked = location.hash.slice(1), known = [...bodies].some((body) => body.dataset.tabBody === asked);
    const shown = known ? asked : bodies[0].dataset.tabBody;
    bodies.forEach((body) => body.classList.toggle("is-shown", body.dataset.tabBody === shown));
    document.querySelectorAll("[data-tab]").forEach((tab) => {
      if (tab.dataset.tab === shown) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    });
  }

  function follow(event) {
    if (typeof event.detail.offset === "number") ahead = event.detail.offset;
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-sign-out]");
    if (!button) return;
    fetch("/api/v1/session", { method: "DELETE" }).finally(() => location.assign(button.dataset.signOut));
  });
  /* Where a value comes from: the dialog's script comes with the first question. */
  function origin(event) {
    const button = event.target.closest("[data-origin]");
    if (!button) return;
    event.preventDefault();
    event.stopPropagation();
    if (window.citydeckOrigin) return window.citydeckOrigin.show(button);
    const script = Object.assign(document.createElement("script"), { src: ORIGIN });
    window.citydeckWait(new Promise((onload, onerror) => Object.assign(script, { onload, onerror })).then(() => window.citydeckOrigin.show(button)));
    document.head.append(script);
  }
  document.addEventListener("click", origin, true);
  document.addEventListener("citydeck:snapshot", follow);
  document.addEventListener("citydeck:delta", follow);
  document.addEventListener("citydeck:moment", tick);
  /* Charts are drawn in pixels: --k is how much larger than a 1080-line screen this one is. */
  function scale() {
    const k = Math.max(0.6, Math.min(innerHeight / 1080, innerWidth / 1920)).toFixed(3), { style } = document.documentElement;
    if (style.getPropertyValue("--k") !== k) style.setProperty("--k", k);
  }

  scale();
  window.addEventListener("resize", scale);
  window.addEventListener("hashchange", showTab);
  setInterval(tick, 1000);
  new MutationObserver(showTab).observe(document, { childList: true, subtree: true });
})();
