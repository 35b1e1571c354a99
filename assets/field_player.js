/* Fetches the player when a camera is first shown on the phone: most of its users never open one. */
(function () {
  "use strict";
  const SCRIPTS = ["/assets/player.js", "/assets/player_past.js", "/assets/player_ways.js"], STYLE = "/assets/player.css";
  let asked = false;

  function script(src) {
    document.head.append(Object.assign(document.createElement("script"), { src, async: false }));
  }

  function look() {
    if (asked || !document.querySelector("[data-player]")) return;
    asked = true;
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: STYLE }));
    SCRIPTS.forEach(script);
  }

  new MutationObserver(look).observe(document, { childList: true, subtree: true });
  look();
})();
