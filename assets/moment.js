/* A picture of the past: there is no /live, the moment stands in the strip. `citydeckMoment.go(ms)` asks for another one: the slider and
   the buttons call it. A step is `arrive(ms)`: the map's part is fetched, the lists are asked for, and when both are there the map is
   drawn and the strip says the moment, so that no number stands over a picture of another. `ahead(ms)` fetches the map's part of the
   next step beforehand. The map gets what the live stream would have told it: a snapshot, or a delta to the moment shown. */
(function () {
  "use strict";
  if (!new URLSearchParams(location.search).has("at")) return;
  const WAIT_MS = 120, LISTS_MS = 15000, BEGIN_MS = 1000, LOOK_MS = 15;
  const moment = { at: null, asked: null, go, arrive, ahead, range };
  let timer = null, turn = 0, coming = null;
  window.citydeckMoment = moment;
  window.citydeck = Object.assign(window.citydeck || {}, { now: () => moment.at });

  /* ---- whether the lists have come: Dash's questions that carry the moment ---- */

  const questions = { at: null, begun: 0, open: 0, panels: null }, native = window.fetch;
  window.fetch = function (input, options) {
    const answer = native.apply(this, arguments), body = options && options.body;
    const mine = typeof body === "string" && String(input.url || input).includes("_dash-update-component") && body.includes('"id":"moment"') && body.includes(`"value":${questions.at}`);
    if (!mine) return answer;
    questions.begun++;
    questions.open++;
    if (body.includes("slow-lane.data")) questions.panels = { url: input, options, at: questions.at };
    answer.then((one) => one.clone().text()).catch(() => null).then(() => questions.open--);
    return answer;
  };

  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const painted = () => Promise.race([new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))), pause(200)]);

  async function lists(at) {
    const asked = performance.now(), waited = () => performance.now() - asked;
    Object.assign(questions, { at, begun: 0, open: 0 });
    window.dash_clientside.set_props("moment", { data: at });
    while (!questions.begun && waited() < BEGIN_MS) await pause(LOOK_MS);
    do {
      while (questions.open && waited() < LISTS_MS) await pause(LOOK_MS);
      await painted();
    } while (questions.open && waited() < LISTS_MS);
  }

  const strip = () => document.querySelector(".moment-strip");

  function start(page) {
    moment.at = moment.asked = Number(page.dataset.moment);
    const holder = page.querySelector("[data-moment-slider]");
    const slider = Object.assign(document.createElement("input"), {
      type: "range", min: holder.dataset.momentFrom, max: holder.dataset.momentTo, step: "any", value: moment.at, title: holder.dataset.momentSlider,
    });
    slider.setAttribute("aria-label", holder.dataset.momentSlider);
    slider.addEventListener("input", () => go(Number(slider.value)));
    holder.replaceChildren(slider);
    holder.slider = slider;
    show();
    changes(moment.at, null).then(draw);
  }

  function words(at, options) {
    const text = strip().querySelector("[data-moment-text]");
    return new Intl.DateTimeFormat(text.dataset.momentText === "en" ? "en-GB" : "zh-CN", { timeZone: text.dataset.zone, hourCycle: "h23", ...options }).format(at);
  }

  /* The hours that the slider covers; they stand in the player's fields (replay.js). */
  function range(from, to) {
    const { slider } = strip().querySelector("[data-moment-slider]");
    slider.min = from;
    slider.max = to;
    slider.value = moment.at;
  }

  /* Ask for another moment, epoch ms; never one that has not been. */
  function go(at) {
    const holder = strip().querySelector("[data-moment-slider]"), text = strip().querySelector("[data-moment-text]");
    moment.asked = Math.min(Math.max(1, Math.round(at)), Number(holder.dataset.momentNow));
    if (Number(holder.slider.value) !== moment.asked) holder.slider.value = moment.asked;
    text.dataset.coming = said(moment.asked);
    clearTimeout(timer);
    timer = setTimeout(() => arrive(moment.asked), WAIT_MS);
  }

  /* Whether the moment was reached: false when it cannot be shown now, or another one was asked for meanwhile. */
  async function arrive(at) {
    const mine = ++turn, { slider } = strip().querySelector("[data-moment-slider]");
    clearTimeout(timer);
    moment.asked = at;
    const told = await part(at);
    if (mine !== turn) return false;
    if (!told) return stay(slider);
    await lists(at);
    if (mine !== turn) return false;
    moment.at = at;
    if (Number(slider.value) !== at) slider.value = at;
    draw(told);
    show();
    const address = new URL(location.href);
    address.searchParams.set("at", at);
    history.replaceState(history.state, "", address);
    return true;
  }

  function stay(slider) {
    moment.asked = slider.value = moment.at;
    delete strip().querySelector("[data-moment-text]").dataset.coming;
    return false;
  }

  function said(at) {
    const day = { year: "numeric", month: "2-digit", day: "2-digit" }, time = { hour: "2-digit", minute: "2-digit", second: "2-digit" };
    return new Intl.DateTimeFormat("sv-SE", { timeZone: strip().querySelector("[data-moment-text]").dataset.zone, ...day, ...time }).format(at);
  }

  function show() {
    const text = strip().querySelector("[data-moment-text]");
    text.textContent = said(moment.at) + " " + words(moment.at, { weekday: "long" });
    delete text.dataset.coming;
    document.dispatchEvent(new CustomEvent("citydeck:moment", { detail: { at: moment.at } }));
  }

  /* ---- the map's part ---- */

  async function changes(at, since) {
    if (!document.querySelector("[data-map]")) return { at, since: null, pieces: {} };
    const answer = await fetch(`/api/v1/picture/changes?at=${at}` + (since === null ? "" : `&since=${since}`)).catch(() => null);
    return answer && answer.ok ? answer.json() : null;
  }

  /* The panels' question of the next step is asked, and its answer let go: the server then remembers the panels. */
  function ahead(at) {
    const last = questions.panels, since = moment.at;
    coming = { at, since, told: changes(at, since) };
    if (!last || last.at !== since) return;
    const asked = { ...last.options, body: last.options.body.replace(`"value":${since}`, `"value":${at}`) };
    coming.told.then(() => native.call(window, last.url, asked)).catch(() => null);
  }

  async function part(at) {
    const told = coming && coming.at === at && coming.since === moment.at ? await coming.told : null;
    coming = null;
    return told || changes(at, moment.at);
  }

  function draw(told) {
    if (told) document.dispatchEvent(new CustomEvent(told.since === null ? "citydeck:snapshot" : "citydeck:delta", { detail: { pieces: told.pieces, at: told.at } }));
  }

  /* The ways to the other faces keep the moment; the way back to now does not. */
  function keep(event) {
    const link = event.target.closest("a[href^='/']:not([data-moment-back])");
    if (!link || moment.at === null) return;
    const address = new URL(link.href);
    address.searchParams.set("at", moment.at);
    link.href = address;
  }

  document.addEventListener("click", (event) => {
    const step = event.target.closest("[data-moment-step]");
    if (step) go(moment.asked + Number(step.dataset.momentStep));
    keep(event);
  }, true);

  const observer = new MutationObserver(() => {
    const page = document.querySelector("[data-moment]");
    if (!page || moment.at !== null) return;
    observer.disconnect();
    start(page);
  });
  observer.observe(document, { childList: true, subtree: true });
})();
