/* A wall's browser and what is asked of it. The live stream says that a wall has another version; this reads it, hands it to wall.js as
   "citydeck:wall", and tells the server what stands ("citydeck:scene"), at once and every REPORT_MS, so that nothing lost stays lost.
   A picture of the past has no live stream of ours: it keeps one for the word alone. */
(function () {
  "use strict";
  if (!/\/big\/?$/.test(location.pathname)) return;
  const REPORT_MS = 20000, AGAIN_MS = 250, PAST = new URLSearchParams(location.search).has("at");
  let wall = null, held = null, scene = "", asking = null, stale = false, begun = false;

  const announce = (name, detail) => document.dispatchEvent(new CustomEvent("citydeck:" + name, { detail }));
  const look = () => (wall = wall || (document.querySelector("[data-wall]") || { dataset: {} }).dataset.wall || null);
  const address = () => `/api/v1/walls/${encodeURIComponent(wall)}`;

  /* One question at a time; a word that comes meanwhile asks once more. */
  async function ask() {
    if (!look()) return;
    if (asking) return (stale = true);
    asking = true;
    try {
      const answer = await fetch(address(), { cache: "no-store" });
      if (answer.ok) take(await answer.json());
    } catch (error) { /* the next report asks again */ }
    asking = null;
    if (stale) { stale = false; setTimeout(ask, AGAIN_MS); }
  }

  function take(state) {
    held = state;
    if (moved(state.at)) return;
    if (state.consultation && new URLSearchParams(location.search).has("held")) entitle(state.consultation.title);
    document.querySelector("[data-wall]").dataset.told = state.told || "";
    announce("wall-care", state);
    announce("wall-told", state);
    announce("wall-drawing", state.consultation);
    announce("wall", { scene: state.scene, focus: state.focus, hold: state.hold, brightness: state.brightness, cameras: state.cameras, version: state.version });
  }

  /* A wall in a consultation says which; the moment is moved by the remote, so nothing on the wall asks for a hand. */
  function entitle(title) {
    const mark = document.querySelector(".moment-mark"), scene = document.querySelector("[data-scene-tab][aria-current=true]");
    document.documentElement.dataset.consulted = "yes";
    if (mark) mark.textContent = [scene && scene.textContent, title].filter(Boolean).join(" · ");
  }

  /* A held moment is a page of its own: the address changes, and back when it ends. */
  function moved(at) {
    const query = new URLSearchParams(location.search), here = query.get("at");
    if (String(at || "") === (here || "")) return false;
    if (here && !query.has("held")) return false;
    if (at) { query.set("at", at); query.set("held", "1"); query.set("scene", held.scene || "consultation"); }
    else ["at", "held", "scene"].forEach((name) => query.delete(name));
    location.replace("/big?" + query);
    return true;
  }

  async function report() {
    if (!look()) return;
    const about = window.citydeckCare ? window.citydeckCare.about() : {};
    const said = { scene, version: held ? held.version : 0, at: held && held.at ? held.at : null, taken: document.querySelector("[data-wall]").dataset.taken || "", ...about };
    const element = document.querySelector("[data-takeover]");
    if (held && held.told && element) said.waiting = JSON.parse(element.dataset.takeover).length;
    said.size = `${Math.round(innerWidth * devicePixelRatio)}x${Math.round(innerHeight * devicePixelRatio)}`;
    try {
      const answer = await fetch(address() + "/shown", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(said) });
      if (answer.status === 401) return location.reload();
      if (answer.ok && (await answer.json()).version !== (held ? held.version : -1)) ask();
    } catch (error) { /* the link state says it */ }
  }

  document.addEventListener("citydeck:wall-news", (event) => look() && event.detail.wall === wall && ask());
  document.addEventListener("citydeck:snapshot", ask);
  document.addEventListener("citydeck:scene", (event) => { scene = event.detail.scene; report(); });

  function listen() {
    const source = new EventSource("/live");
    source.addEventListener("wall", (event) => announce("wall-news", JSON.parse(event.data)));
    source.addEventListener("snapshot", (event) => { if (begun) ask(); begun = true; });
  }

  const ready = setInterval(() => {
    if (!look()) return;
    clearInterval(ready);
    if (PAST) scene = new URLSearchParams(location.search).get("scene") || "";
    if (PAST && new URLSearchParams(location.search).has("held")) listen();
    ask();
    setInterval(report, REPORT_MS);
  }, 200);
})();
