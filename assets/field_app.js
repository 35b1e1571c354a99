/* Starts the work tab, on the page and on the page for no network: remembers, asks, renders, drains the queue; sign-out leaves nothing. */
(function () {
  "use strict";
  const field = (window.citydeckField = window.citydeckField || {});
  const EVERY_MS = 15000, SOON_MS = 800, ALARMS_MS = 4000, GOODBYE = "citydeck:goodbye", OUTDOOR = "citydeck:outdoor";
  let pressed = false, owed = false, soon = null, due = 0;

  /* A finger that is down is on something: what it touches stays until it is lifted. */
  addEventListener("pointerdown", () => (pressed = true), true);
  for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => { pressed = false; if (owed) setTimeout(field.render, 60); }, true);

  field.render = function () {
    const work = field.place("work"), dock = field.place("dock");
    if (!work) return;
    if (pressed) return void (owed = true);
    owed = false;
    field.showStrip();
    if (!field.me || !field.picture) return void work.replaceChildren(field.h("div", { class: "state" }, field.t(field.net.online === false ? "nothing_kept" : "loading")));
    const mode = field.mode();
    document.querySelectorAll('[data-field-do="mode"]').forEach((button) => (button.textContent = field.t("mode_" + mode)));
    const parts = [field.troubles(), field.waitingList(), field.picture.mode === mode ? field.listOf(mode) : field.t("loading"), field.notices()];
    work.replaceChildren(...parts.flat(3).filter(Boolean));
    dock.replaceChildren(...(field.picture.mode === mode ? field.dockOf(mode) : []).filter(Boolean));
    work.dataset.mode = mode;
    work.dataset.ready = "yes";
  };

  /* Asked again within so long, however often something changes until then. */
  function later(wait) {
    const at = Date.now() + wait;
    if (soon && due <= at) return;
    clearTimeout(soon);
    due = at;
    soon = setTimeout(() => { soon = null; field.refresh(); }, wait);
  }

  function changed({ detail }) {
    const names = Object.keys(detail.pieces);
    if (names.some((name) => name.endsWith("|incidents"))) later(SOON_MS);
    else if (field.mode() !== "field" && names.some((name) => name.endsWith("|alarms"))) later(ALARMS_MS);
  }

  function start() {
    for (const name of ["field:queue", "field:picture"]) document.addEventListener(name, field.render);
    document.addEventListener("field:net", () => { field.render(); if (field.net.online) back(); });
    document.addEventListener("field:sent", field.refresh);
    document.addEventListener("citydeck:delta", changed);
    setInterval(field.showStrip, 5000);
    setInterval(() => document.hidden || back(), EVERY_MS);
    field.watchNet();
    field.render();
    wake();
  }

  async function back() {
    if (field.net.signedOut) return;
    await field.refresh();
    await field.drain();
  }

  /* The service worker, where browsers give one: over https, and on this machine itself. */
  function wake() {
    if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
    navigator.serviceWorker.register("/mobile/worker.js", { scope: "/mobile" }).catch((error) => console.warn("no work offline:", error.message));
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
  }

  /* ---- leaving ---- */

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-sign-out]");
    if (!button || !field.me) return;
    event.stopPropagation();
    const left = field.queued().length;
    if (left && !confirm(field.t("leave_sure", { n: left }))) return;
    const { username } = field.me;
    field.gone = true; // an answer that is still on its way is kept no more
    await field.store.clear();
    field.me = field.picture = null;
    localStorage.removeItem("citydeck:mode");
    try {
      await field.ask("/api/v1/session", { method: "DELETE" });
      location.assign(button.dataset.signOut);
    } catch (error) {
      localStorage.setItem(GOODBYE, username); // nobody answered: the session is ended as soon as somebody does
      location.reload();
    }
  }, true);

  /* True while a sign-out waits for the network: until then this page shows nothing to anybody. */
  async function goodbye() {
    const username = localStorage.getItem(GOODBYE);
    if (!username) return false;
    try {
      const { document: me, ok } = await field.ask("/api/v1/session");
      localStorage.removeItem(GOODBYE);
      if (!ok || me.username !== username) return false;
      await field.ask("/api/v1/session", { method: "DELETE" });
      location.assign(`/login?lang=${field.lang()}`);
    } catch (error) {
      field.place("work").replaceChildren(field.h("div", { class: "state" }, field.t("goodbye_waits")));
      setTimeout(() => location.reload(), EVERY_MS);
    }
    return true;
  }

  /* ---- the two buttons at the top: the mode, and the look for sunlight ---- */

  const BUTTONS = { mode: () => field.me && field.chooseMode(), outdoor: () => outdoor(!document.documentElement.classList.contains("is-outdoor")) };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-field-do]");
    if (button) BUTTONS[button.dataset.fieldDo]();
  });

  function outdoor(on) {
    localStorage.setItem(OUTDOOR, on ? "yes" : "");
    document.documentElement.classList.toggle("is-outdoor", on);
  }
  outdoor(localStorage.getItem(OUTDOOR) === "yes");

  function install() {
    if (document.querySelector('link[rel="manifest"]')) return;
    document.head.append(field.h("link", { rel: "manifest", href: "/mobile/manifest.webmanifest", crossorigin: "use-credentials" }), field.h("meta", { name: "theme-color", content: "#0b0f12" }));
  }

  async function begin() {
    if (field.begun || !field.place("work")) return;
    field.begun = true;
    install();
    await first.words();
    if (await goodbye()) return;
    await first.kept();
    start();
  }

  /* Words and the first picture, each asked for once: on the phone's own page while Dash still makes it, so that a slow network carries
     both at once. */
  const once = (ask) => { let asked = null; return () => (asked = asked || ask()); };
  const first = { words: once(() => field.loadWords()), kept: once(() => field.remember().then(() => void back())) };

  function boot() {
    const ours = location.pathname.replace(/\/$/, "") === "/mobile" && !new URLSearchParams(location.search).has("at");
    if (ours && !localStorage.getItem(GOODBYE)) for (const ask of Object.values(first)) ask().catch(() => {}); // begin() says what failed
    begin();
    const seen = new MutationObserver(() => { begin(); if (field.begun) seen.disconnect(); });
    if (!field.begun) seen.observe(document.documentElement, { childList: true, subtree: true });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", boot);
  else boot();
})();
