/* What is drawn upon a held picture, on the wall's map and on the remote's: shapes stand at places, so each screen shows them where they
   belong. Three pens, told apart by line as well as by colour: solid, dashed, dotted. */
(function () {
  "use strict";
  const PENS = { a: [], b: [3, 2], c: [0.6, 1.6] }, NAME = "consultation";
  let shapes = [];

  const style = (element, name) => getComputedStyle(element).getPropertyValue(name).trim();

  function circle([[lon, lat], [lon2, lat2]]) {
    const cos = Math.cos((lat * Math.PI) / 180), radius = Math.hypot((lon2 - lon) * cos, lat2 - lat);
    return Array.from({ length: 65 }, (_, n) => [lon + (radius * Math.cos((n * Math.PI) / 32)) / cos, lat + radius * Math.sin((n * Math.PI) / 32)]);
  }

  /* The head of an arrow: a tenth of its length on either side. */
  function head([from, to]) {
    const cos = Math.cos((to[1] * Math.PI) / 180), x = (to[0] - from[0]) * cos, y = to[1] - from[1];
    const wing = (turn) => { const c = Math.cos(turn), s = Math.sin(turn); return [to[0] - (0.18 * (x * c - y * s)) / cos, to[1] - 0.18 * (x * s + y * c)]; };
    return [wing(0.5), to, wing(-0.5)];
  }

  const LINES = { line: (p) => [p], arrow: (p) => [p, head(p)], area: (p) => [[...p, p[0]]], circle: (p) => [circle(p)], mark: () => [], text: () => [] };

  function features(list) {
    const feature = (type, coordinates, one) => ({ type: "Feature", geometry: { type, coordinates }, properties: { pen: one.pen, kind: one.kind } });
    return { type: "FeatureCollection", features: list.flatMap((one) => LINES[one.kind](one.points).map((line) => feature("LineString", line, one))) };
  }

  function layers(map, element) {
    if (map.getSource(NAME)) return;
    map.addSource(NAME, { type: "geojson", data: features([]) });
    const halo = style(element, "--map-halo"), ink = style(element, "--text");
    map.addLayer({ id: NAME + "-halo", type: "line", source: NAME, layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": halo, "line-width": 9, "line-opacity": 0.8 } });
    for (const [pen, dash] of Object.entries(PENS))
      map.addLayer({ id: `${NAME}-${pen}`, type: "line", source: NAME, filter: ["==", ["get", "pen"], pen], layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": ink, "line-width": 4, ...(dash.length ? { "line-dasharray": dash } : {}) } });
  }

  /* The north of a circle, told as its middle and a point of it. */
  const top = ([[lon, lat], [lon2, lat2]]) => [lon, lat + Math.hypot((lon2 - lon) * Math.cos((lat * Math.PI) / 180), lat2 - lat)];

  /* Marks and words are elements: they keep their size and their shape on every wall. */
  function words(map, held, list) {
    held.splice(0).forEach((marker) => marker.remove());
    list.filter((one) => one.kind === "mark" || one.text).forEach((one, n) => {
      const element = Object.assign(document.createElement("div"), { className: `drawn drawn-${one.kind}`, textContent: one.text || "" });
      if (one.kind === "mark") element.dataset.n = String(list.filter((other) => other.kind === "mark").indexOf(one) + 1);
      const round = one.kind === "circle", anchor = one.kind === "mark" ? "center" : round ? "bottom" : "left";
      held.push(new maplibregl.Marker({ element, anchor }).setLngLat(round ? top(one.points) : one.points[0]).addTo(map));
    });
  }

  function draw(element) {
    const map = element.cityMap && element.cityMap.map;
    if (!map || element.dataset.ready !== "yes") return;
    element.drawn = element.drawn || [];
    element.dataset.drawn = shapes.length ? "yes" : "no";
    layers(map, element);
    map.getSource(NAME).setData(features(shapes));
    words(map, element.drawn, shapes);
  }

  window.citydeckDraw = {
    show(list) {
      shapes = list;
      document.querySelectorAll(".city-map").forEach(draw);
    },
  };

  document.addEventListener("citydeck:wall-drawing", (event) => {
    const held = event.detail, list = held ? held.shapes : [];
    if (!list.length && !shapes.length) return;
    window.citydeckDraw.show(list);
    const wait = setInterval(() => {
      const maps = [...document.querySelectorAll(".city-map")];
      if (maps.some((one) => one.dataset.ready === "yes" && !(one.drawn || !list.length))) maps.forEach(draw);
      if (maps.every((one) => one.dataset.ready === "yes")) { maps.forEach(draw); clearInterval(wait); }
    }, 500);
  });
})();
