/* Devices on the map as dots. Far out, of devices whose dots would lie on one another only one is drawn: from which zoom step on each is,
   is told once, with the data. Those not online lie over them as rings, each of them at every zoom; they alone are handed over anew. */
(function () {
  "use strict";
  const ink = window.citydeckInk;
  const RADIUS = [[8, 1.1], [10, 1.9], [12, 4], [15, 7]]; // zoom step, CSS pixels
  const TILE = 512, FARTHEST = 5, NEAREST = 13, OFFLINE_EVERY_MS = 500;
  const OPACITY = ["interpolate", ["linear"], ["zoom"], 8, 0.6, 11, 0.95];
  const radius = ["interpolate", ["linear"], ["zoom"], ...RADIUS.flat()];

  const LAYERS = () => [
    { id: "devices", type: "circle", source: "devices", filter: ["<=", ["get", "from"], ["zoom"]], paint: { "circle-radius": radius, "circle-color": ink("map-device"), "circle-opacity": OPACITY } },
    { id: "offline", type: "circle", source: "offline", paint: { "circle-radius": radius, "circle-color": ink("map-ground"), "circle-stroke-color": ink("map-device"), "circle-stroke-width": 1 } },
  ];

  /* How broad a dot is at a zoom step. */
  function breadth(zoom) {
    const after = RADIUS.findIndex(([step]) => step >= zoom);
    if (after <= 0) return 2 * RADIUS[after ? RADIUS.length - 1 : 0][1];
    const [[z0, r0], [z1, r1]] = [RADIUS[after - 1], RADIUS[after]];
    return 2 * (r0 + ((r1 - r0) * (zoom - z0)) / (z1 - z0));
  }

  /* The features with `from`: the first zoom step at which no dot of one before it stands in the same square, as broad as a dot. */
  function thinned(features) {
    const steps = [];
    for (let zoom = FARTHEST; zoom < NEAREST; zoom++) steps.push({ zoom, cells: (TILE * 2 ** zoom) / breadth(zoom), taken: new Set() });
    return features.map((feature) => {
      const { x, y } = maplibregl.MercatorCoordinate.fromLngLat(feature.geometry.coordinates);
      let from = NEAREST;
      for (let n = steps.length - 1; n >= 0; n--) {
        const { zoom, cells, taken } = steps[n], cell = Math.floor(x * cells) * 2 ** 26 + Math.floor(y * cells);
        if (!taken.has(cell)) {
          taken.add(cell);
          from = zoom;
        }
      }
      return { ...feature, properties: { ...feature.properties, from } };
    });
  }

  const alike = (one, other) => one.size === other.size && [...one].every((id) => other.has(id));

  class Devices {
    constructor(map, features) {
      this.map = map;
      this.features = new Map(features.map((feature) => [feature.properties.id, feature]));
      this.offline = new Set();
      this.kinds = [];
      this.known = null;
      this.timer = null;
      map.calm.leaveOut("devices", { "circle-opacity": OPACITY });
      map.calm.leaveOut("offline", { "circle-opacity": 1, "circle-stroke-opacity": 1 });
      this.draw();
    }

    /* Only devices of these kinds; none named: of every kind. */
    show(kinds) {
      this.kinds = kinds;
      this.draw();
    }

    /* A whole picture: who is online (`status`, device id -> boolean), and of a moment gone by (`past`), which devices there were. */
    start(status, past) {
      const known = past ? new Set(status.keys()) : null, same = known && this.known ? alike(known, this.known) : known === this.known;
      this.known = known;
      this.offline = new Set([...status.keys()].filter((id) => status.get(id) === false));
      if (same) this.drawOffline();
      else this.draw();
    }

    /* What has changed in `status`. */
    take(status, changed) {
      let news = false;
      for (const id of changed) {
        const offline = status.get(id) === false;
        if (offline === this.offline.has(id)) continue;
        this.offline[offline ? "add" : "delete"](id);
        news = true;
      }
      if (news && !this.timer) this.timer = setTimeout(() => this.drawOffline(), OFFLINE_EVERY_MS);
    }

    shown({ properties: { id, kind } }) {
      return (!this.kinds.length || this.kinds.includes(kind)) && (!this.known || this.known.has(id));
    }

    draw() {
      const features = thinned([...this.features.values()].filter((feature) => this.shown(feature)));
      window.citydeckSource(this.map, "devices", { type: "FeatureCollection", features });
      this.drawOffline();
    }

    drawOffline() {
      clearTimeout(this.timer);
      this.timer = null;
      const features = [...this.offline].map((id) => this.features.get(id)).filter((feature) => feature && this.shown(feature));
      window.citydeckSource(this.map, "offline", { type: "FeatureCollection", features });
    }
  }

  window.CitydeckDevices = Object.assign(Devices, { LAYERS, thinned });
})();
