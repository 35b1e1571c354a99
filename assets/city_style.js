/* How the map looks: local layers only, no tiles, no glyphs, no sprites from anywhere. Shapes are drawn here as images. */
(function () {
  "use strict";
  const RANK = { critical: 4, major: 3, minor: 2, warning: 1 };
  const COLOURS = { critical: "#ff5a4f", major: "#ff9838", minor: "#f0cf50", warning: "#b9c8d6", exercise: "#c3a1ff" };
  const EMPTY = { type: "FeatureCollection", features: [] };
  const worst = ["coalesce", ["feature-state", "worst"], 0];
  const by = (state, ...cases) => ["match", state, ...cases];

  function layers(level) {
    const compared = ["==", ["get", "level"], level];
    return [
      { id: "ground", type: "background", paint: { "background-color": "#0d1216" } },
      { id: "regions", type: "fill", source: "regions", filter: compared, paint: { "fill-color": by(worst, 4, "#5c2624", 3, "#4c3520", 2, "#3b3725", 1, "#25313b", "#1a232b") } },
      { id: "borders", type: "line", source: "regions", filter: compared, paint: { "line-color": "#3c4b57", "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.8, 13, 2] } },
      { id: "picked-town", type: "line", source: "regions", filter: ["==", ["get", "code"], ""], paint: { "line-color": "#edf2f6", "line-width": 2.5 } },
      { id: "places", type: "circle", source: "places", minzoom: 11.5, paint: { "circle-radius": 3, "circle-color": "#0d1216", "circle-stroke-width": 1.5, "circle-stroke-color": "#8a97a3" } },
      { id: "devices", type: "circle", source: "devices", paint: devicePaint() },
      { id: "picked", type: "circle", source: "picked", paint: { "circle-radius": 13, "circle-color": "rgba(0,0,0,0)", "circle-stroke-width": 2, "circle-stroke-color": "#edf2f6" } },
      { id: "vehicles", type: "symbol", source: "vehicles", layout: { "icon-image": "vehicle", "icon-rotate": ["get", "course"], "icon-rotation-alignment": "map", "icon-allow-overlap": true, "icon-ignore-placement": true, "icon-size": ["interpolate", ["linear"], ["zoom"], 8, 0.5, 13, 1.1] }, paint: { "icon-opacity": ["get", "opacity"] } },
      { id: "incidents", type: "circle", source: "incidents", paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, 5, 12, 10], "circle-color": "rgba(0,0,0,0)", "circle-stroke-width": 2, "circle-stroke-color": incidentColour(), "circle-stroke-opacity": 0.9 } },
      { id: "incident-hearts", type: "circle", source: "incidents", paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, 1.5, 12, 3], "circle-color": incidentColour() } },
      { id: "alarms", type: "symbol", source: "alarms", layout: { "icon-image": ["get", "image"], "icon-allow-overlap": true, "icon-ignore-placement": true, "symbol-sort-key": ["get", "rank"], "icon-size": ["get", "size"] } },
    ];
  }

  function incidentColour() {
    return ["case", ["get", "exercise"], COLOURS.exercise, ["match", ["get", "urgency"], "critical", COLOURS.critical, "urgent", COLOURS.major, "#dfe7ee"]];
  }

  function devicePaint() {
    const online = ["coalesce", ["feature-state", "online"], 1];
    return {
      "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, 1.1, 10, 1.9, 12, 4, 15, 7],
      "circle-color": by(online, 0, "#0d1216", "#7f8f9c"),
      "circle-stroke-color": "#7f8f9c",
      "circle-stroke-width": by(online, 0, 1, 0),
      "circle-stroke-opacity": by(online, 2, 0, 1),
      "circle-opacity": ["interpolate", ["linear"], ["zoom"], 8, by(online, 2, 0, 0.6), 11, by(online, 2, 0, 0.95)],
    };
  }

  function style(data, level) {
    const source = (collection) => ({ type: "geojson", data: collection || EMPTY, promoteId: "id" });
    const sources = { regions: source(data.regions), places: source(data.places), devices: source(data.devices), vehicles: source(EMPTY), alarms: source(EMPTY), incidents: source(EMPTY), picked: source(EMPTY) };
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
    const canvas = document.createElement("canvas"), scale = 2, c = canvas.getContext("2d");
    canvas.width = canvas.height = size * scale;
    c.scale(scale, scale);
    c.translate(size / 2, size / 2);
    c.beginPath();
    PATHS[name](c, size * 0.4);
    c.lineJoin = "round";
    c.lineWidth = size * 0.2;
    c.strokeStyle = "#0d1216";
    c.stroke();
    const colour = COLOURS[name] || "#dfe7ee", open = hollow || name === "warning";
    c.fillStyle = open ? "#0d1216" : colour;
    c.fill();
    if (open) {
      c.lineWidth = size * 0.11;
      c.strokeStyle = colour;
      c.stroke();
    }
    return { data: c.getImageData(0, 0, canvas.width, canvas.height), options: { pixelRatio: scale } };
  }

  function addImages(map, unit) {
    const add = (id, drawn) => map.addImage(id, drawn.data, drawn.options);
    for (const name of Object.keys(RANK)) {
      add(name, image(name, unit * 2.2, false));
      add(name + "-taken", image(name, unit * 1.9, true));
    }
    add("vehicle", image("vehicle", unit * 1.5, false));
  }

  window.citydeckStyle = { style, addImages, RANK, EMPTY };
})();
