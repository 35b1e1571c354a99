/* A picture of the past: there is no /live, the moment stands in the strip. `citydeckMoment.go(ms)` moves it: the slider and the
   buttons call it, and so can whatever plays the past. The map gets the picture of that moment as a snapshot of the live stream. */
(function () {
  "use strict";
  if (!new URLSearchParams(location.search).has("at")) return;
  const WAIT_MS = 120;
  const moment = { at: null, go, range, pictures: new Map() };
  let timer = null, asked = 0;
  window.citydeckMoment = moment;
  window.citydeck = Object.assign(window.citydeck || {}, { now: () => moment.at });

  const strip = () => document.querySelector(".moment-strip");

  function start(page) {
    moment.at = Number(page.dataset.moment);
    const holder = page.querySelector("[data-moment-slider]");
    const slider = Object.assign(document.createElement("input"), {
      type: "range", min: holder.dataset.momentFrom, max: holder.dataset.momentTo, step: "any", value: moment.at, title: holder.dataset.momentSlider,
    });
    slider.setAttribute("aria-label", holder.dataset.momentSlider);
    slider.addEventListener("input", () => go(Number(slider.value)));
    holder.replaceChildren(end(holder.dataset.momentFrom), slider, end(holder.dataset.momentTo));
    holder.slider = slider;
    show();
    fetchPicture();
  }

  function words(at, options) {
    const text = strip().querySelector("[data-moment-text]");
    return new Intl.DateTimeFormat(text.dataset.momentText === "en" ? "en-GB" : "zh-CN", { timeZone: text.dataset.zone, hourCycle: "h23", ...options }).format(at);
  }

  function end(at) {
    return Object.assign(document.createElement("span"), { textContent: words(Number(at), { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" }) });
  }

  /* The hours that the slider covers. */
  function range(from, to) {
    const { slider } = strip().querySelector("[data-moment-slider]");
    slider.min = from;
    slider.max = to;
    slider.previousSibling.replaceWith(end(from));
    slider.nextSibling.replaceWith(end(to));
    slider.value = moment.at;
  }

  /* Show another moment, epoch ms; never one that has not been. */
  function go(at) {
    const holder = strip().querySelector("[data-moment-slider]");
    moment.at = Math.min(Math.max(1, Math.round(at)), Number(holder.dataset.momentNow));
    if (Number(holder.slider.value) !== moment.at) holder.slider.value = moment.at;
    show();
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  }

  function show() {
    const day = { year: "numeric", month: "2-digit", day: "2-digit" }, time = { hour: "2-digit", minute: "2-digit", second: "2-digit" };
    const text = new Intl.DateTimeFormat("sv-SE", { timeZone: strip().querySelector("[data-moment-text]").dataset.zone, ...day, ...time }).format(moment.at);
    strip().querySelector("[data-moment-text]").textContent = text + " " + words(moment.at, { weekday: "long" });
    document.dispatchEvent(new CustomEvent("citydeck:moment", { detail: { at: moment.at } }));
  }

  function ask() {
    const address = new URL(location.href);
    address.searchParams.set("at", moment.at);
    history.replaceState(history.state, "", address);
    window.dash_clientside.set_props("moment", { data: moment.at });
    fetchPicture();
  }

  async function fetchPicture() {
    if (!document.querySelector("[data-map]")) return;
    const mine = ++asked, picture = moment.pictures.get(moment.at) || (await pictureAt(moment.at));
    if (!picture) return;
    if (mine === asked) document.dispatchEvent(new CustomEvent("citydeck:snapshot", { detail: { pieces: pieces(picture), at: moment.at } }));
  }

  async function pictureAt(at) {
    const answer = await fetch("/api/v1/picture?at=" + at);
    return answer.ok ? answer.json() : null;
  }

  function pieces(picture) {
    const found = {};
    const put = (section, key, record, value) => {
      const name = `${record.region}|${record.department}|${section}`;
      (found[name] = found[name] || {})[key] = value;
    };
    for (const [key, device] of Object.entries(picture.devices)) put("status", key, device, device.online);
    for (const alarm of picture.alarms) put("alarms", alarm.alarm_id, alarm, alarm);
    for (const one of picture.incidents || []) put("incidents", one.incident_id, { region: one.region, department: one.lead }, one);
    for (const [key, vehicle] of Object.entries(picture.vehicles)) put("vehicles", key, vehicle, vehicle);
    for (const [code, counts] of Object.entries(picture.counts)) found[code + "||counts"] = counts;
    return found;
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
    if (step) go(moment.at + Number(step.dataset.momentStep));
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
