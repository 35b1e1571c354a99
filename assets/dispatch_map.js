/* The map's part of dispatch, in sources and layers of its own: units by state, the open incident, what lies around it, from where help
   comes in ten minutes, a cordon, a track. Old positions are pale; shapes say the state, grey and white only. */
(function () {
  "use strict";
  const ink = window.citydeckInk;
  const D = window.citydeckDispatch;
  if (!D) return;
  const OLD_MS = 15 * 60000, NEAR = 11, EMPTY = { type: "FeatureCollection", features: [] };
  const SHAPE = { available: "free", returning: "free", cancelled: "free", assigned: "sent", acknowledged: "sent", en_route: "moving", transporting: "moving", on_scene: "scene", at_hospital: "scene", out_of_service: "out" };
  const held = { units: [], around: null, cordon: [], track: [], one: null };
  let city = null, sheet = null;

  const point = (lon, lat, properties = {}) => ({ type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties });
  const collection = (features) => ({ type: "FeatureCollection", features });
  const line = (corners, closed) => ({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: closed && corners.length > 2 ? [...corners, corners[0]] : corners } });

  /* ---- shapes ---- */

  const DRAW = {
    free: (c, r) => { box(c, r); c.fillStyle = ink("map-ground"); c.fill(); c.stroke(); },
    sent: (c, r) => { box(c, r); c.fillStyle = ink("map-ground"); c.fill(); c.stroke(); c.beginPath(); c.rect(-r, 0, 2 * r, r); c.fillStyle = c.strokeStyle; c.fill(); },
    moving: (c, r) => { c.beginPath(); c.moveTo(-r, -r); c.lineTo(r * 1.15, 0); c.lineTo(-r, r); c.closePath(); c.fillStyle = ink("text"); c.fill(); },
    scene: (c, r) => { box(c, r); c.fillStyle = ink("text"); c.fill(); },
    out: (c, r) => { box(c, r); c.fillStyle = ink("map-ground"); c.fill(); c.strokeStyle = ink("map-device"); c.stroke(); c.beginPath(); c.moveTo(-r, -r); c.lineTo(r, r); c.stroke(); },
    camera: (c, r) => { c.beginPath(); c.rect(-r, -r * 0.6, r * 1.3, r * 1.2); c.moveTo(r * 0.3, 0); c.lineTo(r, -r * 0.6); c.lineTo(r, r * 0.6); c.closePath(); c.fillStyle = ink("text"); c.fill(); },
  };
  function box(c, r) { c.beginPath(); c.rect(-r, -r, 2 * r, 2 * r); }

  function image(name, size) {
    const canvas = document.createElement("canvas"), scale = 2, c = canvas.getContext("2d", { willReadFrequently: true });
    canvas.width = canvas.height = size * scale;
    c.scale(scale, scale);
    c.translate(size / 2, size / 2);
    c.fillStyle = ink("map-ground");
    box(c, size * 0.42);
    if (name !== "moving" && name !== "camera") c.fill();
    c.strokeStyle = ink("map-mark");
    c.lineWidth = size * 0.1;
    DRAW[name](c, size * 0.3);
    return c.getImageData(0, 0, canvas.width, canvas.height);
  }

  /* ---- layers ---- */

  function layers() {
    const size = ["interpolate", ["linear"], ["zoom"], 8, 0.4, 11, 0.7, 14, 1.15], dashed = [2, 2];
    return [
      { id: "dispatch-reach", type: "fill", source: "dispatch-reach", paint: { "fill-color": ink("map-mark"), "fill-opacity": 0.07 } },
      { id: "dispatch-reach-line", type: "line", source: "dispatch-reach", paint: { "line-color": ink("map-mark"), "line-opacity": 0.55, "line-width": 1.5, "line-dasharray": dashed } },
      { id: "dispatch-cordon", type: "fill", source: "dispatch-cordon", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": ink("text"), "fill-opacity": 0.1 } },
      { id: "dispatch-cordon-line", type: "line", source: "dispatch-cordon", paint: { "line-color": ink("text"), "line-width": 2.5 } },
      { id: "dispatch-track", type: "line", source: "dispatch-track", filter: ["==", ["geometry-type"], "LineString"], paint: { "line-color": ink("text"), "line-width": 2.5, "line-opacity": 0.8 } },
      { id: "dispatch-track-end", type: "circle", source: "dispatch-track", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 7, "circle-color": "rgba(0,0,0,0)", "circle-stroke-width": 2.5, "circle-stroke-color": ink("text") } },
      { id: "dispatch-places", type: "circle", source: "dispatch-places", filter: ["!=", ["get", "shape"], "camera"], paint: { "circle-radius": 5, "circle-color": ink("map-ground"), "circle-stroke-width": 2, "circle-stroke-color": ink("text-2") } },
      { id: "dispatch-cameras", type: "symbol", source: "dispatch-places", filter: ["==", ["get", "shape"], "camera"], layout: { "icon-image": "dispatch-camera", "icon-allow-overlap": true } },
      { id: "dispatch-units", type: "symbol", source: "dispatch-units", layout: { "icon-image": ["concat", "dispatch-", ["get", "shape"]], "icon-allow-overlap": true, "icon-ignore-placement": true, "icon-size": size, "symbol-sort-key": ["get", "rank"] }, paint: { "icon-opacity": ["get", "opacity"] }, filter: unitsSeen() },
      { id: "dispatch-open", type: "circle", source: "dispatch-open", paint: { "circle-radius": 16, "circle-color": "rgba(0,0,0,0)", "circle-stroke-width": 3, "circle-stroke-color": ink("text") } },
    ];
  }

  /* Far out only units on a run are drawn, and all of them where units are what one looks at; the rest show from near, and their number
     stands in the legend. */
  function unitsSeen() {
    return D.view() === "units" ? ["has", "run"] : ["any", ["==", ["get", "run"], 1], [">=", ["zoom"], NEAR]];
  }

  /* What dispatch has to say in the legend, each under its name; nothing for an empty text. */
  function noted(name, text) {
    const legend = document.querySelector(".panel-map .map-legend");
    if (!legend) return;
    if (!legend.querySelector(".map-dispatch")) legend.append(D.make("div", { className: "map-dispatch" }));
    const held = legend.querySelector("." + name) || legend.querySelector(".map-dispatch").appendChild(D.make("span", { className: name }));
    if (held.textContent !== text) held.textContent = text;
  }

  function count() {
    const placed = held.units.filter((one) => one.lon !== null), text = D.names ? D.t("map_units", { n: placed.length, busy: placed.filter((one) => D.names.on_run.includes(one.state)).length }) : "";
    if (text) noted("map-units", text);
  }

  function start() {
    const element = city ? null : document.querySelector(".city-map[data-ready=yes]");
    if (!element) return;
    city = element.cityMap;
    const map = city.map, added = layers();
    for (const name of Object.keys(DRAW)) window.citydeckStyle.addImage(map, "dispatch-" + name, () => image(name, city.unit * 1.35));
    for (const source of new Set(added.map((layer) => layer.source))) map.addSource(source, { type: "geojson", data: EMPTY });
    for (const layer of added) map.addLayer(layer);
    map.on("click", "dispatch-units", ({ features }) => D.board && D.board.track(features[0].properties.id));
    drawAll();
  }

  const set = (source, features) => city && city.map.getSource("dispatch-" + source).setData(collection(features));

  /* ---- what is drawn ---- */

  function drawUnits() {
    const now = D.now(), rank = { free: 1, out: 0, sent: 2, moving: 3, scene: 3 };
    set("units", held.units.filter((one) => one.lon !== null).map((one) => {
      const shape = SHAPE[one.state] || "free", old = one.seen_at !== null && now - one.seen_at > OLD_MS;
      return point(one.lon, one.lat, { id: one.unit_id, shape, rank: rank[shape], run: D.names && D.names.on_run.includes(one.state) ? 1 : 0, opacity: old || !one.on_shift ? 0.4 : 0.95 });
    }));
    count();
  }

  function drawAround() {
    const a = held.around, marks = a ? [...a.cameras.map((one) => point(one.lon, one.lat, { shape: "camera" })), ...[...a.sensors, ...a.resources, ...a.places].map((one) => point(one.lon, one.lat, { shape: "place" }))] : [];
    set("places", marks);
    set("reach", a && a.reach && a.reach.type ? [{ type: "Feature", properties: {}, geometry: a.reach }] : []);
    noted("map-reach", a && a.reach && (a.reach.coordinates || []).length ? a.label : "");
  }

  function drawCordon() {
    const corners = held.cordon, ring = corners.length > 2 ? [...corners, corners[0]] : null;
    set("cordon", ring ? [{ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } }] : corners.length > 1 ? [line(corners)] : []);
  }

  function drawTrack() {
    const at = held.track.map((one) => [one.lon, one.lat]);
    set("track", at.length > 1 ? [line(at), point(...at[at.length - 1])] : at.length ? [point(...at[0])] : []);
  }

  function drawOpen() {
    const place = held.one && held.one.place;
    set("open", place && place.lon !== null && place.lon !== undefined ? [point(place.lon, place.lat)] : []);
  }

  function drawAll() { drawUnits(); drawAround(); drawCordon(); drawTrack(); drawOpen(); }

  function go(center, zoom = 13) {
    if (!city) return;
    city.held = true;
    window.citydeckGo(city.map, { center, zoom: Math.max(city.map.getZoom(), zoom) });
  }

  /* ---- drawing a cordon: each click is a corner; a double click or Enter closes it, Backspace takes one back, Escape leaves ---- */

  function drawCordonByHand(words, done) {
    const panel = document.querySelector(".panel-map");
    if (!panel || !city || sheet) return;
    const corners = [], box = city.element.getBoundingClientRect(), show = () => { held.cordon = [...corners]; drawCordon(); };
    sheet = D.make("div", { className: "map-picking", textContent: words, tabIndex: 0 });
    sheet.addEventListener("click", (event) => {
      const { lng, lat } = city.map.unproject([event.clientX - box.left, event.clientY - box.top]);
      if (event.detail > 1) return;
      corners.push([Math.round(lng * 1e6) / 1e6, Math.round(lat * 1e6) / 1e6]);
      show();
    });
    const close = () => { leave(); if (corners.length > 2) done(corners); };
    sheet.addEventListener("dblclick", close);
    sheet.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.stopPropagation(); close(); }
      if (event.key === "Backspace") { corners.pop(); show(); }
    });
    panel.append(sheet);
    sheet.focus();
  }

  function leave() {
    if (!sheet) return false;
    sheet.remove();
    sheet = null;
    return true;
  }

  D.map = {
    go, drawCordon: drawCordonByHand,
    units: (units) => { held.units = units; drawUnits(); },
    around: (around) => { held.around = around; drawAround(); },
    cordon: (corners) => { held.cordon = corners; drawCordon(); },
    track: (points) => { held.track = points; drawTrack(); if (points.length) go([points[points.length - 1].lon, points[points.length - 1].lat], 12); },
    opened: (one) => { held.one = one; drawOpen(); },
  };
  D.OLD_MS = OLD_MS;
  document.addEventListener("citydeck:incident", () => leave());
  const narrowed = () => city && city.map.getLayer("dispatch-units") && city.map.setFilter("dispatch-units", unitsSeen());
  new MutationObserver(() => window.citydeckDesk.later(narrowed)).observe(document.documentElement, { attributes: true, attributeFilter: ["data-desk"] });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && leave()) { held.cordon = []; drawCordon(); event.stopImmediatePropagation(); } }, true);
  new MutationObserver(start).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-ready"] });
})();
