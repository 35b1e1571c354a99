/* A small still beside each camera of a list: fetched when it comes into sight, AT_ONCE at a time, kept for a minute. The server says who may
   see it, and writes down who looked. A camera without one says nothing here: its line has its state. */
(function () {
  "use strict";
  const API = "/api/v1", AT_ONCE = 2, FRESH_MS = 60000, KEPT = 60, FORBIDDEN = 403;
  const kept = new Map(), waiting = [];
  let going = 0, refused = false;
  const sight = new IntersectionObserver((seen) => seen.filter((one) => one.isIntersecting).forEach((one) => { sight.unobserve(one.target); want(one.target); }));

  function want(box) {
    waiting.push(box);
    next();
  }

  function next() {
    while (going < AT_ONCE && waiting.length && !refused) {
      const box = waiting.shift();
      if (!box.isConnected) continue;
      going += 1;
      ask(box).finally(() => { going -= 1; next(); });
    }
  }

  async function ask(box) {
    const id = box.dataset.still;
    try {
      const answer = await fetch(`${API}/cameras/${encodeURIComponent(id)}/snapshot`);
      refused = answer.status === FORBIDDEN;
      keep(id, answer.status === 200 ? URL.createObjectURL(await answer.blob()) : "");
      show(box, kept.get(id).url);
    } catch (error) { /* without the server there is no still: the line says the camera's state */ }
  }

  function keep(id, url) {
    drop(id);
    kept.set(id, { url, at: Date.now() });
    if (kept.size > KEPT) drop(kept.keys().next().value);
  }

  function drop(id) {
    if (kept.has(id) && kept.get(id).url) URL.revokeObjectURL(kept.get(id).url);
    kept.delete(id);
  }

  function show(box, url) {
    if (url) box.replaceChildren(Object.assign(document.createElement("img"), { src: url, alt: "" }));
    box.classList.toggle("has-none", !url);
  }

  /* The box of one camera; one that gives no picture now stays empty. */
  window.citydeckStill = (id, online) => {
    const box = Object.assign(document.createElement("i"), { className: online ? "camera-still" : "camera-still has-none" });
    box.dataset.still = id;
    const held = kept.get(id);
    if (held && Date.now() - held.at < FRESH_MS) show(box, held.url);
    else if (online && !refused) sight.observe(box);
    return box;
  };
})();
