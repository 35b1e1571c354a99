/* The operator's desk: which of its two views is shown, the incident that is open, what the live picture changes, keys and sound.
   Stores (layouts/incidents/page.py) carry small messages to the callbacks; incident_queue.js and incident_forms.js do the rest. */
(function () {
  "use strict";
  if (!/\/desk\/?$/.test(location.pathname)) return;
  const UNSEEN_MS = 500, DRAWN_MS = 8000, PULSE_MS = 1000, HEAL_MS = 4000, COUNT_EVERY_MS = 30000, MUTED = "citydeck:muted";
  const query = new URLSearchParams(location.search), past = query.has("at");
  const alone = query.get("incident"), SPLIT = ["map", "lists"], OWN = ["watch", "units", ...SPLIT];
  const desk = (window.citydeckDesk = { open, tell, say, text, user, view, works, fixed, touched, mute, doMove, go, incident: null, heard: {}, busyAt: 0, alone, uid, later, closeAll: [] });
  let count = 0, timer = null, changed = new Set(), owed = new Set(), askedAt = 0, known = null, sound = null, started = false;

  const section = () => document.querySelector(".desk-incident");
  function text(name) { return (section() && section().getAttribute("data-text-" + name.replace(/_/g, "-"))) || ""; }
  function user() { return section() ? section().dataset.user : ""; }

  function uid() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /* What a hand started but needn't wait for, in its order, each in a task of its own, once what the hand changed is on the screen; a page
     that nobody sees paints nothing. */
  const owing = [];
  function later(work) {
    owing.push(work);
    if (owing.length > 1) return;
    const wait = setTimeout(next, UNSEEN_MS);
    requestAnimationFrame(() => setTimeout(() => { clearTimeout(wait); next(); }));
  }

  function next() {
    const work = owing.shift();
    if (owing.length) setTimeout(next);
    if (work) work();
  }

  /* Hand `data` to the callbacks through the store of that name; they know a new message by its number. */
  function tell(name, data) {
    const send = () => window.dash_clientside.set_props({ type: "incident-store", name }, { data: data === null ? null : { ...data, n: ++count } });
    if (window.dash_clientside && window.dash_clientside.set_props && section()) later(send);
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
    later(() => { addressed(name); window.dispatchEvent(new Event("resize")); });
  }

  function addressed(name) {
    const address = new URL(location.href);
    if (address.searchParams.get("view") === name || alone) return;
    if (name !== "incidents") address.searchParams.set("view", name);
    else address.searchParams.delete("view");
    history.replaceState(history.state, "", address);
  }

  const shown = () => document.documentElement.dataset.desk;
  /* Where incidents are worked on; and whether this window is only one half, or only one incident, whatever is opened in it. */
  function works() { return ["incidents", "alone", "lists"].includes(shown()); }
  function fixed() { return Boolean(alone) || SPLIT.includes(shown()); }

  function open(incident, quiet) {
    if (!incident) return;
    desk.incident = incident;
    sessionStorage.setItem("citydeck:incident", incident);
    if (!quiet && !fixed() && !works()) view("incidents");
    tell("open", { incident });
    document.dispatchEvent(new CustomEvent("citydeck:incident", { detail: incident }));
  }

  function start() {
    if (started || !section()) return;
    started = true;
    view(alone ? "alone" : past ? "watch" : OWN.includes(query.get("view")) ? query.get("view") : "incidents");
    showSound();
    setTimeout(() => { document.documentElement.dataset.kept = "yes"; }, DRAWN_MS); // incidents.css
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
  desk.heard.open = (data) => { if (data.incident !== desk.incident) { desk.incident = data.incident; sessionStorage.setItem("citydeck:incident", data.incident); if (!fixed()) view("incidents"); } };

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

  /* A past moment is silent: what is played there was heard then. */
  function ring() {
    if (past) return;
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

  /* ---- hands ---- */

  function touched() {
    desk.busyAt = Date.now();
    later(awake);
  }

  /* The move of the open incident that has this number; nothing where there is none. */
  function doMove(number) {
    const button = document.querySelector(`.incident-moves [data-key="${number}"]`);
    return button ? button.click() : false;
  }

  function click(event) {
    touched();
    const at = (name) => event.target.closest(`[${name}]`);
    if (at("data-desk-view")) return view(at("data-desk-view").dataset.deskView);
    if (event.target.closest("[data-sound]")) return mute();
    const box = event.target.closest("[data-keys]");
    if (box) return desk.keys(box.dataset.keys === "open" ? undefined : false);
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
    window.citydeckGo(city.map, { center, zoom: Math.max(city.map.getZoom(), 13) });
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

  document.addEventListener("click", click);
  document.addEventListener("pointermove", () => { desk.busyAt = Date.now(); }, { passive: true });
  new MutationObserver(() => { start(); showSound(); ringed(); }).observe(document, { childList: true, subtree: true });
})();
