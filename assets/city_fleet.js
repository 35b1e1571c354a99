/* Vehicles on the map: they move smoothly from place to place in the time that passed between the two, point where they drive, and draw
   the last of their way behind them. An old place stands still and fades. Positions are never guessed ahead. */
(function () {
  "use strict";
  const ink = window.citydeckInk;
  const OLD_MS = 60000, TRAIL_MS = 180000, TRAIL_MOST = 24, LEAST_MS = 300, MOST_MS = 10000, MANY = 500;
  const EMPTY = { type: "FeatureCollection", features: [] };

  class Fleet {
    constructor(map) {
      this.map = map;
      this.known = new Map();
      this.drawn = 0;
      map.addSource("tracks", { type: "geojson", data: EMPTY });
      map.addLayer({ id: "tracks", type: "line", source: "tracks", layout: { "line-cap": "round" }, paint: { "line-color": ink("text-3"), "line-width": 2, "line-opacity": 0.45 } }, "vehicles");
    }

    now() { return window.citydeck && window.citydeck.now ? window.citydeck.now() : Date.now(); }

    /* The live picture's vehicles, by id. */
    take(held) {
      const still = window.citydeckMoment || matchMedia("(prefers-reduced-motion: reduce)").matches;
      for (const id of this.known.keys()) if (!held.has(id)) this.known.delete(id);
      for (const [id, one] of held) this.place(id, one, still);
      this.draw(performance.now());
      this.go();
    }

    place(id, one, still) {
      const at = [one.lon, one.lat], before = this.known.get(id), time = performance.now();
      if (before && before.one.at === one.at && !still) return Object.assign(before, { one });
      const from = before && !still ? this.where(before, time) : at;
      const took = before ? Math.min(MOST_MS, Math.max(LEAST_MS, one.at - before.one.at)) : 0;
      const trail = before && !still ? [...before.trail, [...at, one.at]].filter(([, , when]) => one.at - when <= TRAIL_MS).slice(-TRAIL_MOST) : [[...at, one.at]];
      this.known.set(id, { one, from, to: at, start: time, took: still ? 0 : took, trail });
    }

    where(held, time) {
      const part = held.took ? Math.min(1, (time - held.start) / held.took) : 1;
      return [held.from[0] + (held.to[0] - held.from[0]) * part, held.from[1] + (held.to[1] - held.from[1]) * part];
    }

    /* While something moves: ten pictures a second, fewer of a large fleet; none of a page that nobody sees. */
    go() {
      if (this.going) return;
      this.going = requestAnimationFrame((time) => {
        this.going = null;
        if (time - this.drawn >= (this.known.size > MANY ? 400 : 100)) this.draw(time);
        if ([...this.known.values()].some((held) => time - held.start < held.took)) this.go();
        else this.draw(time);
      });
    }

    draw(time) {
      this.drawn = time;
      const now = this.now(), vehicles = [], tracks = [];
      for (const [id, held] of this.known) {
        const at = this.where(held, time), old = now - held.one.at > OLD_MS;
        vehicles.push({ type: "Feature", geometry: { type: "Point", coordinates: at }, properties: { id, course: held.one.course || 0, opacity: old ? 0.35 : 0.9 } });
        const way = held.trail.slice(0, -1).map(([lon, lat]) => [lon, lat]);
        if (!old && way.length) tracks.push({ type: "Feature", geometry: { type: "LineString", coordinates: [...way, at] }, properties: {} });
      }
      window.citydeckSource(this.map, "vehicles", { type: "FeatureCollection", features: vehicles });
      window.citydeckSource(this.map, "tracks", { type: "FeatureCollection", features: tracks });
    }
  }

  window.CitydeckFleet = Fleet;
})();
