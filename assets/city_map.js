/* The city's map. It waits for an element with data-map, loads MapLibre GL from this host, draws the layers of data-layers and
   follows the live picture: feature state for devices and towns; only vehicles and alarms are handed over as data. */
(function () {
  "use strict";
  const TAKEN_AGE_MS = 60000;
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

  class CityMap {
    constructor(element, data) {
      const levels = new Set(data.regions.features.map((feature) => feature.properties.level));
      const level = levels.has("town") ? "town" : "district";
      this.element = element;
      element.cityMap = this;
      this.unit = parseFloat(getComputedStyle(element).fontSize);
      this.towns = data.regions.features.filter((feature) => feature.properties.level === level);
      this.codes = new Set(this.towns.map((feature) => feature.properties.code));
      this.points = new Map(data.devices.features.map((feature) => [feature.properties.id, feature.geometry.coordinates]));
      this.bounds = boundsOf(this.towns) || (data.city.bounds || null);
      this.waiting = new Map();
      this.map = new maplibregl.Map({
        container: element, style: window.citydeckStyle.style(data, level), bounds: this.bounds || undefined,
        fitBoundsOptions: { padding: this.unit * 1.6 }, attributionControl: false, dragRotate: false, pitchWithRotate: false,
        localIdeographFontFamily: "sans-serif", fadeDuration: 0, maxZoom: 18,
      });
      this.map.on("load", () => this.loaded());
    }

    loaded() {
      const english = this.element.dataset.lang === "en";
      window.citydeckStyle.addImages(this.map, this.unit);
      this.labels = new window.CitydeckLabels(this.map, this.towns, english);
      this.map.on("move", () => this.placeSoon());
      this.map.on("resize", () => this.refit());
      this.map.on("dragstart", () => (this.held = true));
      window.citydeckModel.dirty = { all: true };
      window.citydeckModel.onchange = () => this.drawSoon();
      const wait = this.element.querySelector(".map-wait");
      if (wait) wait.remove();
      this.element.dataset.ready = "yes";
      this.draw();
      this.picks = new window.CitydeckPicks(this);
    }

    refit() {
      if (this.bounds && !this.held) this.map.fitBounds(this.bounds, { padding: this.unit * 1.6, animate: false });
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
      if (dirty.all) this.map.removeFeatureState({ source: "devices" });
      if (dirty.all && window.citydeckMoment) this.leaveOut(model.status);
      const changed = (name) => (dirty.all ? model[name].keys() : dirty[name] || []);
      for (const id of changed("status")) this.map.setFeatureState({ source: "devices", id }, { online: model.status.get(id) === false ? 0 : 1 });
      for (const code of changed("counts")) this.shade(code, model.counts.get(code));
      if (dirty.all || dirty.vehicles) this.map.getSource("vehicles").setData(this.vehicles(model.vehicles));
      if (dirty.all || dirty.alarms) this.alarms(model.alarms);
      if (dirty.all || dirty.incidents) this.map.getSource("incidents").setData(this.incidents(model.incidents));
      if (dirty.all || dirty.alarms || dirty.counts) this.place();
    }

    /* Devices that the city did not have at that moment. */
    leaveOut(known) {
      for (const id of this.points.keys()) if (!known.has(id)) this.map.setFeatureState({ source: "devices", id }, { online: 2 });
    }

    shade(code, counts) {
      if (!this.codes.has(code)) return;
      const ranks = Object.entries(counts.alarms).map(([severity, n]) => (n ? window.citydeckStyle.RANK[severity] : 0));
      const worst = Math.max(0, ...ranks);
      this.map.setFeatureState({ source: "regions", id: code }, { worst });
      this.labels.rank(code, worst);
    }

    vehicles(held) {
      const now = window.citydeck && window.citydeck.now ? window.citydeck.now() : Date.now();
      const features = [...held].map(([id, one]) => ({
        type: "Feature", geometry: { type: "Point", coordinates: [one.lon, one.lat] },
        properties: { id, course: one.course || 0, opacity: now - one.at > TAKEN_AGE_MS ? 0.35 : 0.9 },
      }));
      return { type: "FeatureCollection", features };
    }

    /* Open incidents as rings; one that several departments have is there once. */
    incidents(held) {
      const hidden = document.querySelector("[data-exercises='off']");
      const placed = new Map([...held.values()].filter((one) => one.lon !== null && !(hidden && one.exercise)).map((one) => [one.incident_id, one]));
      const features = [...placed].map(([id, one]) => ({
        type: "Feature", geometry: { type: "Point", coordinates: [one.lon, one.lat] }, properties: { id, urgency: one.urgency, exercise: Boolean(one.exercise) },
      }));
      return { type: "FeatureCollection", features };
    }

    alarms(held) {
      const shown = [...held.values()].filter((alarm) => this.points.has(alarm.device_id));
      const features = shown.map((alarm) => this.alarm(alarm));
      this.marks = features.map((feature) => feature.geometry.coordinates);
      this.map.getSource("alarms").setData({ type: "FeatureCollection", features });
      this.pulse(shown.filter((alarm) => alarm.severity === "critical" && alarm.state === "active" && alarm.acknowledged_at === null && !alarm.silence_id));
    }

    alarm(alarm) {
      const taken = alarm.acknowledged_at !== null || alarm.state !== "active" || Boolean(alarm.silence_id);
      const rank = window.citydeckStyle.RANK[alarm.severity] * 2 - (taken ? 1 : 0);
      const image = alarm.severity + (taken ? "-taken" : "");
      const geometry = { type: "Point", coordinates: this.points.get(alarm.device_id) };
      return { type: "Feature", geometry, properties: { id: alarm.alarm_id, device_id: alarm.device_id, image, rank, size: rank >= 7 ? 1.15 : 0.8 } };
    }

    /* Only what nobody has taken moves. */
    pulse(alarms) {
      const wanted = new Set(alarms.map((alarm) => alarm.alarm_id));
      for (const [id, marker] of this.waiting) if (!wanted.has(id)) { marker.remove(); this.waiting.delete(id); }
      for (const alarm of alarms.slice(0, 20)) {
        if (this.waiting.has(alarm.alarm_id)) continue;
        const element = Object.assign(document.createElement("div"), { className: "map-waiting" });
        const marker = new maplibregl.Marker({ element }).setLngLat(this.points.get(alarm.device_id)).addTo(this.map);
        this.waiting.set(alarm.alarm_id, marker);
      }
    }

    place() {
      this.placing = null;
      const half = this.unit * 1.0;
      this.labels.place((this.marks || []).map((at) => { const p = this.map.project(at); return [p.x, p.y, half]; }));
    }
  }

  function look() {
    for (const element of document.querySelectorAll("[data-map]")) {
      if (started.has(element)) continue;
      started.add(element);
      start(element);
    }
  }

  new MutationObserver(look).observe(document, { childList: true, subtree: true });
  look();
})();
