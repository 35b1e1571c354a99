/* Plays the past. A step is speed times the time that a step takes: a second where pictures come in time, more where they do not; then
   the step is longer, the speed stays true, and the strip says so. The map's part of the next step is fetched before it is due; a step is
   over when map and lists show it (moment.js). `?from=&to=` are the hours, `?replay=` an incident whose events can be jumped to. */
(function () {
  "use strict";
  const query = new URLSearchParams(location.search);
  if (!query.has("at")) return;
  const SECOND = 1000, SHARE = 0.5, WRITTEN = /^(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2}):(\d{2})$/;
  const replay = (window.citydeckReplay = { playing: false, took: 0, interval: SECOND, step: 0, shown: [], steps: [] });
  let box = null, events = [], from = null, to = null;

  const moment = () => window.citydeckMoment;
  const part = (name) => box.querySelector(`[data-replay="${name}"]`);
  const text = (name, n) => box.getAttribute("data-text-" + name).replace("{n}", n);
  const speed = () => Number(part("speed").value);
  const sleep = (ms) => new Promise((done) => setTimeout(done, Math.max(0, ms)));

  function zoned(at, options) {
    const strip = document.querySelector("[data-moment-text]");
    return new Intl.DateTimeFormat("sv-SE", { timeZone: strip.dataset.zone, ...options }).format(at);
  }

  function span(ms) {
    const seconds = Math.round(ms / SECOND);
    return seconds < 60 ? text("seconds", seconds) : text("minutes", Number((seconds / 60).toFixed(1)));
  }

  /* ---- steps ---- */

  function plan() {
    replay.interval = Math.max(SECOND, Math.ceil(replay.took / SECOND) * SECOND);
    replay.step = speed() * replay.interval;
    part("step").textContent = text("step", span(replay.step)) + (replay.interval > SECOND ? " · " + text("slow", text("seconds", (replay.took / SECOND).toFixed(1))) : "");
  }

  async function run() {
    plan();
    while (replay.playing) {
      const begun = performance.now(), next = Math.min(moment().at + replay.step, to);
      if (next <= moment().at || !(await moment().arrive(next))) break;
      const took = performance.now() - begun;
      replay.shown.push(next);
      replay.steps.push({ begun, took });
      if (replay.steps.length > 1) replay.took = replay.took ? replay.took + SHARE * (took - replay.took) : took; // the first was not prepared
      if (!replay.playing) return;
      plan();
      moment().ahead(Math.min(next + replay.step, to));
      await sleep(replay.interval - took);
    }
    play(false);
  }

  function play(on) {
    if (replay.playing === on) return;
    replay.playing = on;
    part("play").textContent = text(on ? "pause" : "play");
    part("play").setAttribute("aria-pressed", String(on));
    if (on) run();
  }

  /* ---- hours ---- */

  function hours() {
    const slider = document.querySelector("[data-moment-slider]");
    from = Number(query.get("from")) || Number(slider.dataset.momentFrom);
    to = Math.min(Number(query.get("to")) || Number(slider.dataset.momentTo), Number(slider.dataset.momentNow));
    moment().range(from, to);
    for (const [name, at] of [["from", from], ["to", to]]) {
      const input = Object.assign(document.createElement("input"), { type: "text", inputMode: "numeric", size: 16, value: written(at), pattern: WRITTEN.source, title: "2026-05-01 08:00" });
      input.addEventListener("change", () => chosen(name, input));
      box.querySelector(`[data-replay-hour="${name}"]`).append(input);
    }
  }

  /* A browser writes its own date fields in its own language: these are written the same for everybody. */
  function written(at) { return zoned(at, { dateStyle: "short", timeStyle: "short" }); }

  function chosen(name, input) {
    const [, year, month, day, hour, minute] = (WRITTEN.exec(input.value.trim()) || []).map(Number);
    const guess = Date.UTC(year, month - 1, day, hour, minute), read = new Date(guess);
    if (Number.isNaN(guess) || read.getUTCMonth() !== month - 1 || read.getUTCHours() !== hour || minute > 59) return wrong(name, input);
    const local = Date.parse(zoned(guess, { dateStyle: "short", timeStyle: "medium" }).replace(" ", "T") + "Z"), at = guess - (local - guess);
    if (name === "from" ? at >= to : at <= from) return wrong(name, input);
    if (name === "from") from = at;
    else to = Math.min(at, Date.now());
    input.value = written(name === "from" ? from : to);
    const address = new URL(location.href);
    address.searchParams.set(name, at);
    history.replaceState(history.state, "", address);
    moment().range(from, to);
    if (moment().at < from || moment().at > to) moment().go(from);
  }

  /* What is no time, or the wrong way round, is as it was. */
  function wrong(name, input) { input.value = written(name === "from" ? from : to); }

  /* ---- an incident's events ---- */

  async function incident() {
    const id = query.get("replay");
    if (!id) return;
    const answer = await fetch("/api/v1/incidents/" + encodeURIComponent(id)).catch(() => null);
    if (!answer || !answer.ok) return;
    const told = await answer.json();
    events = told.events.map(({ at, deed, actor }) => ({ at, deed, actor: (told.people || {})[actor] || actor })).sort((a, b) => a.at - b.at);
    box.querySelector(".replay-events").hidden = !events.length;
    label();
  }

  function label() {
    const last = events.filter((one) => one.at <= moment().at).pop(), deeds = JSON.parse(box.dataset.deeds);
    part("event").textContent = last ? `${zoned(last.at, { timeStyle: "medium" })} ${deeds[last.deed] || last.deed} · ${last.actor}` : "–";
  }

  function jump(way) {
    const at = moment().asked, found = way > 0 ? events.find((one) => one.at > at) : events.filter((one) => one.at < at).pop();
    if (found) moment().go(found.at);
    label();
  }

  document.addEventListener("click", (event) => {
    if (!box) return;
    if (event.target.closest("[data-replay='play']")) return play(!replay.playing);
    const way = event.target.closest("[data-replay-event]");
    if (way) jump(Number(way.dataset.replayEvent));
  });
  document.addEventListener("change", (event) => { if (box && event.target === part("speed")) plan(); });
  document.addEventListener("citydeck:moment", () => { if (box) label(); });

  const observer = new MutationObserver(() => {
    const found = document.querySelector(".replay");
    if (!found || !moment() || moment().at === null) return;
    observer.disconnect();
    box = found;
    hours();
    plan();
    incident();
  });
  observer.observe(document, { childList: true, subtree: true });
})();
