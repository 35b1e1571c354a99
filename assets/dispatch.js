/* The face of dispatch, its core: words, questions to /api/v1, the incident's tabs, keys, and when to look again. The panes are drawn by
   dispatch_order.js and dispatch_around.js, the board by dispatch_board.js, the map's part by dispatch_map.js. */
(function () {
  "use strict";
  if (!/\/desk\/?$/.test(location.pathname)) return;
  const ANSWER_MS = 15000, POLL_MS = 5000, SLOW_MS = 30000, SOON_MS = 300, TAB = "citydeck:incident-tab";
  const D = (window.citydeckDispatch = { names: null, incident: null, one: null, units: new Map(), panes: {}, listeners: [], t, make, ask, clock, day, ago, span, metres, go, refusal, tab, titled, soon, board: null, uid });
  let timer = null, polled = 0, wired = false;

  /* ---- words ---- */

  function words() {
    if (D.names) return D.names;
    const box = document.querySelector(".dispatch-names");
    if (!box || !box.textContent) return null;
    D.names = JSON.parse(box.textContent);
    D.may = box.dataset.maySend === "yes";
    return D.names;
  }

  function t(name, values = {}) {
    const text = (D.names && D.names.words[name]) || name;
    return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
  }

  const now = () => (window.citydeck && window.citydeck.now ? window.citydeck.now() : Date.now());
  D.now = now;
  function uid() { return window.citydeckDesk.uid(); }
  function clock(at, seconds) {
    return new Intl.DateTimeFormat("sv-SE", { timeZone: D.names.zone, hour: "2-digit", minute: "2-digit", ...(seconds ? { second: "2-digit" } : {}) }).format(at);
  }
  function day(at) {
    return new Intl.DateTimeFormat("sv-SE", { timeZone: D.names.zone, dateStyle: "short", timeStyle: "short" }).format(at).slice("2026-".length);
  }
  function span(seconds) {
    const minutes = Math.round(Math.abs(seconds) / 60);
    return Math.abs(seconds) < 60 ? t("seconds", { n: Math.round(Math.abs(seconds)) }) : minutes < 120 ? t("minutes", { n: minutes }) : t("hours", { n: Math.round(minutes / 60) });
  }
  function ago(at) { return at === null || at === undefined ? t("never_seen") : t("ago", { time: span((now() - at) / 1000) }); }
  function metres(m) { return m < 1000 ? `${Math.round(m)} m` : `${(m / 1000).toFixed(1)} km`; }
  function go(lon, lat) { D.map.go([lon, lat]); }

  function make(tag, properties = {}, ...children) {
    const { data = {}, attributes = {}, ...plain } = properties, element = Object.assign(document.createElement(tag), plain);
    Object.assign(element.dataset, data);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
    return element;
  }

  /* ---- questions ---- */

  async function ask(method, path, body) {
    try {
      const said = body ? { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : {};
      const answer = await fetch("/api/v1" + path, { method, ...said, signal: AbortSignal.timeout(ANSWER_MS) });
      let document = {};
      try { document = await answer.json(); } catch (error) { if (error.name === "TimeoutError") throw error; /* else a proxy's page, no answer of ours */ }
      return { ok: answer.ok, status: answer.status, document };
    } catch (error) {
      return { ok: false, status: 0, document: {} };
    }
  }

  /* An incident's title; an exercise says so first. */
  function titled(one) {
    return (one.exercise ? t("exercise") : "") + one.title;
  }

  /* Why something was not done, in words; with the unit's name where it is about one. */
  function refusal(answer) {
    const { code, params = {}, unit_id: taken } = answer.document;
    const id = taken || params.unit_id, unit = id ? (D.units.get(id) || { name: id }).name : "";
    const by = { 0: "lost", 401: "signed_out", 403: "forbidden", 404: "unknown" }[answer.status];
    const name = "refused_" + (code && D.names.words["refused_" + code] ? code : by || (answer.status >= 500 ? "lost" : "other"));
    return t(name, { unit, state: D.names.states[params.state] || params.state || "", why: params.why || code || answer.status });
  }

  D.takeUnits = function (items) {
    D.units = new Map(items.map((one) => [one.unit_id, one]));
    if (D.map) D.map.units([...D.units.values()]);
  };

  /* ---- tabs ---- */

  const section = () => document.querySelector(".desk-incident");
  D.section = section;
  D.pane = (name) => document.querySelector(`[data-dispatch-pane="${name}"]`);
  D.shown = () => (section() && section().dataset.tab) || "detail";
  D.view = () => document.documentElement.dataset.desk;

  function tab(name) {
    if (!section()) return;
    section().dataset.tab = name;
    sessionStorage.setItem(TAB, name);
    document.querySelectorAll("[data-dispatch-tab]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.dispatchTab === name)));
    if (name !== "detail") look();
    if (D.panes[name] && D.panes[name].opened) D.panes[name].opened();
  }

  D.note = function (name, text) {
    const small = document.querySelector(`[data-dispatch-tab="${name}"] small`);
    if (small && small.textContent !== text) small.textContent = text;
  };

  /* ---- when to look ---- */

  function soon() { if (!timer) timer = setTimeout(look, SOON_MS); }

  /* Everything about the open incident anew; each pane draws itself. */
  async function look() {
    clearTimeout(timer);
    timer = null;
    if (!words() || !D.incident) return;
    const id = D.incident, [seen, units] = await Promise.all([ask("GET", `/incidents/${id}`), ask("GET", "/units")]);
    if (id !== D.incident) return;
    if (units.ok) D.takeUnits(units.document.items);
    D.seen = seen;
    D.one = seen.ok ? seen.document.incident || seen.document : null;
    for (const pane of Object.values(D.panes)) pane.look(id);
    if (D.map) D.map.opened(D.one);
  }

  async function poll() {
    const open = D.view() === "units" || (D.incident && D.shown() !== "detail");
    if (document.hidden || !words() || Date.now() - polled < (open ? POLL_MS : SLOW_MS) - 100) return;
    polled = Date.now();
    const before = D.units, answer = await ask("GET", "/units");
    if (!answer.ok) return;
    D.takeUnits(answer.document.items);
    const moved = [...D.units.values()].some((one) => (before.get(one.unit_id) || {}).state !== one.state);
    D.listeners.forEach((listener) => listener());
    if (moved && before.size && D.incident && D.shown() === "order") soon();
    else if (D.panes.order) D.panes.order.tick();
  }

  function live(event) {
    for (const [name, change] of Object.entries(event.detail.pieces)) {
      if (name.endsWith("|incidents") && Object.keys(change).some((key) => key.split("@")[0] === D.incident)) soon();
    }
  }

  document.addEventListener("citydeck:delta", live);
  document.addEventListener("citydeck:incident", (event) => {
    if (event.detail === D.incident) return soon();
    D.incident = event.detail;
    D.one = null;
    for (const pane of Object.values(D.panes)) pane.forget();
    look();
  });

  /* ---- keys and clicks ---- */

  const TAB_KEYS = { e: "detail", d: "order", a: "around" };
  const works = () => window.citydeckDesk.works(), ordering = () => works() && D.shown() === "order";

  (window.citydeckKeys = window.citydeckKeys || []).push(
    { name: "send", keys: ["Ctrl+Enter"], typing: true, when: (event) => event.target.closest(".dispatch-pane"), does: () => D.panes.order.send() },
    { name: "u", keys: ["u"], when: () => !window.citydeckDesk.fixed(), does: () => window.citydeckDesk.view(D.view() === "units" ? "incidents" : "units") },
    { name: "order", keys: ["s"], when: (event) => ordering() && !event.repeat, does: () => D.panes.order.send() },
    { name: "propose", keys: ["p"], when: (event) => ordering() && !event.repeat, does: () => D.panes.order.propose() },
    { name: "panes", keys: Object.keys(TAB_KEYS), when: works, does: (event) => tab(TAB_KEYS[event.key]) },
    { name: "digits", keys: [..."123456789"], when: () => works() && D.shown() !== "detail", does: () => { tab("detail"); return false; } },
  );

  function click(event) {
    const at = (name) => event.target.closest(`[${name}]`);
    if (at("data-dispatch-tab")) return tab(at("data-dispatch-tab").dataset.dispatchTab);
    if (at("data-deed")) return tab("detail");
    const opens = at("data-dispatch-open");
    if (opens) { window.citydeckDesk.view("incidents"); window.citydeckDesk.open(opens.dataset.dispatchOpen); tab("order"); }
  }

  /* Nothing is drawn anew between pressing and letting go. */
  document.addEventListener("pointerdown", () => { D.pressed = true; }, true);
  for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, () => setTimeout(() => { D.pressed = false; }, 60), true);
  document.addEventListener("click", click);

  function start() {
    if (wired || !section() || !words() || !window.citydeckDesk) return;
    wired = true;
    tab(sessionStorage.getItem(TAB) || "detail");
    D.incident = D.incident || window.citydeckDesk.incident;
    look();
    setInterval(poll, 1000);
    D.listeners.forEach((listener) => listener());
  }
  new MutationObserver(start).observe(document, { childList: true, subtree: true });
})();
