/* The wall's mosaic: which cameras stand in it, how many, and whose turn it is. player.js plays them. The choice stays with this screen. */
(function () {
  "use strict";
  if (!/\/big\/?$/.test(location.pathname)) return;
  const KEY = "citydeck:mosaic", LOOK_MS = 60000, TILES = [1, 4, 9, 16], WIDTH_TO_HEIGHT = 16 / 9, CLEARLY = 1.2;
  let near = null, places = null, pinned = [], cameras = [], first = 0, askedAt = 0, turnedAt = Date.now(), shown = "";

  const panel = () => document.querySelector(".panel-video"), grid = () => document.querySelector("[data-mosaic]");
  function choice() {
    const asked = Number(new URLSearchParams(location.search).get("mosaic"));
    let kept = {};
    try { kept = JSON.parse(localStorage.getItem(KEY) || "{}"); } catch (error) { /* another version's */ }
    const tiles = kept.tiles || asked || Number(grid().dataset.mosaic);
    return { tiles: TILES.includes(tiles) ? tiles : 4, wide: kept.wide === undefined ? asked > 4 : kept.wide };
  }
  function keep(change) { localStorage.setItem(KEY, JSON.stringify({ ...choice(), ...change })); draw(); }

  async function look() {
    askedAt = Date.now();
    try {
      const answer = await fetch("/api/v1/wall/cameras");
      if (answer.ok) cameras = chosen((await answer.json()).items);
    } catch (error) { return; }
    draw();
  }

  /* Those that somebody put on the wall, in that order; all of them where nobody did, those at the place that the wall is about first. */
  function chosen(items) {
    const asked = pinned.map((id) => items.find((one) => one.camera_id === id)).filter(Boolean);
    if (asked.length || !near || !places) return asked.length ? asked : items;
    const far = (one) => { const at = places.get(one.camera_id); return at ? Math.hypot((at[0] - near.lon) * Math.cos(near.lat * Math.PI / 180), at[1] - near.lat) : Infinity; };
    return [...items].sort((a, b) => far(a) - far(b));
  }

  /* Where the cameras are, asked for when a place takes the wall. */
  async function approach(place) {
    near = place;
    if (near) {
      try {
        const answer = await fetch("/api/v1/map/cameras");
        if (answer.ok) places = new Map((await answer.json()).features.map((one) => [one.properties.id, one.geometry.coordinates]));
      } catch (error) { return; }
    }
    first = 0;
    look();
  }

  function draw() {
    const box = panel();
    if (!box) return;
    const { tiles, wide } = choice();
    box.classList.toggle("is-wide", wide);
    for (const button of box.querySelectorAll("[data-mosaic-tiles]")) button.setAttribute("aria-pressed", String(Number(button.dataset.mosaicTiles) === tiles));
    box.querySelector("[data-mosaic-wide]").setAttribute("aria-pressed", String(wide));
    if (first >= cameras.length) first = 0;
    const turn = Array.from({ length: Math.min(tiles, cameras.length) }, (_, i) => cameras[(first + i) % cameras.length]), mark = JSON.stringify([tiles, turn.map((one) => one.camera_id)]);
    fit(turn.length);
    if (mark === shown && (grid().childElementCount || !turn.length)) return;
    shown = mark;
    grid().replaceChildren(...turn.map((one) => tile(one, tiles)));
  }

  /* As many columns as make the pictures clearly larger than fewer would: a low panel has them in one row. */
  function fit(n) {
    const { clientWidth, clientHeight } = grid(), wide = (columns) => Math.min(clientWidth / columns, (clientHeight / Math.ceil(n / columns)) * WIDTH_TO_HEIGHT);
    const best = Array.from({ length: n }, (_, i) => i + 1).reduce((a, b) => (wide(b) > wide(a) * CLEARLY ? b : a), 1);
    grid().style.setProperty("--columns", best);
    grid().style.setProperty("--lines", Math.max(1, Math.ceil(n / best)));
  }

  function tile(one, tiles) {
    const made = document.createElement("div");
    Object.assign(made.dataset, { player: one.camera_id, name: one.name, tags: one.demo ? panel().dataset.textDemo : "", face: "big", ...(tiles > 4 ? { size: "sub" } : {}) });
    return made;
  }

  /* More cameras than tiles: the next ones after a while. */
  function turn() {
    if (!panel()) return;
    const { tiles } = choice();
    if (Date.now() - askedAt > LOOK_MS) look();
    if (cameras.length > tiles && Date.now() - turnedAt > Number(grid().dataset.turn)) { turnedAt = Date.now(); first = (first + tiles) % cameras.length; draw(); }
  }

  document.addEventListener("click", (event) => {
    const tiles = event.target.closest("[data-mosaic-tiles]"), wide = event.target.closest("[data-mosaic-wide]");
    if (tiles) keep({ tiles: Number(tiles.dataset.mosaicTiles), ...(Number(tiles.dataset.mosaicTiles) > 4 ? { wide: true } : {}) });
    if (wide) keep({ wide: !choice().wide });
  });
  document.addEventListener("citydeck:focus", (event) => approach(event.detail));
  document.addEventListener("citydeck:cameras", (event) => { pinned = event.detail.ids; first = 0; look(); });
  document.addEventListener("citydeck:scene", draw);
  window.addEventListener("resize", draw);
  setInterval(turn, 1000);
})();
