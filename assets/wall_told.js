/* A told scene on the wall: the caption of the step that stands, by the guide's remote, the wall's own keyboard (arrows, Esc) or the timer.
   wall.js shows the scene; here is what is said, and whose turn it is. */
(function () {
  "use strict";
  if (!/\/big\/?$/.test(location.pathname)) return;
  const LAG_MS = 1000;
  let told = null, code = "", step = 0, asked = -1, since = 0, state = null, ended = -1;

  const english = () => (document.querySelector("[data-wall]") || { dataset: {} }).dataset.lang === "en";

  function box() {
    let made = document.querySelector(".wall-told");
    if (made) return made;
    made = Object.assign(document.createElement("aside"), { className: "wall-told", hidden: true });
    made.setAttribute("role", "status");
    made.append(document.createElement("p"), document.createElement("small"));
    (document.querySelector("[data-wall]") || document.body).append(made);
    return made;
  }

  /* Until a scene for visitors stands, nothing of another one does: it may name people. */
  function cover() {
    const page = document.querySelector("[data-wall]"), now = document.querySelector(".wall-now");
    if (page) page.toggleAttribute("data-told-comes", Boolean(told) && !(now && told.captions.some((one) => one.scene === now.dataset.scene)));
  }

  function show(to) {
    step = Math.min(Math.max(0, to), told.captions.length - 1);
    since = Date.now();
    const caption = told.captions[step], made = box();
    made.hidden = false;
    made.firstChild.textContent = english() ? caption.en : caption.zh;
    made.lastChild.textContent = `${step + 1} / ${told.captions.length}`;
    cover();
    document.dispatchEvent(new CustomEvent("citydeck:wall", { detail: { ...state, scene: caption.scene, hold: true, focus: null, cameras: [] } }));
  }

  function end() {
    told = null;
    code = "";
    asked = -1;
    box().hidden = true;
    cover();
  }

  /* What the remote asks for counts when it changes: between two of its words the wall leafs by itself. */
  document.addEventListener("citydeck:wall-told", (event) => {
    state = event.detail;
    if (!state.told) return code && end();
    if (state.version === ended) return setTimeout(leave);
    if (state.told === code && state.step === asked) return setTimeout(() => told && show(step));
    told = state.told_scene;
    code = state.told;
    asked = state.step;
    setTimeout(() => told && show(asked));
  });

  /* Ended at the wall itself: what the remote asked for is over until it asks for something else. */
  function stop() {
    ended = state.version;
    end();
    leave();
  }

  function leave() {
    document.querySelector("[data-wall]").dataset.told = "";
    document.dispatchEvent(new CustomEvent("citydeck:wall", { detail: { ...state, scene: "", hold: false } }));
  }

  document.addEventListener("keydown", (event) => {
    if (!told) return;
    const by = { ArrowRight: 1, PageDown: 1, " ": 1, ArrowLeft: -1, PageUp: -1 }[event.key];
    if (by) show(step + by);
    else if (event.key === "Escape") stop();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  document.addEventListener("citydeck:scene", cover);
  setInterval(() => {
    cover();
    if (told && told.seconds && Date.now() - since > told.seconds * 1000) show((step + 1) % told.captions.length);
  }, LAG_MS);
})();
