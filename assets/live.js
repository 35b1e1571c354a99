/* The live picture in a page: one connection for all tabs (live_worker.js), values written straight into elements that carry
   data-live="device_id.metric" (data-decimals, data-unit, data-limit: the age in seconds from which it is stale), their age, the state of the link in [data-link], and
   the version cursor of the slow lane. Maps listen to the events citydeck:snapshot, citydeck:delta and citydeck:link. */
(function () {
  "use strict";

  const script = document.currentScript;
  if (/\/(login|pair|admin|account)\/?$/.test(location.pathname) || new URLSearchParams(location.search).has("at")) return;

  const CURSOR_EVERY_MS = 2000;
  const BEAT_MS = 2000; // the server counts restless changes by a beat of this length (services/beat.py)
  const FAST_ONLY = new Set(["vehicles"]);
  const base = new URL("../", script.src).pathname;
  const english = () => (new URLSearchParams(location.search).get("lang") || document.documentElement.lang || "zh").startsWith("en");

  const values = new Map();
  const places = new Map();
  let current = null;
  let offset = 0;
  let build = null;
  let link = { state: "connecting", since: Date.now() };

  document.addEventListener("citydeck:upgraded", () => window.citydeckReload || location.reload());
  const now = () => Date.now() + offset;
  const announce = (name, detail) => document.dispatchEvent(new CustomEvent("citydeck:" + name, { detail }));

  /* ---- values ---- */

  function take(pieces) {
    const changed = new Set();
    for (const [name, change] of Object.entries(pieces)) {
      if (!name.endsWith("|values")) continue;
      for (const [device, metrics] of Object.entries(change)) {
        if (metrics !== null) {
          values.set(device, metrics);
          places.set(device, name);
        } else if (places.get(device) === name) {
          values.delete(device);
          places.delete(device);
        } else continue;
        changed.add(device);
      }
    }
    return changed;
  }

  let elements = null;
  new MutationObserver(() => (elements = null)).observe(document.documentElement, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-live"],
  });

  function byDevice() {
    if (elements) return elements;
    elements = new Map();
    for (const element of document.querySelectorAll("[data-live]")) {
      const path = element.dataset.live;
      const dot = path.lastIndexOf(".");
      const device = path.slice(0, dot);
      if (!elements.has(device)) elements.set(device, []);
      elements.get(device).push([element, path.slice(dot + 1)]);
      show(element, device, path.slice(dot + 1));
    }
    return elements;
  }

  function show(element, device, metric) {
    const reading = (values.get(device) || {})[metric];
    if (!reading) return;
    const [at, value, quality] = reading;
    const text = worded(element, value);
    if (element.textContent !== text) element.textContent = text;
    element.dataset.at = at;
    element.classList.toggle("is-suspect", quality !== "good");
    judge(element, at);
  }

  function worded(element, value) {
    const { decimals, unit, textOn, textOff } = element.dataset;
    if (textOn && (value === true || value === 1)) return textOn;
    if (textOff && (value === false || value === 0)) return textOff;
    const shown = typeof value === "number" ? value.toFixed(decimals === undefined ? Math.min(3, (String(value).split(".")[1] || "").length) : Number(decimals)).replace("-", "−") : String(value);
    return unit ? `${shown} ${unit}` : shown;
  }

  /* ---- age ---- */

  function age(ms) {
    const seconds = Math.max(0, Math.floor(ms / 1000));
    const [n, zh, en] =
      seconds < 60 ? [seconds, "秒", "s"] : seconds < 3600 ? [Math.floor(seconds / 60), "分钟", "min"] : seconds < 86400 ? [Math.floor(seconds / 3600), "小时", "h"] : [Math.floor(seconds / 86400), "天", "d"];
    return english() ? `${n} ${en} ago` : `${n} ${zh}前`;
  }

  function judge(element, at) {
    const limit = Number(element.dataset.limit) * 1000;
    const stale = limit > 0 && now() - at > limit;
    element.classList.toggle("is-stale", stale);
    if (stale) element.dataset.age = age(now() - at);
    else delete element.dataset.age;
  }

  function tick() {
    byDevice();
    for (const element of document.querySelectorAll("[data-live][data-at]")) judge(element, Number(element.dataset.at));
    showLink();
  }

  /* ---- link ---- */

  const LINK_TEXT = { connecting: ["正在连接", "connecting"], live: ["实时", "live"], lost: ["失去连接", "connection lost"] };

  function showLink() {
    const lost = link.state === "lost";
    document.body.classList.toggle("is-lost", lost);
    for (const element of document.querySelectorAll("[data-link]")) {
      const words = element.dataset[`text${link.state[0].toUpperCase()}${link.state.slice(1)}`] || LINK_TEXT[link.state][english() ? 1 : 0];
      const timeZone = (document.querySelector("[data-zone]") || { dataset: {} }).dataset.zone;
      const since = lost ? new Date(link.since).toLocaleTimeString(english() ? "en-GB" : "zh-CN", { hour12: false, timeZone }) : "";
      const text = lost ? `${words} · ${english() ? "since " + since : "自 " + since}` : words;
      const target = element.querySelector("span") || element;
      if (element.dataset.link !== link.state) element.dataset.link = link.state;
      if (target.textContent !== text) target.textContent = text;
    }
  }

  /* ---- slow lane ---- */

  let cursorTimer = null;
  let sections = {};
  let moved = "";
  let changedAt = 0;
  let settled = true;

  const pause = () => CURSOR_EVERY_MS + Math.random() * 500;

  function plan(data) {
    sections = data.sections;
    if (!Object.keys(data.pieces).some((name) => !FAST_ONLY.has(name.slice(name.lastIndexOf("|") + 1)))) return;
    changedAt = Date.now();
    if (!cursorTimer) cursorTimer = setTimeout(moveCursor, moved.startsWith(data.epoch + "-") ? pause() : Math.random() * 100);
  }

  function moveCursor() {
    cursorTimer = null;
    if (!current || !window.dash_clientside || !window.dash_clientside.set_props || !document.getElementById("page")) {
      if (current) cursorTimer = setTimeout(moveCursor, 300);
      return;
    }
    const cursor = `${current.epoch}-${current.version}`;
    if ((cursor === moved && settled) || document.hidden) {
      if (document.hidden) document.addEventListener("visibilitychange", () => cursorTimer || (cursorTimer = setTimeout(moveCursor, 50)), { once: true });
      return;
    }
    moved = cursor;
    settled = Date.now() - changedAt >= BEAT_MS;
    if (!settled) cursorTimer = setTimeout(moveCursor, pause()); // what changed last may have missed the beat: ask once more
    window.dash_clientside.set_props("live-cursor", { data: { ...sections, cursor, asked: Date.now() } });
  }

  /* ---- what comes in ---- */

  const TAKE = {
    snapshot(data) {
      values.clear();
      places.clear();
      arrived(data);
      byDevice().forEach((list, device) => list.forEach(([element, metric]) => show(element, device, metric)));
      announce("snapshot", data);
    },
    delta(data) {
      const changed = arrived(data);
      const shown = byDevice();
      changed.forEach((device) => (shown.get(device) || []).forEach(([element, metric]) => show(element, device, metric)));
      announce("delta", data);
    },
    link(data) {
      link = data;
      showLink();
      announce("link", data);
    },
    wall(data) {
      announce("wall-news", data);
    },
    /* 401: nobody is signed in. 403: somebody is, who has no right to the picture; there is nothing to sign in for. */
    signed_out(data) {
      if (data.status !== 401) return;
      if (/\/big\/?$/.test(location.pathname)) return location.assign(`${base}pair${location.search}`);
      location.assign(`${base}login?next=${encodeURIComponent(location.pathname + location.search)}`);
    },
  };

  function arrived(data) {
    if (build && data.build && data.build !== build) announce("upgraded", data.build);
    build = data.build || build;
    offset = data.offset === undefined ? offset : data.offset;
    current = { epoch: data.epoch, version: data.version };
    const changed = take(data.pieces);
    plan(data);
    return changed;
  }

  /* A delta comes as the server's own text: reading it costs this page less than a copy of what the worker has read. */
  const receive = (message) => TAKE[message.kind](message.text ? Object.assign(JSON.parse(message.text), message.data) : message.data);

  function start() {
    const url = new URL("live_worker.js" + new URL(script.src).search, script.src);
    url.searchParams.set("base", base);
    if (window.SharedWorker) {
      const worker = new SharedWorker(url, { name: "citydeck" });
      worker.port.onmessage = (event) => receive(event.data);
      worker.port.start();
      setInterval(() => worker.port.postMessage("here"), 20000);
      window.addEventListener("pagehide", (event) => worker.port.postMessage(event.persisted ? "here" : "bye"));
    } else {
      const wait = () => (window.CityDeckLiveLink ? new window.CityDeckLiveLink(base, receive) : setTimeout(wait, 50));
      wait();
    }
    setInterval(tick, 1000);
    window.citydeck = Object.assign(window.citydeck || {}, { value: (device, metric) => (values.get(device) || {})[metric], now });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
