/* The operator's desk: which of its two views is shown, the incident that is open, what the live picture changes, keys and sound.
   Stores (layouts/incidents/page.py) carry small messages to the callbacks; incident_queue.js and incident_forms.js do the rest. */
(function () {
  "use strict";
  if (!/\/desk\/?$/.test(location.pathname)) return;
  const PULSE_MS = 1000, HEAL_MS = 4000, COUNT_EVERY_MS = 30000, MUTED = "citydeck:muted";
  const query = new URLSearchParams(location.search), past = query.has("at");
  const alone = query.get("incident");
  const desk = (window.citydeckDesk = { open, tell, say, text, user, view, incident: null, heard: {}, busyAt: 0, alone, uid, closeAll: [] });
  let count = 0, timer = null, changed = new Set(), owed = new Set(), askedAt = 0, known = null, sound = null, started = false;

  const section = () => document.querySelector(".desk-incident");
  function text(name) { return (section() && section().getAttribute("data-text-" + name.replace(/_/g, "-"))) || ""; }
  function user() { return section() ? section().dataset.user : ""; }

  function uid() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /* Hand `data` to the callbacks through the store of that name; they know a new message by its number. */
  function tell(name, data) {
    const send = () => window.dash_clientside.set_props({ type: "incident-store", name }, { data: data === null ? null : { ...data, n: ++count } });
    if (window.dash_clientside && window.dash_clientside.set_props && section()) send();
    else setTimeout(() => tell(name, data), 200);
  }

  function say(message) {
    const box = section() && section().querySelector(".desk-toast");
    if (!box || !message) return;
    box.textContent = message;
    clearTimeout(box.leaving);
    box.leaving = setTimeout(() => (box.textContent = ""), 5000);
  }

  /* ---- views ---- */

  function view(name) {
    document.documentElement.dataset.desk = name;
    document.querySelectorAll("[data-desk-view]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.deskView === name)));
    const address = new URL(location.href);
    if (address.searchParams.get("view") !== name && !alone) {
      if (name !== "incidents") address.searchParams.set("view", name);
      else address.searchParams.delete("view");
      history.replaceState(history.state, "", address);
    }
    window.dispatchEvent(new Event("resize"));
  }

  function open(incident, quiet) {
    if (!incident) return;
    desk.incident = incident;
    sessionStorage.setItem("citydeck:incident", incident);
    if (!quiet && ["watch", "units"].includes(document.documentElement.dataset.desk)) view("incidents");
    tell("open", { incident });
    document.dispatchEvent(new CustomEvent("citydeck:incident", { detail: incident }));
  }

  function start() {
    if (started || !section()) return;
    started = true;
    view(alone ? "alone" : past ? "watch" : ["watch", "units"].includes(query.get("view")) ? query.get("view") : "incidents");
    showSound();
    const last = alone || sessionStorage.getItem("citydeck:incident");
    if (last) open(last, true);
    pulse();
    setInterval(() => { pulse(); followOver(); }, COUNT_EVERY_MS);
    setInterval(heal, HEAL_MS);
  }

  /* ---- what the live picture says ---- */

  function* incidents(pieces) {
    for (const [name, change] of Object.entries(pieces)) if (name.endsWith("|incidents")) for (const [key, record] of Object.entries(change)) yield [`${name} ${key}`, key.split("@")[0], record];
  }

  /* Incident -> its version in each piece of the live picture that holds it; one that is over is in none. */
  function keep(place, id, record) {
    const held = known.get(id) || new Map();
    if (record) held.set(place, record.version);
    else held.delete(place);
    known.set(id, held);
  }

  const version = (map, id) => Math.max(0, ...(map.get(id) || new Map()).values());

  function live(event) {
    const first = known === null, snapshot = first || event.type.endsWith("snapshot"), before = known || new Map();
    if (snapshot) known = new Map([...before.keys()].map((id) => [id, new Map()]));
    for (const [place, id, record] of incidents(event.detail.pieces)) {
      if (!first && record && !before.has(id) && record.urgency === "critical") ring();
      keep(place, id, record);
      if (!snapshot) changed.add(id);
    }
    if (!first && snapshot) for (const id of known.keys()) if (version(known, id) !== version(before, id)) changed.add(id);
    if (changed.size && !timer) timer = setTimeout(pulse, PULSE_MS);
    alarms(event.detail.pieces, first || snapshot);
  }

  function pulse() {
    clearTimeout(timer);
    timer = null;
    const ids = [...new Set([...changed, ...owed])];
    changed = new Set();
    owed = new Set(ids);
    askedAt = Date.now();
    if (!section()) return;
    tell("pulse", { changed: ids, filter: desk.filter ? desk.filter() : {} });
    if (desk.incident && ids.includes(desk.incident)) tell("open", { incident: desk.incident, live: true });
  }

  /* What was asked and never answered, for the server was away, is asked again; so is the open incident that the live picture knows
     to have gone on. */
  function heal() {
    if (document.querySelector(".deed-form.is-done")) tell("deed", null);
    if (owed.size && Date.now() - askedAt > HEAL_MS) return pulse();
    if (!section() || !desk.incident || !known || !known.has(desk.incident)) return;
    const head = document.querySelector(".incident-head"), now = version(known, desk.incident), shown = head && head.dataset.incident === desk.incident;
    const behind = !shown ? now > 0 : now ? Number(head.dataset.version) < now : !head.querySelector(".incident-owed.is-ended");
    if (behind) tell("open", { incident: desk.incident, live: true });
  }

  /* What is over has left the live picture; it may still be archived or evaluated. */
  function followOver() {
    const head = document.querySelector(".incident-head");
    if (head && head.dataset.incident === desk.incident && head.querySelector(".incident-owed.is-ended")) tell("open", { incident: desk.incident, live: true });
  }

  desk.pulse = pulse;
  document.addEventListener("citydeck:snapshot", live);
  document.addEventListener("citydeck:delta", live);

  /* What the callbacks put into stores comes here. */
  const last = {};
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    citydeck_incidents: {
      heard(...stores) {
        ["rows", "fresh", "open"].forEach((name, i) => {
          if (stores[i] && stores[i] !== last[name]) {
            last[name] = stores[i];
            if (name === "fresh") owed = new Set();
            if (desk.heard[name]) desk.heard[name](stores[i]);
          }
        });
        return window.dash_clientside.no_update;
      },
    },
  });
  desk.heard.open = (data) => { if (data.incident !== desk.incident) { desk.incident = data.incident; sessionStorage.setItem("citydeck:incident", data.incident); view(alone ? "alone" : "incidents"); } };

  /* ---- sound: new critical alarms that nobody has taken, new critical incidents ---- */

  const rung = new Set();
  function alarms(pieces, quiet) {
    for (const [name, change] of Object.entries(pieces)) {
      if (!name.endsWith("|alarms")) continue;
      if (Object.keys(change).some((id) => document.querySelector(`.incident-detail [data-alarm="${id}"]`))) tell("open", { incident: desk.incident, live: true });
      for (const alarm of Object.values(change)) {
        if (!alarm || alarm.severity !== "critical" || alarm.state !== "active" || alarm.acknowledged_at !== null || alarm.silence_id || rung.has(alarm.alarm_id)) continue;
        rung.add(alarm.alarm_id);
        if (!quiet) ring();
      }
    }
  }

  function ring() {
    desk.rings = (desk.rings || 0) + 1;
    if (localStorage.getItem(MUTED) === "yes" || !sound || sound.state !== "running") return;
    [0, 0.22].forEach((after, i) => {
      const tone = sound.createOscillator(), gain = sound.createGain(), at = sound.currentTime + after;
      tone.frequency.value = i ? 660 : 880;
      gain.gain.setValueAtTime(0.0001, at);
      gain.gain.exponentialRampToValueAtTime(0.3, at + 0.02);
      gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.2);
      tone.connect(gain).connect(sound.destination);
      tone.start(at);
      tone.stop(at + 0.21);
    });
  }

  function awake() {
    if (!sound && window.AudioContext) sound = new AudioContext();
    if (sound && sound.state === "suspended") sound.resume().then(showSound);
    showSound();
  }

  function showSound() {
    const button = document.querySelector("[data-sound='button']");
    if (!button) return;
    const muted = localStorage.getItem(MUTED) === "yes", state = muted ? "unmute" : sound && sound.state === "running" ? "mute" : "sound_waits";
    if (button.dataset.state === state) return;
    button.dataset.state = state;
    button.textContent = button.getAttribute("data-text-" + state);
    button.setAttribute("aria-pressed", String(muted));
  }

  function mute() {
    localStorage.setItem(MUTED, localStorage.getItem(MUTED) === "yes" ? "no" : "yes");
    showSound();
  }

  /* ---- keys ---- */

  const KEYS = {
    j: () => desk.move(1), ArrowDown: () => desk.move(1), k: () => desk.move(-1), ArrowUp: () => desk.move(-1),
    "[": () => desk.nextTab(-1), "]": () => desk.nextTab(1), "/": () => desk.search(), n: () => desk.intake(true),
    w: () => !alone && view(document.documentElement.dataset.desk === "watch" ? "incidents" : "watch"),
    m: mute, "?": () => keys(),
  };

  function keys(shown) {
    const box = document.querySelector("[data-keys='box']");
    if (box) box.hidden = shown === undefined ? !box.hidden : !shown;
    return box && !box.hidden;
  }

  function typing(target) { return target.closest && target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]"); }

  function press(event) {
    desk.busyAt = Date.now();
    awake();
    if (!section()) return;
    if (event.key === "Escape") return escape(event);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); return desk.send(); }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (["watch", "units"].includes(document.documentElement.dataset.desk) && !["w", "m", "?", "n"].includes(event.key)) return;
    if (event.target.closest("canvas, .ag-root") && event.key.startsWith("Arrow") && event.target.closest("canvas")) return;
    const button = /^[1-9]$/.test(event.key) && document.querySelector(`.incident-moves [data-key="${event.key}"]`);
    if (button) { event.preventDefault(); return button.click(); }
    if (event.key === "Enter" && !event.target.closest("button, a, [tabindex='0']")) { event.preventDefault(); return desk.openSelected(); }
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  function escape(event) {
    if (document.querySelector("[data-keys='box']:not([hidden])")) return keys(false);
    for (const close of desk.closeAll) if (close()) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    if (typing(event.target)) event.target.blur();
  }

  function click(event) {
    desk.busyAt = Date.now();
    awake();
    const at = (name) => event.target.closest(`[${name}]`);
    if (at("data-desk-view")) return view(at("data-desk-view").dataset.deskView);
    if (event.target.closest("[data-sound]")) return mute();
    const box = event.target.closest("[data-keys]");
    if (box) return keys(box.dataset.keys === "open" ? undefined : false);
    if (at("data-open-incident")) { desk.intake(false); return open(at("data-open-incident").dataset.openIncident); }
    if (at("data-raise-alarm")) { event.stopPropagation(); return tell("raise", { alarm: at("data-raise-alarm").dataset.raiseAlarm }); }
    if (at("data-go")) return go(at("data-go").dataset.go.split(",").map(Number));
    const chip = at("data-timeline");
    if (chip) narrow(chip.dataset.timeline);
  }

  function go(center) {
    const city = (document.querySelector(".city-map") || {}).cityMap;
    if (!city) return;
    city.held = true;
    city.map.easeTo({ center, zoom: Math.max(city.map.getZoom(), 13), animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
  }

  /* A ring on the map opens its incident. */
  let rings = null;
  function ringed() {
    const element = rings ? null : document.querySelector(".city-map[data-ready=yes]");
    if (!element || !element.cityMap.map.getLayer("incidents")) return;
    rings = element.cityMap.map;
    rings.on("click", "incidents", ({ features }) => open(features[0].properties.id, true));
  }

  function narrow(group) {
    const box = document.querySelector(".incident-timeline");
    if (group === "all") delete box.dataset.only;
    else box.dataset.only = group;
  }

  document.addEventListener("keydown", press, true);
  document.addEventListener("click", click);
  document.addEventListener("pointermove", () => { desk.busyAt = Date.now(); }, { passive: true });
  new MutationObserver(() => { start(); showSound(); ringed(); }).observe(document, { childList: true, subtree: true });
})();
