/* The city's map. It waits for an element with data-map, loads MapLibre GL from this host, draws the layers of data-layers and
   follows the live picture: feature state for devices and towns; only vehicles and alarms are handed over as data. */
(function () {
  "use strict";
  const OTHER = 0.15; // from which share of its letters on another size is another screen
  const MANY = 3, NEAR = 0.8; // a town's alarms stand one by one up to MANY, and from NEAR zoom steps above the whole city on
  const BESIDE = 11, BROAD = 27; // letters that a legend needs beside the city, broken into short lines and unbroken
  const started = new WeakSet();
  let library = null;

  function load() {
    library = library || new Promise((done, failed) => {
      const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: "/vendor/maplibre-gl.css" });
      const script = Object.assign(document.createElement("script"), { src: "/vendor/maplibre-gl.js", onload: done, onerror: failed });
      document.head.append(sheet, script);
    });
    return library;
  }

  async function start(element) {
    try {
      const [answer] = await Promise.all([fetch(element.dataset.layers), load()]);
      if (!answer.ok) throw new Error("layers: " + answer.status);
      new CityMap(element, await answer.json());
    } catch (error) {
      console.error("map", error);
      const wait = element.querySelector(".state");
      if (wait) Object.assign(wait, { textContent: element.dataset.textUnavailable, className: "state state-unavailable" });
    }
  }

  function boundsOf(features) {
    const bounds = [Infinity, Infinity, -Infinity, -Infinity];
    const walk = (part) => {
      if (typeof part[0] !== "number") return part.forEach(walk);
      bounds[0] = Math.min(bounds[0], part[0]);
      bounds[1] = Math.min(bounds[1], part[1]);
      bounds[2] = Math.max(bounds[2], part[0]);
      bounds[3] = Math.max(bounds[3], part[1]);
    };
    features.forEach((feature) => walk(feature.geometry.coordinates));
    return bounds[0] === Infinity ? null : bounds;
  }

  window.citydeckBounds = boundsOf;

  const taken = (alarm) => alarm.acknowledged_at !== null || alarm.state !== "active" || Boolean(alarm.silence_id);

  class CityMap {
    constructor(element, data) {
      const levels = new Set(data.regions.features.map((feature) => feature.properties.level));
      const level = levels.has("town") ? "town" : "district";
      this.element = element;
      element.cityMap = this;
      this.unit = parseFloat(getComputedStyle(element).fontSize);
      this.towns = data.regions.features.filter((feature) => feature.properties.level === level);
      this.codes = new Set(this.towns.map((feature) => feature.properties.code));
      this.features = data.devices.features;
      this.points = new Map(data.devices.features.map((feature) => [feature.properties.id, feature.geometry.coordinates]));
      this.bounds = boundsOf(this.towns) || (data.city.bounds || null);
      this.legend = element.parentElement.querySelector(".map-legend");
      this.wall = Boolean(element.closest(".face-big"));
      this.waiting = new Map();
      this.map = new maplibregl.Map({
        container: element, style: window.citydeckStyle.style(data, level), bounds: this.bounds || undefined,
        fitBoundsOptions: { padding: this.room() }, attributionControl: false, dragRotate: false, pitchWithRotate: false,
        localIdeographFontFamily: "sans-serif", fadeDuration: 0, maxZoom: 18, trackResize: false,
      });
      /* The page is shown in its new shape first: drawing the map anew for it takes long where no graphics card does it. */
      window.citydeckCalm(this.map);
      new ResizeObserver(() => this.map.calm.rest(() => { this.map.resize(); this.map.redraw(); })).observe(element);
      if (this.legend) new ResizeObserver(() => this.refit()).observe(this.legend);
      this.map.on("load", () => this.loaded());
    }

    loaded() {
      const english = this.element.dataset.lang === "en";
      window.citydeckStyle.addImages(this.map, this.unit);
      this.fleet = new window.CitydeckFleet(this.map);
      this.devices = new window.CitydeckDevices(this.map, this.features);
      this.labels = new window.CitydeckLabels(this.map, this.towns, english);
      this.map.on("move", () => this.placeSoon());
      this.map.on("moveend", () => this.place(false));
      this.map.on("zoomend", () => this.far() !== this.grouped && this.alarms(window.citydeckModel.alarms));
      this.map.on("resize", () => { this.labels.measure(); this.refit(); this.moved(); });
      document.addEventListener("citydeck:link", () => this.moved());
      /* A first notch of the wheel is not told with the zoom that it starts. */
      for (const move of ["dragstart", "zoomstart", "wheel"]) this.map.on(move, ({ originalEvent }) => { if (originalEvent) this.held = true; });
      window.citydeckModel.dirty = { all: true };
      window.citydeckModel.onchange = () => this.drawSoon();
      const wait = this.element.querySelector(".map-wait");
      if (wait) wait.remove();
      this.element.dataset.ready = "yes";
      this.draw();
      this.picks = new window.CitydeckPicks(this);
    }

    /* A wall that has come to a screen of another size begins anew, if anybody answers: all that is drawn here is as large as its letters. */
    moved() {
      const letters = parseFloat(getComputedStyle(this.element).fontSize);
      if (!this.element.closest(".face-big") || Math.abs(letters / this.unit - 1) < OTHER || !document.querySelector("[data-link=live]")) return;
      if (window.citydeckReload) window.citydeckReload();
      else location.reload();
    }

    refit() {
      if (this.bounds && !this.held) this.map.fitBounds(this.bounds, { padding: this.room(), animate: false });
    }

    /* The room around the whole city: below the scene's legend, and beside the other one where the panel is wider than the city, above it
       where it is higher; beside the city that one is broken into short lines where it has no room unbroken. Where it would lie over the
       city, somebody who has a hand to open it gets it folded. */
    room() {
      const edge = this.unit * 1.6, { clientWidth, clientHeight } = this.element, [west, south, east, north] = this.bounds || [0, 0, 1, 1];
      const high = (found) => (found ? found.offsetHeight : 0), { legend } = this;
      const top = Math.max(edge, high(document.querySelector(".face-big .map-shade:not(:empty)")) + this.unit * 1.2);
      const shape = ((east - west) * Math.cos(((south + north) * Math.PI) / 360)) / (north - south), broad = clientWidth - 2 * edge, tall = clientHeight - edge - top;
      const aside = Math.max(0, broad - tall * shape), below = Math.max(0, tall - broad / shape), give = (spare, wanted) => Math.min(spare, Math.max(0, 2 * wanted - spare));
      if (legend) legend.classList.toggle("is-narrow", aside >= this.unit * BESIDE && aside < this.unit * BROAD);
      if (legend && !this.wall) { legend.classList.remove("is-folded"); legend.classList.toggle("is-folded", aside < this.unit * BESIDE && below < high(legend)); }
      if (legend && legend.classList.contains("is-folded")) return { top, right: edge, left: edge, bottom: edge };
      return { top, right: edge, left: edge + give(aside, legend ? legend.offsetWidth : 0), bottom: edge + give(below, high(legend)) };
    }

    drawSoon() {
      if (!this.drawing) this.drawing = requestAnimationFrame(() => this.draw());
    }

    placeSoon() {
      if (!this.placing) this.placing = requestAnimationFrame(() => this.place());
    }

    /* Bring what has changed since the last frame. */
    draw() {
      const model = window.citydeckModel, dirty = model.dirty;
      this.drawing = null;
      model.dirty = {};
      const changed = (name) => (dirty.all ? model[name].keys() : dirty[name] || []);
      if (dirty.all) this.devices.start(model.status, Boolean(window.citydeckMoment));
      else this.devices.take(model.status, changed("status"));
      for (const code of changed("counts")) this.shade(code, model.counts.get(code));
      if (dirty.all || dirty.vehicles) this.fleet.take(model.vehicles);
      if (dirty.all || dirty.alarms) this.alarms(model.alarms);
      if (dirty.all || dirty.incidents) window.citydeckSource(this.map, "incidents", this.incidents(model.incidents));
      if (dirty.all || dirty.alarms || dirty.counts || dirty.incidents) this.place();
    }

    shade(code, counts) {
      if (!this.codes.has(code)) return;
      const ranks = Object.entries(counts.alarms).map(([severity, n]) => (n ? window.citydeckStyle.RANK[severity] : 0));
      const worst = Math.max(0, ...ranks);
      this.map.setFeatureState({ source: "regions", id: code }, { worst });
      this.labels.rank(code, worst);
    }

    /* Open incidents as rings; one that several departments have is there once. */
    incidents(held) {
      const hidden = document.querySelector("[data-exercises='off']");
      const placed = new Map([...held.values()].filter((one) => one.lon !== null && !(hidden && one.exercise)).map((one) => [one.incident_id, one]));
      const features = [...placed].map(([id, one]) => ({
        type: "Feature", geometry: { type: "Point", coordinates: [one.lon, one.lat] }, properties: { id, urgency: one.urgency, exercise: Boolean(one.exercise) },
      }));
      this.rings = features.map((feature) => feature.geometry.coordinates);
      return { type: "FeatureCollection", features };
    }

    alarms(held) {
      const placed = [...held.values()].filter((alarm) => this.points.has(alarm.device_id)), crowds = this.crowds(placed);
      const shown = placed.filter((alarm) => !crowds.has(alarm.region));
      const features = shown.map((alarm) => this.alarm(alarm));
      this.marks = features.map((feature) => feature.geometry.coordinates);
      window.citydeckSource(this.map, "alarms", { type: "FeatureCollection", features });
      this.pulse(shown.filter((alarm) => alarm.severity === "critical" && alarm.state === "active" && alarm.acknowledged_at === null && !alarm.silence_id));
    }

    /* Seen as a whole, a city has one mark for each town with more than MANY alarms: the worst that nobody has taken, else the worst. */
    crowds(alarms) {
      const found = new Map(), { RANK } = window.citydeckStyle, urgency = (one) => RANK[one.severity] + (taken(one) ? 0 : 10);
      this.grouped = this.far();
      for (const alarm of this.grouped ? alarms : []) if (this.codes.has(alarm.region)) found.set(alarm.region, [...(found.get(alarm.region) || []), alarm]);
      for (const [code, held] of found) {
        const worst = held.reduce((a, b) => (urgency(b) > urgency(a) ? b : a));
        if (held.length <= MANY) found.delete(code);
        else found.set(code, { severity: worst.severity, taken: taken(worst), n: held.filter((one) => urgency(one) === urgency(worst)).length });
      }
      for (const [code, weight] of window.citydeckStyle.weights(found, this.codes)) this.map.setFeatureState({ source: "regions", id: code }, { weight });
      this.labels.crowd(found);
      const counted = this.element.parentElement.querySelector(".map-crowded");
      if (counted) counted.hidden = !found.size;
      return found;
    }

    far() {
      const whole = this.bounds && this.map.cameraForBounds(this.bounds, { padding: this.room() });
      return Boolean(whole) && this.map.getZoom() < whole.zoom + NEAR;
    }

    alarm(alarm) {
      const rank = window.citydeckStyle.RANK[alarm.severity] * 2 - (taken(alarm) ? 1 : 0);
      const image = alarm.severity + (taken(alarm) ? "-taken" : "");
      const geometry = { type: "Point", coordinates: this.points.get(alarm.device_id) };
      return { type: "Feature", geometry, properties: { id: alarm.alarm_id, device_id: alarm.device_id, image, rank, size: rank >= 7 ? 1.15 : 0.8 } };
    }

    /* Only what nobody has taken moves. */
    pulse(alarms) {
      const wanted = new Set(alarms.map((alarm) => alarm.alarm_id));
      for (const [id, marker] of this.waiting) if (!wanted.has(id)) { marker.remove(); this.waiting.delete(id); }
      for (const alarm of alarms.slice(0, 20)) {
        if (this.waiting.has(alarm.alarm_id)) continue;
        const element = Object.assign(document.createElement("div"), { className: "map-waiting", role: "img" });
        const marker = new maplibregl.Marker({ element }).setLngLat(this.points.get(alarm.device_id)).addTo(this.map);
        this.waiting.set(alarm.alarm_id, marker);
      }
    }

    place(flying = this.map.isMoving()) {
      cancelAnimationFrame(this.placing);
      this.placing = null;
      const around = (half) => (at) => { const { x, y } = this.map.project(at); return [x - half, y - half, x + half, y + half]; };
      this.labels.place(flying ? [] : [...(this.marks || []).map(around(this.unit)), ...(this.rings || []).map(around(this.unit * 0.55))], flying);
    }
  }

  function look() {
    for (const element of document.querySelectorAll("[data-map]")) {
      if (started.has(element) || !element.getClientRects().length) continue; // one that nobody sees costs nothing
      started.add(element);
      start(element);
    }
  }

  window.addEventListener("resize", look);
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
  look();
})();
