/* A map without a graphics card holds up the whole page: the browser waits for its picture, a tenth of a second and more each time. While a
   hand works beside the map, the map is drawn again only some time after the hand's last move, and after a multiple of what its last
   picture took, but at the latest after LATEST_MS. Where a picture takes a few milliseconds, nothing is late that anyone could see; a map that
   is itself being moved is never late. */
(function () {
  "use strict";
  const WORKS_MS = 1500, ANSWER_MS = 120, TIMES = 20, LATEST_MS = 3000, DEAR_MS = 30;
  let hand = -Infinity;

  function moved(event) {
    if (!(event.target.closest && event.target.closest(".maplibregl-map"))) hand = performance.now();
  }
  for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, moved, { capture: true, passive: true });

  window.citydeckCalm = function (map) {
    const draw = map.triggerRepaint.bind(map);
    let drawn = 0, took = 0, timer = null;

    function wait() {
      const now = performance.now();
      if (map.isMoving() || took < DEAR_MS || now - hand > WORKS_MS) return 0;
      return Math.min(Math.max(hand + ANSWER_MS, drawn + TIMES * took), drawn + LATEST_MS) - now;
    }

    /* The task after the picture's frame comes when the browser has the picture. */
    map.on("render", () => {
      const began = performance.now();
      setTimeout(() => {
        drawn = performance.now();
        took = (took + drawn - began) / 2;
      });
    });
    map.triggerRepaint = () => {
      const left = wait();
      if (timer && left > 0) return;
      clearTimeout(timer);
      timer = null;
      if (left <= 0) return void draw();
      timer = setTimeout(() => { timer = null; draw(); }, left);
    };
  };
})();
