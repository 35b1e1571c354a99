/* Calls of neighbouring dispatch centres on the desk's map: hollow squares under the alarms, exercises in their own colour. The page hands
   the places over (callbacks/neighbour_calls.py). */
(function () {
  "use strict";
  const EMPTY = { type: "FeatureCollection", features: [] };
  let shown = EMPTY, map = null;

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function square(name, size) {
    const canvas = document.createElement("canvas"), c = canvas.getContext("2d", { willReadFrequently: true }), side = size * 0.6;
    canvas.width = canvas.height = size * 2;
    c.scale(2, 2);
    for (const [stroke, width] of [[colour("--map-halo"), size * 0.3], [colour(name), size * 0.14]]) {
      c.strokeStyle = stroke;
      c.lineWidth = width;
      c.strokeRect((size - side) / 2, (size - side) / 2, side, side);
    }
    return c.getImageData(0, 0, canvas.width, canvas.height);
  }

  function start() {
    const element = map ? null : document.querySelector(".city-map[data-ready=yes]");
    if (!element || !document.querySelector(".desk-calls")) return;
    map = element.cityMap.map;
    for (const [image, name] of [["call", "--map-mark"], ["call-exercise", "--exercise"]]) window.citydeckStyle.addImage(map, image, () => square(name, element.cityMap.unit * 1.5));
    map.addSource("calls", { type: "geojson", data: shown });
    const icon = ["case", ["get", "exercise"], "call-exercise", "call"];
    map.addLayer({ id: "calls", type: "symbol", source: "calls", layout: { "icon-image": icon, "icon-allow-overlap": true, "icon-ignore-placement": true } }, "alarms");
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    citydeck_calls: {
      show(places) {
        const features = (places || []).map(({ lon, lat, exercise }) => ({ type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties: { exercise } }));
        shown = { type: "FeatureCollection", features };
        if (map) map.getSource("calls").setData(shown);
        return window.dash_clientside.no_update;
      },
    },
  });

  new MutationObserver(start).observe(document, { childList: true, subtree: true });
})();
