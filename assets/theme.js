/* Dark or light, and the language, before anything is drawn: this script stands in the head. The wall is always dark; the phone follows the system until
   somebody chooses; the office and the desk are dark until somebody chooses. What was chosen is kept in this browser, each user's own. */
(function () {
  "use strict";
  const KEY = "citydeck:theme:" + (localStorage.getItem("citydeck:user") || ""), OTHER = { dark: "light", light: "dark" };
  const path = location.pathname.replace(/\/$/, ""), wall = path.endsWith("/big"), phone = path.endsWith("/mobile");
  const system = window.matchMedia("(prefers-color-scheme: light)");

  function theme() {
    if (wall) return "dark";
    const chosen = localStorage.getItem(KEY);
    return OTHER[chosen] ? chosen : phone && system.matches ? "light" : "dark";
  }

  /* What a token of assets/tokens.css is now, for what is drawn without a style sheet: maps. The tokens that were asked for are known, so
     that a change of theme can say which colours have become which. */
  const asked = new Map();

  function ink(name) {
    const now = getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
    asked.set(name, now);
    return now;
  }

  function show() {
    const now = theme(), root = document.documentElement, before = new Map(asked);
    if (root.dataset.theme === now) return;
    root.dataset.theme = root.dataset.mantineColorScheme = now;
    if (!wall) localStorage.setItem("mantine-color-scheme-value", now);
    const changed = Object.fromEntries([...before].map(([name, colour]) => [colour, ink(name)]));
    document.dispatchEvent(new CustomEvent("citydeck:theme", { detail: { theme: now, changed } }));
  }

  window.citydeckInk = ink;

  /* A button with data-theme-switch chooses the other one, here and in the other tabs. */
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    localStorage.setItem(KEY, OTHER[theme()]);
    show();
  });
  window.addEventListener("storage", show);
  system.addEventListener("change", show);
  document.documentElement.lang = new URLSearchParams(location.search).get("lang") === "en" ? "en" : "zh-CN";
  show();
})();
