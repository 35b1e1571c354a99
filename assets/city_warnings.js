/* Where public warnings hold, on the map: the outlines of the regions that they name, and what their senders drew. What is in force stands
   on the page already (layouts/panels/warnings.py), live and in pictures of the past alike. */
(function () {
  "use strict";
  const ink = window.citydeckInk;
  const COLOURS = ["match", ["get", "level"], "red", ink("level-red"), "orange", ink("level-orange"), "yellow", ink("level-yellow"), "blue", ink("level-blue"), ink("level-none")];
  const GRAVITY = ["red", "orange", "yellow", "blue", "none"], GROUND = 0.04, EMPTY = { type: "FeatureCollection", features: [] };
  let map = null, drawn = "";

  function told() {
    return [...document.querySelectorAll("[data-warning-about]")].map((one) => ({ id: one.dataset.warning, ...JSON.parse(one.dataset.warningAbout) }));
  }

  /* What is drawn of a region: its own outline, or those of the places in it where it has none (a whole city). Codes of GB/T 2260 begin
     with those of what they lie in. */
  function places(code, regions) {
    const own = regions.filter((one) => one.properties.code === code);
    const within = code.replace(/(00)+$/, "");
    return own.length ? own : regions.filter((one) => one.properties.code.startsWith(within));
  }

  /* The edge of what lies together: a border that two places of one level share is no edge of the warning. */
  function edge(level, found) {
    const rings = found.flatMap(({ geometry }) => (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates)).flat();
    const sides = rings.flatMap((ring) => ring.slice(1).map((point, n) => [ring[n], point]));
    const name = (side) => side.map(([lon, lat]) => `${lon.toFixed(6)},${lat.toFixed(6)}`).sort().join(" "), times = new Map();
    for (const side of sides) times.set(name(side), (times.get(name(side)) || 0) + 1);
    return { type: "Feature", geometry: { type: "MultiLineString", coordinates: joined(sides.filter((side) => times.get(name(side)) === 1)) }, properties: { level } };
  }

  /* Sides that follow one another as one line each: dashes then run on round the corners. */
  function joined(sides) {
    const lines = [];
    for (const [from, to] of sides) {
      const last = lines[lines.length - 1], end = last && last[last.length - 1];
      if (end && end[0] === from[0] && end[1] === from[1]) last.push(to);
      else lines.push([from, to]);
    }
    return lines;
  }

  /* The gravest of each place. */
  function outlines(held) {
    const regions = map.getSource("regions").serialize().data.features, levels = new Map();
    for (const one of held) {
      for (const place of one.regions.flatMap((code) => places(code, regions))) {
        const before = levels.get(place);
        if (!before || GRAVITY.indexOf(one.level) < GRAVITY.indexOf(before)) levels.set(place, one.level);
      }
    }
    const grounds = [...levels].map(([place, level]) => ({ type: "Feature", geometry: place.geometry, properties: { level, inside: true } }));
    return [...grounds, ...GRAVITY.map((level) => edge(level, [...levels].filter((one) => one[1] === level).map(([place]) => place)))];
  }

  async function areas(held) {
    if (!held.some((one) => one.drawn)) return [];
    const moment = window.citydeckMoment ? `?at=${window.citydeckMoment.at}` : "";
    const answer = await fetch("/api/v1/warnings/areas" + moment, { signal: AbortSignal.timeout(15000) });
    return answer.ok ? (await answer.json()).features : [];
  }

  async function draw() {
    const held = told(), wanted = JSON.stringify(held);
    if (!map || wanted === drawn) return;
    drawn = wanted;
    try {
      const shapes = await areas(held);
      map.getSource("warned").setData({ type: "FeatureCollection", features: [...outlines(held), ...shapes] });
    } catch (error) {
      console.warn("warnings on the map", error);
      drawn = "";
    }
  }

  function look() {
    const element = map ? null : document.querySelector(".city-map[data-ready=yes]");
    if (element && document.querySelector("[data-warned]")) {
      map = element.cityMap.map;
      map.addSource("warned", { type: "geojson", data: EMPTY });
      map.addLayer({ id: "warned-ground", type: "fill", source: "warned", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": COLOURS, "fill-opacity": GROUND } }, "places");
      map.calm.leaveOut("warned-ground", { "fill-opacity": GROUND });
      map.addLayer({ id: "warned", type: "line", source: "warned", filter: ["!", ["has", "inside"]], paint: { "line-color": COLOURS, "line-width": 1.6, "line-opacity": 0.7, "line-dasharray": [3, 1.5] } }, "places");
    }
    draw();
  }

  let waiting = null;
  new MutationObserver(() => { waiting = waiting || setTimeout(() => { waiting = null; look(); }, 50); }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-ready", "data-warning"] });
})();
