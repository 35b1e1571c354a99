/* Blind spots on the map: what people reported and no device saw, as crossed-out eyes under the alarms. The page hands them over
   (callbacks/blind_spots.py); the legend's entry shows and hides them; a click opens the incident. */
(function () {
  "use strict";
  const ink = window.citydeckInk;
  const KEPT = "citydeck:blind", EMPTY = { type: "FeatureCollection", features: [] };
  let shown = EMPTY, map = null;

  const off = () => localStorage.getItem(KEPT) === "off";

  function image(size) {
    const canvas = document.createElement("canvas"), c = canvas.getContext("2d", { willReadFrequently: true }), r = size * 0.42;
    canvas.width = canvas.height = size * 2;
    c.scale(2, 2);
    c.translate(size / 2, size / 2);
    c.lineCap = c.lineJoin = "round";
    for (const [colour, width] of [[ink("map-ground"), size * 0.26], [ink("blind"), size * 0.11]]) {
      c.strokeStyle = colour;
      c.lineWidth = width;
      c.beginPath();
      c.moveTo(-r, 0);
      c.quadraticCurveTo(0, -r * 1.2, r, 0);
      c.quadraticCurveTo(0, r * 1.2, -r, 0);
      c.moveTo(-r * 0.8, r * 0.8);
      c.lineTo(r * 0.8, -r * 0.8);
      c.stroke();
    }
    return c.getImageData(0, 0, canvas.width, canvas.height);
  }

  function draw() {
    document.documentElement.dataset.blind = off() ? "off" : "on";
    if (!map) return;
    map.getSource("blind").setData(shown);
    map.setLayoutProperty("blind", "visibility", off() ? "none" : "visible");
  }

  function start() {
    const element = map ? null : document.querySelector(".city-map[data-ready=yes]");
    if (!element || !document.querySelector(".blind-feed")) return;
    map = element.cityMap.map;
    window.citydeckStyle.addImage(map, "blind", () => image(element.cityMap.unit * 1.7));
    map.addSource("blind", { type: "geojson", data: shown, promoteId: "id" });
    map.addLayer({ id: "blind", type: "symbol", source: "blind", layout: { "icon-image": "blind", "icon-allow-overlap": true, "icon-ignore-placement": true } }, "alarms");
    map.on("click", "blind", ({ features }) => window.citydeckDesk && window.citydeckDesk.open(features[0].properties.id, true));
    draw();
  }

  function feature(one) {
    return { type: "Feature", geometry: { type: "Point", coordinates: [one.lon, one.lat] }, properties: { id: one.incident_id } };
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    citydeck_blind: {
      show(pages) {
        const spots = pages.find((one) => Array.isArray(one));
        if (spots) { shown = { type: "FeatureCollection", features: spots.map(feature) }; draw(); }
        return pages.map(() => window.dash_clientside.no_update);
      },
    },
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-map-layer='blind']")) return;
    localStorage.setItem(KEPT, off() ? "on" : "off");
    draw();
  });
  new MutationObserver(start).observe(document, { childList: true, subtree: true });
  draw();
})();
