/* A value as layouts/value.py draws it, for what scripts draw: the same states, the same marks, the same way to where it comes from. `words`
   is layouts.value.for_scripts, `metrics` layouts.names.Names.how or .metrics: metric -> [name, unit, decimals, whether it is a flag]. */
(function () {
  "use strict";
  const make = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text });
  const clock = () => (window.citydeck && window.citydeck.now ? window.citydeck.now() : Date.now());

  /* The state of a value measured at `at` (epoch ms, null for none), stale past `limit` seconds. */
  function stateOf(at, limit, quality) {
    if (at === null || at === undefined) return "missing";
    return limit && clock() - at > limit * 1000 ? "stale" : quality === "suspect" ? "suspect" : "live";
  }

  /* A measurement in words: the number with the decimals of the catalogue, and its unit; texts and flags as they are. */
  function written(words, metrics, metric, raw) {
    const [, unit, decimals, flag] = metrics[metric] || ["", "", 1, false];
    if (raw === null || raw === undefined) return { text: "", unit: "" };
    if (flag || typeof raw === "boolean") return { text: words[raw ? "yes" : "no"], unit: "" };
    if (typeof raw === "string") return { text: raw, unit: "" };
    return { text: raw.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).replace("-", "−"), unit };
  }

  function now(words, value) {
    const hidden = value.state === "missing" || value.state === "withheld";
    const shown = make("span", `value is-${value.state}${value.off && !hidden && value.state !== "stale" ? " is-off" : ""}`, "");
    shown.append(make("b", "value-number", hidden ? "–" : value.text));
    if (value.unit && !hidden) shown.append(make("span", "value-unit", value.unit));
    if (words.said[value.state]) shown.append(make("span", `value-said is-${value.state}`, words.said[value.state]));
    return shown;
  }

  /* `facts`: name -> text; what is empty is left out. */
  function why(words, name, facts, href) {
    const told = Object.entries(words.facts).filter(([fact]) => facts[fact]).map(([fact, label]) => [label, facts[fact]]);
    const button = make("button", "value-why", "i"), label = `${words.title}: ${name}`;
    Object.assign(button.dataset, { origin: JSON.stringify({ name, facts: told, title: words.title, close: words.close, ...(href ? { href, more: words.more } : {}) }) });
    button.type = "button";
    button.title = label;
    button.setAttribute("aria-label", label);
    button.setAttribute("aria-haspopup", "dialog");
    return [button];
  }

  /* Where a device's value comes from, as layouts/origins.py tells it. `from`: feed, device, id, metric (its name), owner, at, state,
     every (seconds between reports), zone, formula where it is not as measured. */
  function whyOf(words, { feed, device, id, metric, owner, at, state, every, zone, formula }) {
    const listed = [feed && words.feed.replace("{feed}", words.feeds[feed] || feed), device, id !== device && id];
    const measured = every ? words.as_measured.replace("{every}", every) : words.on_change;
    const facts = { source: listed.filter(Boolean).join(" · "), formula: formula || measured, owner, quality: state === "suspect" ? words.said.suspect : words.good };
    return why(words, `${device} · ${metric}`, { ...facts, updated: at && new Date(at).toLocaleString("sv-SE", { timeZone: zone }) });
  }

  const past = () => window.citydeckMoment && window.citydeckMoment.at !== null && window.citydeckMoment.at !== undefined;
  const newest = (device, metric) => (!past() && window.citydeck && window.citydeck.value ? window.citydeck.value(device, metric) : null);

  /* A reading for now(), and beside it the way to where it comes from: `read` ([at, raw, quality]) or else what the device measures now. In
     a picture of the past, and where nothing newer is known, it is `raised` ([at, raw]), which doesn't get old. `staleAfter`: so many
     intervals (`every`). A raised flag brings its metric's name: no name stands beside it. The rest of `from` as whyOf takes it, except that
     `metric` is its id. */
  function measured(words, metrics, staleAfter, { metric, raised, read, ...from }) {
    const held = read || newest(from.id, metric), [at, raw, quality] = held || raised;
    const state = stateOf(at, held && from.every && staleAfter && from.every * staleAfter, quality);
    const said = written(words, metrics, metric, raw), [name, , , flag] = metrics[metric] || [metric];
    if (raised && flag && said.text) said.text = `${name} ${said.text}`;
    return { value: { ...said, at, state }, why: whyOf(words, { ...from, metric: name, at, state }) };
  }

  window.citydeckValue = { now, measured, written };
})();
