/* A map without a graphics card holds up the whole page: the processor draws its picture, a tenth of a second and more each time, and the
   page's next one waits for it. While a hand works beside such a map, it is drawn again only some time after the hand's last move, and after
   a multiple of what its last picture took, but at the latest LATEST_MS after something new was to be seen; it takes a new size only when the
   hand rests, and goes to a place at once instead of flying there by a few jerks. Layers of much ink and little urgency are left out while the
   map moves (`leaveOut`). Where a card draws, or a picture takes a few milliseconds,
   nothing of this happens; a map that the hand itself moves is never late. */
(function () {
  "use strict";
  const WORKS_MS = 1500, ANSWER_MS = 120, TIMES = 20, LATEST_MS = 3000, DEAR_MS = 30;
  let hand = -Infinity;

  function touched(event) {
    if (!(event.target.closest && event.target.closest(".maplibregl-map"))) hand = performance.now();
  }
  for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, touched, { capture: true, passive: true });

  /* Whether the processor draws: what the driver calls itself. */
  function software(canvas) {
    const gl = canvas.getContext("webgl2") || canvas.getContext("webgl"), named = gl && gl.getExtension("WEBGL_debug_renderer_info");
    return Boolean(named) && /swiftshader|llvmpipe|softpipe|software|basic render/i.test(gl.getParameter(named.UNMASKED_RENDERER_WEBGL));
  }

  const still = (map) => matchMedia("(prefers-reduced-motion: reduce)").matches || Boolean(map.calm && map.calm.holdsUp());

  /* Go to a camera of MapLibre's: at once where the person wants no movement, or where a flight would hold up the hand at work. */
  window.citydeckGo = (map, camera) => map[still(map) ? "jumpTo" : "easeTo"](camera);
  window.citydeckFit = (map, bounds, padding) => {
    if (!still(map)) return void map.fitBounds(bounds, { padding });
    const camera = map.cameraForBounds(bounds, { padding });
    if (camera) map.jumpTo(camera); // none where the padding leaves no room
  };

  window.citydeckCalm = function (map) {
    const draw = map.triggerRepaint.bind(map), slow = software(map.getCanvas());
    let drawn = 0, took = 0, asked = 0, timer = null, resting = null, moved = false, shown = true;

    const holdsUp = () => (slow || took >= DEAR_MS) && performance.now() - hand <= WORKS_MS;

    /* Work that draws the map at once, and of which only the last counts: now, or when the hand has its answer. */
    function rest(work) {
      clearTimeout(resting);
      resting = setTimeout(work, holdsUp() ? Math.max(0, hand + ANSWER_MS - performance.now()) : 0);
    }

    /* `parts`: the paint that makes the layer seen, each with its value while the map rests. */
    const ink = new Map();
    function leaveOut(layer, parts) {
      ink.set(layer, parts);
      for (const part of Object.keys(parts)) map.setPaintProperty(layer, part + "-transition", { duration: 0 });
    }
    function paint(seen) {
      if (seen === shown) return;
      shown = seen;
      for (const [layer, parts] of ink) for (const [part, value] of Object.entries(parts)) map.setPaintProperty(layer, part, seen ? value : 0);
    }
    map.on("movestart", () => paint(took < DEAR_MS));
    map.on("moveend", () => paint(true));
    map.calm = { holdsUp, leaveOut, rest };

    /* How long the picture that was asked for first at `asked` may still wait; another place is what the hand asked for, and comes as
       soon as the hand has its answer. */
    function left() {
      const now = performance.now();
      if (map.isMoving() || !holdsUp()) return 0;
      return Math.min(Math.max(hand + ANSWER_MS, moved ? 0 : drawn + TIMES * took), asked + LATEST_MS) - now;
    }

    function drawOrWait() {
      clearTimeout(timer);
      const wait = left();
      timer = wait > 0 ? setTimeout(drawOrWait, wait) : null;
      if (!timer) draw();
    }

    map.triggerRepaint = () => {
      if (timer && left() > 0) return;
      if (!timer) asked = performance.now();
      drawOrWait();
    };
    map.on("move", () => {
      moved = true;
      if (timer) drawOrWait();
    });

    /* The task after the picture's frame comes when the browser has the picture. */
    map.on("render", () => {
      const began = performance.now();
      moved = false;
      setTimeout(() => {
        drawn = performance.now();
        took = (took + drawn - began) / 2;
      });
    });
  };
})();
