/* The fold of briefs and performance: links get their period when they are pressed, the table is asked for through its store. */
(function () {
  "use strict";
  const HOUR_MS = 3600000;
  let count = 0;

  document.addEventListener("click", (event) => {
    const menu = event.target.closest(".brief-menu");
    if (!menu) return document.querySelectorAll(".brief-menu[open]").forEach((open) => open.removeAttribute("open"));
    const hours = Number(menu.querySelector("[data-brief-hours]").value), link = event.target.closest("[data-brief]");
    const until = window.citydeck && window.citydeck.now ? window.citydeck.now() : Date.now();
    if (link) {
      const address = new URL(link.href);
      address.searchParams.set("since", Math.round(until - hours * HOUR_MS));
      address.searchParams.set("until", Math.round(until));
      link.href = address;
    }
    const way = event.target.closest("[data-performance]");
    if (!way) return;
    menu.querySelectorAll("[data-performance]").forEach((one) => one.setAttribute("aria-pressed", String(one === way)));
    window.dash_clientside.set_props({ type: "center-papers", name: "asked" }, { data: { by: way.dataset.performance, hours, n: ++count } });
  });
})();
