/* How the map looks: local layers only, no tiles, no glyphs, no sprites from anywhere. Shapes are drawn here as images. */
(function () {
  "use strict";
  const ink = window.citydeckInk;
  const RANK = { critical: 4, major: 3, minor: 2, warning: 1 };
  const COLOURS = { critical: ink("critical"), major: ink("major"), minor: ink("minor"), warning: ink("warning"), exercise: ink("exercise") };
  const EMPTY = { type: "FeatureCollection", features: [] };
  const worst = ["coalesce", ["feature-state", "worst"], 0];
  const tier = ["coalesce", ["feature-state", "tier"], -1];
  const by = (state, ...cases) => ["match", state, ...cases];
  /* In how much of its severity's colour a town lies: all of it, unless alarms are counted (weights). */
  const FULL = 3, LEAST = 1;
  const weight = ["coalesce", ["feature-state", "weight"], FULL];
  const weighed = (colour) => ["interpolate", ["linear"], weight, 0, ink("map-region"), FULL, ink(colour)];

  function layers(level) {
    const compared = ["==", ["get", "level"], level];
    return [
      { id: "ground", type: "background", paint: { "background-color": ink("map-ground") } },
      { id: "regions", type: "fill", source: "regions", filter: compared, paint: { "fill-color": ["case", [">=", tier, 0], by(tier, 4, ink("map-shade-4"), 3, ink("map-shade-3"), 2, ink("map-shade-2"), 1, ink("map-shade-1"), ink("map-shade-0")), by(worst, 4, weighed("map-region-4"), 3, weighed("map-region-3"), 2, weighed("map-region-2"), 1, weighed("map-region-1"), ink("map-region"))] } },
      { id: "borders", type: "line", source: "regions", filter: compared, paint: { "line-color": ink("map-border"), "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.8, 13, 2] } },
      { id: "picked-town", type: "line", source: "regions", filter: ["==", ["get", "code"], ""], paint: { "line-color": ink("text"), "line-width": 2.5 } },
      { id: "places", type: "circle", source: "places", minzoom: 11.5, paint: { "circle-radius": 3, "circle-color": ink("map-ground"), "circle-stroke-width": 1.5, "circle-stroke-color": ink("text-3") } },
      ...window.CitydeckDevices.LAYERS(),
      { id: "picked", type: "circle", source: "picked", paint: { "circle-radius": 13, "circle-color": "rgba(0,0,0,0)", "circle-stroke-width": 2, "circle-stroke-color": ink("text") } },
      { id: "vehicles", type: "symbol", source: "vehicles", layout: { "icon-image": "vehicle", "icon-rotate": ["get", "course"], "icon-rotation-alignment": "map", "icon-allow-overlap": true, "icon-ignore-placement": true, "icon-size": ["interpolate", ["linear"], ["zoom"], 8, 0.5, 13, 1.1] }, paint: { "icon-opacity": ["get", "opacity"] } },
      { id: "incidents", type: "circle", source: "incidents", paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, 5, 12, 10], "circle-color": "rgba(0,0,0,0)", "circle-stroke-width": 2, "circle-stroke-color": incidentColour(), "circle-stroke-opacity": 0.9 } },
      { id: "incident-hearts", type: "circle", source: "incidents", paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, 1.5, 12, 3], "circle-color": incidentColour() } },
      { id: "alarms", type: "symbol", source: "alarms", layout: { "icon-image": ["get", "image"], "icon-allow-overlap": true, "icon-ignore-placement": true, "symbol-sort-key": ["get", "rank"], "icon-size": ["get", "size"] } },
    ];
  }

  function incidentColour() {
    return ["case", ["get", "exercise"], COLOURS.exercise, ["match", ["get", "urgency"], "critical", COLOURS.critical, "urgent", COLOURS.major, ink("map-mark")]];
  }

  function style(data, level) {
    const source = (collection) => ({ type: "geojson", data: collection || EMPTY, promoteId: "id" });
    const sources = { regions: source(data.regions), places: source(data.places), devices: source(EMPTY), offline: source(EMPTY), vehicles: source(EMPTY), alarms: source(EMPTY), incidents: source(EMPTY), picked: source(EMPTY) };
    return { version: 8, sources, layers: layers(level) };
  }

  /* ---- shapes ---- */

  const PATHS = {
    critical: (c, r) => { c.moveTo(0, -r); c.lineTo(r, 0); c.lineTo(0, r); c.lineTo(-r, 0); c.closePath(); },
    major: (c, r) => { c.moveTo(0, -r * 0.95); c.lineTo(r, r * 0.8); c.lineTo(-r, r * 0.8); c.closePath(); },
    minor: (c, r) => c.arc(0, 0, r * 0.78, 0, 7),
    warning: (c, r) => c.arc(0, 0, r * 0.68, 0, 7),
    vehicle: (c, r) => { c.moveTo(0, -r); c.lineTo(r * 0.72, r * 0.9); c.lineTo(0, r * 0.5); c.lineTo(-r * 0.72, r * 0.9); c.closePath(); },
  };

  /* A shape as an image of `size` CSS pixels; taken alarms are drawn hollow, so that what nobody has taken stands out. */
  function image(name, size, hollow) {
    const canvas = document.createElement("canvas"), scale = 2, c = canvas.getContext("2d", { willReadFrequently: true });
    canvas.width = canvas.height = size * scale;
    c.scale(scale, scale);
    c.translate(size / 2, size / 2);
    c.beginPath();
    PATHS[name](c, size * 0.4);
    c.lineJoin = "round";
    c.lineWidth = size * 0.2;
    c.strokeStyle = ink("map-ground");
    c.stroke();
    const colour = COLOURS[name] || ink("map-mark"), open = hollow || name === "warning";
    c.fillStyle = open ? ink("map-ground") : colour;
    c.fill();
    if (open) {
      c.lineWidth = size * 0.11;
      c.strokeStyle = colour;
      c.stroke();
    }
    return c.getImageData(0, 0, canvas.width, canvas.height);
  }

  const drawn = new WeakMap(); // map -> image's id -> how it is drawn, for another theme

  /* An image of two pixels for each of CSS. `draw` makes its data with the colours of now; it is asked again when the theme changes. */
  function addImage(map, id, draw) {
    if (!drawn.has(map)) drawn.set(map, new Map());
    drawn.get(map).set(id, draw);
    map.addImage(id, draw(), { pixelRatio: 2 });
  }

  function addImages(map, unit) {
    for (const name of Object.keys(RANK)) {
      addImage(map, name, () => image(name, unit * 2.2, false));
      addImage(map, name + "-taken", () => image(name, unit * 1.9, true));
    }
    addImage(map, "vehicle", () => image("vehicle", unit * 1.5, false));
  }

  /* Another theme: every colour that was a token's becomes what the token is now, in all layers and images, whoever added them. */
  document.addEventListener("citydeck:theme", (event) => {
    const changed = event.detail.changed, turned = (text) => text.replace(/"(#[0-9a-f]{6})"/g, (all, colour) => (changed[colour] ? `"${changed[colour]}"` : all));
    Object.keys(COLOURS).forEach((name) => (COLOURS[name] = ink(name)));
    for (const { cityMap } of document.querySelectorAll(".city-map")) {
      if (!cityMap || !cityMap.map) continue;
      for (const layer of cityMap.map.getStyle().layers) {
        for (const [name, value] of Object.entries(layer.paint || {})) {
          const before = JSON.stringify(value), after = turned(before);
          if (after !== before) cityMap.map.setPaintProperty(layer.id, name, JSON.parse(after));
        }
      }
      for (const [id, draw] of drawn.get(cityMap.map) || []) cityMap.map.updateImage(id, draw());
    }
  });

  /* How much colour each town gets while alarms are counted under towns' names, in thirds: by its number beside the highest one of the same
     shape. What is taken, and who has so few that each stands at its place, has the least. `crowds` as city_map.js makes them. */
  function weights(crowds, codes) {
    const most = {}, shape = ({ severity, taken }) => `${severity} ${taken}`;
    for (const one of crowds.values()) most[shape(one)] = Math.max(most[shape(one)] || 0, one.n);
    const third = (one) => (one.taken ? LEAST : Math.ceil((FULL * one.n) / most[shape(one)]));
    return new Map([...codes].map((code) => [code, !crowds.size ? FULL : crowds.has(code) ? third(crowds.get(code)) : LEAST]));
  }

  window.citydeckStyle = { style, weights, addImage, addImages, RANK, EMPTY };
})();
