/* The wall's own player: which scene stands, whose turn it is in the playlist, what takes the wall over by rule, and what somebody asked
   for by hand or by the remote ("citydeck:wall", from wall_link.js). It tells "citydeck:scene" when another scene stands.
   What counts first: a taking over that may break a hold, a hold, a taking over, the remote's scene, a choice by hand, the playlist. */
(function () {
  "use strict";
  if (!/\/big\/?$/.test(location.pathname)) return;
  const TICK_MS = 500, PAST = new URLSearchParams(location.search).has("at");
  let page = null, plan = null, state = null, asked = 0, told = "";

  const fresh = () => ({ step: 0, since: Date.now(), rest: 0, chosen: "", remote: null, taken: null, turn: 0, turned: 0, dismissed: new Set(), flown: "", cameras: "" });
  const about = () => document.querySelector(".wall-now");
  const shown = () => (about() ? { scene: about().dataset.scene, focus: about().dataset.focus || "" } : null);

  function look() {
    const main = document.querySelector("[data-wall]");
    if (!main || main === page) return Boolean(main);
    page = main;
    plan = JSON.parse(main.dataset.wallPlan);
    state = fresh();
    return true;
  }

  /* ---- what should stand ---- */

  function takings() {
    const element = document.querySelector("[data-takeover]");
    if (!element || plan.pinned || PAST || page.dataset.told) return [];
    const held = JSON.parse(element.dataset.takeover), keys = new Set(held.map((one) => one.key));
    for (const key of state.dismissed) if (!keys.has(key)) state.dismissed.delete(key);
    const hold = state.remote && state.remote.hold;
    return held.filter((one) => !state.dismissed.has(one.key) && (one.over || !hold));
  }

  /* Of several each has its turn; one that is new comes at once. */
  function taking() {
    const held = takings();
    if (!held.length) return null;
    const here = held.findIndex((one) => one.key === (state.taken && state.taken.key));
    const known = state.known || new Set(), news = held.find((one) => !known.has(one.key));
    state.known = new Set(held.map((one) => one.key));
    if (here < 0 || (news && news.key !== held[here].key)) return turn(news || held[0]);
    return Date.now() - state.turned > held[here].seconds * 1000 && held.length > 1 ? turn(held[(here + 1) % held.length]) : held[here];
  }

  function turn(one) {
    state.turned = Date.now();
    return one;
  }

  function playing() {
    const steps = plan.playlist;
    if (state.chosen && (plan.pinned || !steps.length || Date.now() < state.rest)) return state.chosen;
    if (!steps.length || plan.pinned || PAST) return "";
    if (state.chosen) Object.assign(state, { chosen: "", since: Date.now(), step: Math.max(0, steps.findIndex(([scene]) => scene === state.chosen)) });
    if (Date.now() - state.since > steps[state.step][1] * 1000) Object.assign(state, { since: Date.now(), step: (state.step + 1) % steps.length });
    return steps[state.step][0];
  }

  /* The remote asks for a scene, and for what it is about. */
  function steered() {
    const remote = state.remote;
    if (!remote) return null;
    const focus = remote.focus && (remote.focus.kind === "incident" || remote.focus.kind === "alarm") ? `${remote.focus.kind}:${remote.focus.id}` : "";
    if (remote.scene) return { scene: remote.scene, focus };
    if (remote.cameras && remote.cameras.length && plan.video && !document.querySelector(".panel-video")) return { scene: plan.video, focus };
    return remote.hold && shown() ? shown() : null;
  }

  function wanted() {
    const taken = taking();
    if (taken) return { scene: taken.scene, focus: taken.key, taken };
    return steered() || { scene: playing(), focus: "" };
  }

  /* ---- showing it ---- */

  function tick() {
    if (!look() || !shown()) return;
    const next = wanted(), here = shown();
    const given = state.taken && !next.taken;
    state.taken = next.taken || null;
    page.dataset.taken = state.taken ? state.taken.key : "";
    if (next.scene && (next.scene !== here.scene || (next.focus || "") !== here.focus)) show(next);
    if (state.taken) fly(state.taken.key, state.taken.device ? { kind: "device", id: state.taken.device } : null, state.taken);
    else if (given) home();
    tell();
  }

  function show({ scene, focus }) {
    const dash = window.dash_clientside;
    if (!dash || !dash.set_props || Date.now() - asked < 1500) return;
    asked = Date.now();
    dash.set_props({ type: "wall-scene", wall: page.dataset.wall }, { data: { scene, focus: focus || "", n: asked } });
  }

  /* What stands now, for whoever wants to know. */
  function tell() {
    const here = shown();
    if (!here || here.scene === told) return;
    told = here.scene;
    for (const tab of document.querySelectorAll("[data-scene-tab]")) tab.setAttribute("aria-current", String(tab.dataset.sceneTab === here.scene));
    document.dispatchEvent(new CustomEvent("citydeck:scene", { detail: { scene: here.scene } }));
  }

  const map = () => { const element = document.querySelector(".city-map[data-ready=yes]"); return element && element.cityMap.picks ? element.cityMap : null; };

  /* Each place is flown to once; a map that isn't there yet, later. */
  function fly(key, picked, place) {
    if (state.flown === key || !map()) return;
    state.flown = key;
    const device = picked && picked.kind === "device" ? map().points.get(picked.id) : null;
    const at = device ? { lon: device[0], lat: device[1] } : place && typeof place.lon === "number" ? { lon: place.lon, lat: place.lat, ring: true } : null;
    document.dispatchEvent(new CustomEvent("citydeck:focus", { detail: at }));
    if (picked) window.citydeckPick(picked, true);
    else if (place && typeof place.lon === "number") map().picks.visit([place.lon, place.lat]);
  }

  function home() {
    state.flown = "";
    document.dispatchEvent(new CustomEvent("citydeck:focus", { detail: null }));
    if (!map()) return;
    window.citydeckPick(null, false);
    map().picks.home();
  }

  /* ---- by hand, and by the remote ---- */

  function choose(scene) {
    Object.assign(state, { chosen: scene, rest: Date.now() + plan.rest * 1000 });
    dismiss();
    tick();
  }

  function dismiss() {
    for (const one of takings()) state.dismissed.add(one.key);
  }

  function beside(by) {
    const scenes = plan.scenes, here = shown();
    choose(scenes[(scenes.indexOf(here.scene) + by + scenes.length) % scenes.length]);
  }

  const FOCUS = { device: (one) => ({ kind: "device", id: one.id }), region: (one) => ({ kind: "town", id: one.id }) };

  function obey(event) {
    if (!look()) return;
    const before = state.remote, remote = event.detail;
    state.remote = remote;
    if (before && before.version !== remote.version && remote.scene && remote.scene !== before.scene) dismiss();
    const cameras = JSON.stringify(remote.cameras || []);
    if (cameras !== state.cameras) { state.cameras = cameras; document.dispatchEvent(new CustomEvent("citydeck:cameras", { detail: { ids: remote.cameras || [] } })); }
    tick();
    if (remote.focus) fly(JSON.stringify(remote.focus), FOCUS[remote.focus.kind] ? FOCUS[remote.focus.kind](remote.focus) : null, remote.focus);
    else if (before && before.focus && !state.taken) home();
  }

  document.addEventListener("citydeck:wall", obey);
  document.addEventListener("click", (event) => { const tab = event.target.closest("[data-scene-tab]"); if (tab && look()) choose(tab.dataset.sceneTab); });
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.target.closest("input, .city-map") || !look() || page.dataset.told) return;
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") beside(event.key === "ArrowRight" ? 1 : -1);
  });
  setInterval(tick, TICK_MS);
})();
