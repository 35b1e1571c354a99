/* Data for the sources of a map, one after the other. MapLibre never answers for a tile that is asked for anew while it is being made, and
   keeps what waits for that answer as long as the page lives; so newer data wait until those before are drawn, and only the newest are
   handed over. Who hands over nothing new costs nothing. */
(function () {
  "use strict";
  const LONGEST_MS = 2000;
  const held = new WeakMap();

  function flush(map) {
    const waiting = held.get(map), time = performance.now();
    for (const [id, one] of waiting) {
      if (!map.getSource(id)) waiting.delete(id);
      else if (map.isSourceLoaded(id) || time - one.since > LONGEST_MS) {
        waiting.delete(id);
        map.getSource(id).setData(one.data);
      }
    }
    if (waiting.size) requestAnimationFrame(() => flush(map));
  }

  /* `data`: a FeatureCollection for the source `id` of `map`. */
  window.citydeckSource = function (map, id, data) {
    if (!held.has(map)) held.set(map, new Map());
    const waiting = held.get(map), idle = !waiting.size, before = waiting.get(id);
    waiting.set(id, { data, since: before ? before.since : performance.now() });
    if (idle) flush(map);
  };
})();
