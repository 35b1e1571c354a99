/* What a scene of the wall makes of the map: its towns' tiers by an indicator (data-shade), the kinds of devices it is about (data-kinds),
   and the rain over it (data-layers), from the rain gauges' own values. */
(function () {
  "use strict";
  const ink = window.citydeckInk;
  const EMPTY = { type: "FeatureCollection", features: [] }, METRIC = "rain_1h", LIGHT = 0.2, RAIN_EVERY_MS = 2000, CLOSE = 0.02;
  const rain = new Map();
  let city = null, shaded = "", high = null, kinds = null, layers = null, raining = 0;

  function take(event) {
    for (const [name, change] of Object.entries(event.detail.pieces)) {
      if (!name.endsWith("|values")) continue;
      for (const [id, metrics] of Object.entries(change)) if (metrics && metrics[METRIC]) rain.set(id, metrics[METRIC][1]);
    }
    if (layers && layers.includes("rain") && !raining) raining = setTimeout(() => { raining = 0; drawRain(); }, RAIN_EVERY_MS);
  }

  function start(element) {
    city = element.cityMap;
    city.map.addSource("rain", { type: "geojson", data: EMPTY });
    const amount = ["get", "mm"], part = (n) => ["at", n, ["to-rgba", ["to-color", ink("map-rain")]]];
    city.map.addLayer({ id: "rain", type: "circle", source: "rain", paint: {
      "circle-radius": ["interpolate", ["exponential", 2], ["zoom"], 8, ["interpolate", ["linear"], amount, 0, 10, 50, 26], 13, ["interpolate", ["linear"], amount, 0, 160, 50, 420]],
      "circle-color": ["rgba", part(0), part(1), part(2), ["interpolate", ["linear"], amount, 0, 0.12, 4, 0.25, 16, 0.45, 50, 0.7]], "circle-blur": 1, "circle-opacity": 1,
    } }, "borders");
    city.map.calm.leaveOut("rain", { "circle-opacity": 1 });
  }

  function drawRain() {
    const on = layers && layers.includes("rain");
    const features = on ? hardest().map(([at, mm]) => ({ type: "Feature", geometry: { type: "Point", coordinates: at }, properties: { mm } })) : [];
    window.citydeckSource(city.map, "rain", { type: "FeatureCollection", features });
  }

  /* Of the gauges that stand close together the one with the most: a cloud each would cost more than it tells. */
  function hardest() {
    const found = new Map();
    for (const [id, mm] of rain) {
      const at = mm >= LIGHT && city.points.get(id), cell = at && `${Math.round(at[0] / CLOSE)} ${Math.round(at[1] / CLOSE)}`;
      if (at && !(found.has(cell) && found.get(cell)[1] >= mm)) found.set(cell, [at, mm]);
    }
    return [...found.values()];
  }

  function shade(tiers) {
    for (const feature of city.towns) {
      const code = feature.properties.code;
      city.map.setFeatureState({ source: "regions", id: code }, { tier: code in tiers ? tiers[code] : null });
    }
  }


  function look() {
    const element = document.querySelector(".city-map[data-ready=yes]");
    if (!element) return;
    if (!city || city !== element.cityMap) { start(element); shaded = "{}"; high = kinds = layers = null; mark(); }
    const about = document.querySelector(".wall-now"), tiers = (document.querySelector("[data-shade]") || { dataset: {} }).dataset.shade || "{}";
    if (!about) return;
    if (tiers !== shaded) { shaded = tiers; shade(JSON.parse(tiers)); }
    const legend = document.querySelector(".map-shade"), room = legend ? legend.offsetHeight : 0;
    if (room !== high) { high = room; city.refit(); }
    const wanted = (about.dataset.kinds || "").split(" ").filter(Boolean);
    if (String(wanted) !== String(kinds)) { kinds = wanted; city.devices.show(wanted); }
    const asked = (about.dataset.layers || "").split(" ").filter(Boolean);
    if (String(asked) !== String(layers)) { layers = asked; drawRain(); }
  }

  if (!/\/big\/?$/.test(location.pathname)) return;
  /* A ring at the place that the wall is about. */
  let ring = null, focus = null;
  document.addEventListener("citydeck:focus", ({ detail }) => { focus = detail; mark(); });

  function mark() {
    if (ring) ring.remove();
    ring = focus && focus.ring && city ? new maplibregl.Marker({ element: Object.assign(document.createElement("div"), { className: "map-focus" }) }).setLngLat([focus.lon, focus.lat]).addTo(city.map) : null;
  }

  let waiting = null;
  document.addEventListener("citydeck:snapshot", take);
  document.addEventListener("citydeck:delta", take);
  new MutationObserver(() => { waiting = waiting || setTimeout(() => { waiting = null; look(); }, 50); }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-ready", "data-shade", "data-kinds"] });
})();
