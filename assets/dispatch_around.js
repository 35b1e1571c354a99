/* What lies around the open incident: cameras, sensors with their trend before and after the report, units, help within ten minutes,
   sensitive places; a cordon that is drawn on the map, and what it holds. It fills itself when an incident opens. */
(function () {
  "use strict";
  const D = window.citydeckDispatch;
  if (!D) return;
  const { make, t } = D, SVG = "http://www.w3.org/2000/svg", WIDE = 120, HIGH = 26, RADII = [200, 500, 1000], SHOWN = 40, EVERY_MS = 20000;
  const boxes = new Map(), wished = new Map();
  let asked = 0, found = null, refused = null, inside = null, insideSaid = "", planOpen = null;

  const pane = () => D.pane("around");
  const word = (table, code) => (D.names[table] && D.names[table][code]) || code;
  const kind = (name, code) => (D.names.words[`${name}_${code}`] ? t(`${name}_${code}`) : code);

  function forget() {
    found = refused = inside = null;
    asked = 0;
    insideSaid = "";
    planOpen = null;
    boxes.clear();
    wished.clear();
    if (D.map) { D.map.around(null); D.map.cordon([]); }
    if (pane()) pane().replaceChildren(make("div", { className: "state", textContent: t("loading") }));
    D.note("around", "");
  }

  async function look(id) {
    if (Date.now() - asked < EVERY_MS) return;
    asked = Date.now();
    const answer = await D.ask("GET", `/incidents/${id}/around`);
    if (id !== D.incident) return;
    found = answer.ok ? answer.document : null;
    refused = answer.ok ? null : D.refusal(answer);
    if (D.map) D.map.around(found && { ...found, label: `${t("within_ten")} · ${word("how", found.how)}` });
    D.note("around", found ? t("count_around", { cameras: found.cameras.length, sensors: found.sensors.length }) : "");
    draw();
  }

  /* ---- lines ---- */

  const part = (name, title, lines, none) => make("section", { className: "around-part around-" + name }, make("h3", { textContent: title }), ...(lines.length ? lines : [make("p", { className: "order-others", textContent: t(none || "none_near") })]));

  function line(one, facts, extra) {
    const placed = one.lon !== null && one.lon !== undefined, source = one.camera_id || one.device_id, opens = source ? { aroundSource: source, ...(one.device_id ? { aroundDevice: one.device_id } : {}) } : {};
    return make("div", { className: "around-line" + (extra ? " has-trend" : "") },
      make("button", { className: "around-name", textContent: one.name || one.device_id || one.place_id || one.resource_id || one.unit_id, disabled: !placed, data: placed ? { aroundGo: `${one.lon},${one.lat}`, ...opens } : {} }),
      extra || null, make("small", { textContent: facts.filter(Boolean).join(" · ") }));
  }

  const far = (one) => (one.metres === undefined ? "" : D.metres(one.metres));

  /* Where it looks and whether it answers are said only where that keeps it from showing the place. */
  function camera(one, place) {
    const down = one.status && one.status !== "online", made = line(one, [far(one), one.view === "away" || one.view === "far" ? kind("view", one.view) : "", down ? kind("camera", one.status) : "", one.vehicle ? t("camera_moving") : "", word("regions", one.region)]);
    made.dataset.camera = one.camera_id;
    made.classList.toggle("is-down", Boolean(down));
    if (one.platform) made.append(...watch(one, place, down));
    return made;
  }

  /* The nearest cameras play by themselves, others when asked to; a box stays the same element when the list is drawn anew, so that its
     picture goes on. */
  function watch(one, place, down) {
    const id = one.camera_id, plays = wished.has(id) ? wished.get(id) : !down && place < found.cameras_open, demo = document.querySelector(".badge-demo");
    const tags = [demo && demo.textContent, D.one && D.one.exercise && t("exercise")].filter(Boolean).join("|"), title = t(plays ? "camera_stop" : "camera_play");
    const button = make("button", { className: "chip around-play", textContent: title, data: { aroundWatch: id, plays: plays ? "yes" : "" } });
    if (!plays) { boxes.delete(id); return [button, window.citydeckStill(id, !down)]; }
    if (!boxes.has(id)) boxes.set(id, make("div", { data: { player: id, name: one.name, tags, incident: D.incident, face: "desk", ...when() } }));
    return [button, boxes.get(id)];
  }

  /* The moment whose minute before one tap plays. */
  const when = () => (D.one ? { moment: D.one.occurred_at || D.one.reported_at, momentOf: "incident" } : {});

  function sensor(one) {
    const values = one.trend.filter(([, value]) => value !== null), { value: words, metrics, stale_after: staleAfter, zone } = D.names;
    const made = line(one, [far(one), word("kinds", one.kind), (metrics[one.metric] || [one.metric])[0]], trend(one, values));
    const from = { feed: one.feed, device: one.name || one.device_id, id: one.device_id, metric: one.metric, owner: word("departments", one.department), formula: t("trend_mean") };
    const { value, why } = window.citydeckValue.measured(words, metrics, staleAfter, { ...from, read: values[values.length - 1] || [null, null], every: one.interval_s, zone });
    made.querySelector("small").append(" · ", window.citydeckValue.now(words, value), ...why);
    return made;
  }

  /* Two hours before the report and after it; the report is a line across. */
  function trend(one, values) {
    const svg = document.createElementNS(SVG, "svg"), shape = (tag, attributes) => { const made = document.createElementNS(SVG, tag); Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value)); svg.append(made); };
    svg.setAttribute("viewBox", `0 0 ${WIDE} ${HIGH}`);
    svg.setAttribute("class", "around-trend");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", t("trend", { at: D.one ? D.clock(D.one.reported_at) : "" }));
    if (!D.one) return svg;
    const from = D.one.reported_at - 7200000, until = Math.max(D.one.reported_at + 600000, ...values.map(([at]) => at)), x = (at) => ((at - from) / (until - from)) * WIDE;
    const low = Math.min(...values.map(([, value]) => value)), high = Math.max(...values.map(([, value]) => value)), y = (value) => HIGH - 3 - ((value - low) / (high - low || 1)) * (HIGH - 6);
    shape("line", { x1: x(D.one.reported_at), x2: x(D.one.reported_at), y1: 0, y2: HIGH, class: "trend-report" });
    if (values.length > 1) shape("polyline", { points: values.map(([at, value]) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(" "), class: "trend-line" });
    else if (values.length) shape("circle", { cx: x(values[0][0]), cy: HIGH / 2, r: 2, class: "trend-dot" });
    return svg;
  }

  function unit(one) {
    const made = line(one, [far(one), word("states", one.state), one.seen_at ? t("seen", { time: D.ago(one.seen_at) }) : t("at_home"), one.on_shift ? "" : t("off_shift")]);
    made.querySelector("button").dataset.aroundUnit = one.unit_id;
    return made;
  }

  function resource(one) {
    const room = one.capacity !== null && one.capacity !== undefined ? t("room", { free: one.free === null ? "–" : one.free, of: one.capacity }) : "";
    return line(one, [far(one), kind("resource", one.kind), room, Object.entries(one.stock).map(([goods, amount]) => `${goods} ${amount}`).join(" "), one.phone]);
  }

  function place(one) { return line(one, [far(one), kind("place", one.kind)]); }

  /* ---- what holds here: the plan of the class, and public warnings over the place ---- */

  function plan(one) {
    const level = D.one && D.one.response_level, steps = level ? one.steps.filter((step) => step.levels.includes(level)) : one.steps, say = (zh, en) => (D.names.lang === "en" && en) || zh;
    const head = [t("plan_kind_" + one.kind), t("plan_version", { n: one.version }), level ? t("response_" + level) : "", t("plan_steps", { n: steps.length })];
    const item = (step) => make("li", {}, say(step.zh, step.en), make("small", { textContent: [step.levels.map((code) => t("response_" + code)).join(" "), word("departments", step.department), t("within", { n: step.within_min })].filter(Boolean).join(" · ") }));
    const box = make("details", { className: "around-plan", open: planOpen === null ? Boolean(level) : planOpen }, make("summary", {}, make("b", { textContent: say(one.zh, one.en) }), make("small", { textContent: head.filter(Boolean).join(" · ") })), make("ol", {}, ...steps.map(item)));
    box.querySelector("summary").addEventListener("click", () => { planOpen = !box.open; });
    return box;
  }

  function warning(one) {
    const named = t("warned_headline", { hazard: one.hazard, level: t("warned_level_" + (one.level || "none")) });
    const times = { ahead: () => t("warned_from", { time: D.day(one.effective_at) }), unclear: () => t("warned_unclear", { time: D.day(one.sent_at) }) };
    const until = times[one.standing] || (() => (one.expires_at ? t("warned_until", { time: D.day(one.expires_at) }) : t("warned_endless")));
    return make("div", { className: "around-line around-warning is-" + (one.level || "none"), data: { warning: one.warning_id } }, make("span", { textContent: (one.status === "exercise" ? t("warned_exercise") + " · " : "") + named }), make("small", { textContent: [one.number, until()].join(" · ") }));
  }

  /* ---- cordon ---- */

  function tools() {
    const radii = RADII.map((m) => make("button", { className: "chip", textContent: D.metres(m), data: { cordon: m } }));
    return make("section", { className: "around-part around-cordon" }, make("h3", { textContent: t("cordon") }),
      make("div", { className: "order-steps" }, make("button", { className: "chip", textContent: t("draw"), data: { cordon: "draw" } }), make("small", { textContent: t("circle") }), ...radii,
        inside ? make("button", { className: "chip", textContent: t("clear"), data: { cordon: "clear" } }) : null),
      make("p", { className: "order-others", textContent: insideSaid, attributes: { role: "status" } }), ...(inside ? held() : []));
  }

  function held() {
    const groups = [["devices", (one) => line(one, [word("kinds", one.kind)])], ["units", unit], ["resources", resource], ["places", place]];
    const lists = groups.filter(([name]) => inside[name].length).map(([name, draws]) => make("details", { className: "cordon-group", open: inside[name].length <= 6 },
      make("summary", { textContent: t("inside_" + name, { n: inside[name].length }) }), ...inside[name].slice(0, SHOWN).map(draws), inside[name].length > SHOWN ? make("small", { textContent: t("and_more", { n: inside[name].length - SHOWN }) }) : null));
    const others = inside.incidents.map((id) => make("button", { className: "chip", textContent: id === D.incident ? t("this_one") : incidentName(id), data: { openIncident: id } }));
    return others.length ? [...lists, make("div", { className: "order-steps" }, make("small", { textContent: t("inside_incidents", { n: others.length }) }), ...others)] : lists;
  }

  function incidentName(id) {
    const held = window.citydeckModel && [...window.citydeckModel.incidents.values()].find((one) => one.incident_id === id);
    return held ? held.title || held.number : id.slice(0, 8);
  }

  function circle(m) {
    const { lon, lat } = D.one.place, high = m / 111195, wide = high / Math.cos((lat * Math.PI) / 180);
    return Array.from({ length: 48 }, (_, i) => [lon + wide * Math.cos((i * Math.PI) / 24), lat + high * Math.sin((i * Math.PI) / 24)]);
  }

  async function enclose(corners) {
    D.map.cordon(corners);
    const answer = await D.ask("POST", "/cordon", { corners });
    inside = answer.ok ? answer.document : null;
    insideSaid = answer.ok ? "" : D.refusal(answer);
    if (answer.ok && !["devices", "units", "resources", "places", "incidents"].some((name) => inside[name].length)) insideSaid = t("inside_nothing");
    draw();
    const group = pane().querySelector(".cordon-group summary");
    if (group) group.focus();
  }

  function cordon(which) {
    if (which === "clear") { inside = null; insideSaid = ""; D.map.cordon([]); return draw(); }
    if (which === "draw") return D.map.drawCordon(t("drawing"), enclose);
    if (D.one && D.one.place.lon !== undefined && D.one.place.lon !== null) enclose(circle(Number(which)));
  }

  /* ---- drawing ---- */

  function draw() {
    const box = pane();
    if (!box || !D.names) return;
    if (D.pressed) return void setTimeout(draw, 150);
    const at = box.scrollTop, title = make("div", { className: "order-title" }, make("b", { textContent: D.one ? D.one.title : "" }), make("small", { textContent: D.one ? D.one.number : "" }));
    if (!found) return box.replaceChildren(title, make("div", { className: refused ? "answer" : "state", textContent: refused || t("loading") }));
    box.replaceChildren(title, tools(),
      part("cameras", t("cameras"), found.cameras.map(camera)), part("warnings", t("warnings"), found.warnings.map(warning), "no_warnings"),
      part("plan", t("plan"), found.plan ? [plan(found.plan)] : [], "no_plan"), part("sensors", t("sensors"), found.sensors.map(sensor)),
      part("help", `${t("help")} · ${word("how", found.how)}`, found.resources.map(resource), "none_reach"),
      part("units", t("units_near"), found.units.slice(0, 8).map(unit)), part("places", t("places"), found.places.map(place)));
    box.scrollTop = at;
  }

  /* A camera or sensor opens on the map with what it says now, and the incident records that it was looked at; a unit with its track. */
  function open({ aroundGo, aroundSource, aroundDevice, aroundUnit }) {
    D.go(...aroundGo.split(",").map(Number));
    if (aroundUnit) D.board.track(aroundUnit);
    if (!aroundSource) return;
    if (aroundDevice && window.citydeckPick) window.citydeckPick({ kind: "device", id: aroundDevice });
    D.opened(aroundSource);
  }

  document.addEventListener("click", (event) => {
    const to = event.target.closest("[data-around-go]"), button = event.target.closest("[data-cordon]"), watched = event.target.closest("[data-around-watch]");
    if (watched) { wished.set(watched.dataset.aroundWatch, !watched.dataset.plays); return draw(); }
    if (to) return open(to.dataset);
    if (button) cordon(button.dataset.cordon);
  });

  D.panes.around = { look, forget, opened: () => { if (D.map && D.one && D.one.place.lon) D.map.go([D.one.place.lon, D.one.place.lat], 12.5); } };
})();
