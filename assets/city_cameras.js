/* Cameras of video platforms on the map, near in: by kind (one that looks one way, one that turns), hollow where it is offline. A click tells
   which it is and leads to its page. A past moment shows none: the layer is that of now. */
(function () {
  "use strict";
  const ink = window.citydeckInk;
  const NEAR = 12.2, EVERY_MS = 60000, EMPTY = { type: "FeatureCollection", features: [] }, SIDE = 44;
  const ROUND = new Set(["dome", "half_dome", "remote_half_dome", "panoramic", "multi_lens"]);
  const held = new WeakSet();

  /* Seen from above: a box with a wedge where it looks, or a ring with a dot. It points north; the map turns it. */
  const DRAW = {
    looks: (c) => { c.moveTo(-5, 6); c.lineTo(5, 6); c.lineTo(5, -1); c.lineTo(10, -10); c.lineTo(-10, -10); c.lineTo(-5, -1); c.closePath(); },
    turns: (c) => { c.arc(0, 0, 8, 0, 7); c.moveTo(3, 0); c.arc(0, 0, 3, 0, 7); },
    box: (c) => { c.rect(-7, -6, 14, 12); },
  };

  function image(name, down) {
    const canvas = document.createElement("canvas"), c = canvas.getContext("2d", { willReadFrequently: true });
    canvas.width = canvas.height = SIDE;
    c.scale(SIDE / 28, SIDE / 28);
    c.translate(14, 14);
    c.beginPath();
    DRAW[name](c);
    c.fillStyle = down ? ink("map-ground") : ink("map-mark");
    c.strokeStyle = down ? ink("text-3") : ink("map-ground");
    c.lineWidth = 2;
    if (down) c.setLineDash([3, 2]);
    c.fill("evenodd");
    c.stroke();
    return c.getImageData(0, 0, SIDE, SIDE);
  }

  const shape = ({ ptz, direction }) => (ROUND.has(ptz) ? "turns" : direction === null ? "box" : "looks");

  function prepared(found) {
    for (const { properties } of found.features) {
      properties.icon = `camera-${shape(properties)}${properties.status === "online" ? "" : "-down"}`;
      properties.turn = shape(properties) === "looks" ? properties.direction : 0;
      properties.rank = properties.status === "online" ? 1 : 0;
    }
    return found;
  }

  async function fill(map) {
    try {
      const answer = await fetch("/api/v1/map/cameras");
      if (answer.ok && map.getSource("cameras")) map.getSource("cameras").setData(prepared(await answer.json()));
    } catch (error) { /* the link's own mark says that the server is lost */ }
  }

  function tell(map, feature, lang) {
    const { id, name, status } = feature.properties, link = document.createElement("a"), dot = document.createElement("i");
    Object.assign(link, { textContent: name, href: `/cameras?lang=${lang}&camera=${encodeURIComponent(id)}` });
    dot.className = `cameras-dot is-${status}`;
    const box = document.createElement("div");
    box.className = "camera-popup";
    box.append(dot, link);
    new maplibregl.Popup({ closeButton: false, maxWidth: "20rem" }).setLngLat(feature.geometry.coordinates).setDOMContent(box).addTo(map);
  }

  function begin(element) {
    const map = element.cityMap.map;
    for (const name of Object.keys(DRAW)) for (const down of [false, true]) window.citydeckStyle.addImage(map, `camera-${name}${down ? "-down" : ""}`, () => image(name, down));
    map.addSource("cameras", { type: "geojson", data: EMPTY });
    map.addLayer({
      id: "cameras", type: "symbol", source: "cameras", minzoom: NEAR,
      layout: { "icon-image": ["get", "icon"], "icon-rotate": ["get", "turn"], "icon-rotation-alignment": "map", "icon-overlap": "always", "symbol-sort-key": ["get", "rank"], "icon-size": ["interpolate", ["linear"], ["zoom"], NEAR, 0.55, 16, 1] },
    }, map.getLayer("vehicles") ? "vehicles" : undefined);
    map.on("click", "cameras", ({ features }) => tell(map, features[0], element.dataset.lang === "en" ? "en" : "zh"));
    fill(map);
    setInterval(() => { if (element.isConnected && !document.hidden) fill(map); }, EVERY_MS);
  }

  function look() {
    if (new URLSearchParams(location.search).has("at")) return;
    for (const element of document.querySelectorAll(".city-map[data-ready=yes]")) {
      if (held.has(element) || !element.cityMap) continue;
      held.add(element);
      begin(element);
    }
  }
  let waiting = null;
  new MutationObserver(() => { waiting = waiting || setTimeout(() => { waiting = null; look(); }, 50); }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-ready"] });
  look();
})();
