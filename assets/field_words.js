/* Words, names and spans of time of the work tab, from /mobile/setup (kept by the service worker for when there is no network), and the
   one way in which it makes elements. */
(function () {
  "use strict";
  const field = (window.citydeckField = window.citydeckField || {});
  let setup = { lang: "zh", zone: "Asia/Shanghai", words: {}, names: {} };

  field.setup = () => setup;
  field.lang = () => (new URLSearchParams(location.search).get("lang") === "en" ? "en" : "zh");
  field.loadWords = async function () {
    const answer = await fetch(`/mobile/setup/${field.lang()}`);
    setup = await answer.json();
  };

  field.t = (key, values = {}) => (setup.words[key] || key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  field.named = (kind, code) => (setup.names[kind] || {})[code] || code || "–";
  field.has = (kind, code) => code in (setup.names[kind] || {});
  field.names = (kind) => Object.entries(setup.names[kind] || {});
  field.townOf = (region) => field.named(field.has("town", region) ? "town" : "region", region);
  field.owed = (spine, state) => field.named("owed", `${spine}.${state}`);

  /* A span in words: from two days on in days, below in hours and minutes; a part that is nought is left out. */
  field.span = function (ms) {
    const minutes = Math.floor(Math.abs(ms) / 60000);
    if (minutes < 1) return field.t("span_moment");
    if (minutes >= 2880) return field.t("span_days", { n: Math.floor(minutes / 1440) });
    return [["span_hours", Math.floor(minutes / 60)], ["span_minutes", minutes % 60]].filter(([, n]) => n).map(([part, n]) => field.t(part, { n })).join(" ");
  };
  field.clock = (at) => new Intl.DateTimeFormat("en-GB", { timeZone: setup.zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);

  /* h("button", {class, onclick, data-x}, children): text becomes text, null nothing. */
  field.h = function (tag, said, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(said || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on") || name === "value" || name === "checked") element[name] = value;
      else element.setAttribute(name === "class" ? "class" : name, value === true ? "" : value);
    }
    element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
    return element;
  };
  field.place = (name) => document.querySelector(`[data-field="${name}"]`);
  field.button = (text, onclick, kind = "", name = "") => field.h("button", { type: "button", class: `field-button ${kind}`, onclick, "data-field-name": name || null }, text);
})();
