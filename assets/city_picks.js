/* What is chosen on the map, in the lists or by itself: a device opens its callout, a town fills the map and the lists.
   `picked` in Dash's store is what the server renders; this keeps it, moves the map there and places the callout at its device. */
(function () {
  "use strict";
  const REACH = 0.9, DUST = 0.25, NEAR_ZOOM = 11.5, FLOOD = 5, REFRESH_MS = { desk: 10000 };
  const style = document.head.appendChild(document.createElement("style"));
  let picked = null, map = null, dismissed = null, refreshed = 0, timer = null, count = 0;

  const face = () => (document.querySelector("[data-face]") || { dataset: {} }).dataset.face;

  /* ---- choosing ---- */

  function pick(wanted, move) {
    const before = picked;
    picked = wanted;
    if (!wanted && before && before.auto) dismissed = before.id;
    tell();
    style.textContent = wanted && wanted.kind === "town" ? `[data-town]:not([data-town="${CSS.escape(wanted.id)}"], .line-critical.is-waiting) { opacity: 0.3; }` : "";
    if (map) map.picked(wanted, move);
    document.dispatchEvent(new CustomEvent("citydeck:picked", { detail: wanted }));
    if (!wanted) byItself();
  }

  function tell() {
    refreshed = Date.now();
    const data = picked ? { kind: picked.kind, id: picked.id, n: ++count } : null;
    if (window.dash_clientside && window.dash_clientside.set_props && document.getElementById("page")) window.dash_clientside.set_props("picked", { data });
  }

  /* The place of the newest critical alarm that nobody has taken opens by itself, where nobody has chosen anything. In a flood of them one
     place would only hide the others: the map then counts them by town. */
  function byItself() {
    if (!map || (picked && !picked.auto)) return;
    const waiting = [...window.citydeckModel.alarms.values()].filter((alarm) =>
      alarm.severity === "critical" && alarm.state === "active" && alarm.acknowledged_at === null && !alarm.silence_id && alarm.device_id !== dismissed && map.city.points.has(alarm.device_id));
    waiting.sort((a, b) => b.raised_at - a.raised_at || (a.alarm_id < b.alarm_id ? 1 : -1));
    const few = waiting.length > 0 && waiting.length <= FLOOD;
    if (!few && picked) return pick(null);
    if (few && (!picked || picked.id !== waiting[0].device_id)) pick({ kind: "device", id: waiting[0].device_id, auto: true });
  }

  /* What is open stays true: it is asked for again when something of it has changed. */
  function follow(event) {
    byItself();
    if (!picked || picked.kind !== "device" || timer) return;
    const touches = ([name, change]) => (name.endsWith("|values") && picked.id in change) ||
      (name.endsWith("|alarms") && Object.values(change).some((alarm) => alarm === null || alarm.device_id === picked.id));
    if (!Object.entries(event.detail.pieces).some(touches)) return;
    timer = setTimeout(() => { timer = null; if (picked) tell(); }, Math.max(0, refreshed + (REFRESH_MS[face()] || 2000) - Date.now()));
  }

  /* ---- lists: a click, Enter or Space on a line ---- */

  function chosenIn(target) {
    const line = target.closest("[data-device][data-alarm]");
    if (line) return { kind: "device", id: line.dataset.device };
    const town = target.closest("[data-region]");
    if (town) return { kind: "town", id: town.dataset.region };
    const row = target.closest(".ag-row[row-id]");
    if (!row) return null;
    const alarm = window.citydeckModel.alarms.get(row.getAttribute("row-id"));
    const id = alarm ? alarm.device_id : row.getAttribute("row-id");
    const known = map ? map.city.points.has(id) : alarm || row.closest(".desk-devices");
    return known ? { kind: "device", id, ...(alarm ? { alarm: alarm.alarm_id } : {}) } : null;
  }

  function act(event) {
    if (event.target.closest("[data-pick='none']")) return pick(null, true);
    const fold = event.target.closest("[data-map-fold]");
    if (fold) return fold.setAttribute("aria-expanded", String(fold.getAttribute("aria-expanded") !== "true"));
    const tool = event.target.closest("[data-map-tool]");
    if (tool && map) return map.tool(tool.dataset.mapTool);
    if (event.target.closest(".city-map, button, input, a")) return;
    const found = chosenIn(event.target);
    if (found) pick(picked && !picked.auto && picked.id === found.id && found.kind === "town" ? null : found, true);
  }

  document.addEventListener("click", act);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && picked && !event.target.closest("input")) return pick(null, true);
    if ((event.key === "Enter" || event.key === " ") && event.target.matches(".line[data-device], .town[data-region]")) {
      event.preventDefault();
      act(event);
    }
  });
  document.addEventListener("citydeck:delta", follow);
  document.addEventListener("citydeck:snapshot", follow);

  /* ---- the map ---- */

  class Picks {
    constructor(city) {
      this.city = city;
      this.gl = city.map;
      this.panel = city.element.closest("[data-panel]");
      this.box = this.panel.querySelector(".map-callout");
      this.leader = this.panel.querySelector(".callout-leader");
      this.gl.on("click", (event) => this.click(event));
      this.gl.on("move", () => this.lead());
      this.gl.on("moveend", () => this.place());
      this.gl.on("mousemove", (event) => { this.gl.getCanvas().style.cursor = this.deviceAt(event.point) ? "pointer" : ""; });
      this.gl.getCanvas().addEventListener("keydown", (event) => { if (event.key === "Enter") this.click({ point: this.middle(), reach: 4 }); });
      new MutationObserver(() => this.place()).observe(this.box, { childList: true, subtree: true });
      map = this;
      byItself();
      this.picked(picked, false);
    }

    middle() {
      const { clientWidth, clientHeight } = this.gl.getCanvas();
      return { x: clientWidth / 2, y: clientHeight / 2 };
    }

    /* Alarms take a click from some way off; far out, where devices are dust, only one that was hit: there a click means the town. */
    deviceAt(point, reach = REACH) {
      const near = this.gl.getZoom() >= NEAR_ZOOM - 0.5 || reach > REACH ? reach : DUST;
      const around = (r) => [[point.x - r, point.y - r], [point.x + r, point.y + r]], r = this.city.unit * reach;
      const under = (layer, r) => this.gl.queryRenderedFeatures(around(r), { layers: [layer] });
      const found = [...under("alarms", r), ...under("devices", this.city.unit * near), ...under("offline", this.city.unit * near)];
      const far = (feature) => {
        const at = this.gl.project(feature.geometry.coordinates);
        return Math.hypot(at.x - point.x, at.y - point.y) - (feature.layer.id === "alarms" ? r : 0);
      };
      const [nearest] = found.sort((a, b) => far(a) - far(b));
      return nearest && (nearest.properties.device_id || nearest.properties.id);
    }

    click({ point, reach }) {
      const device = this.deviceAt(point, reach);
      if (device) return pick({ kind: "device", id: device });
      const [region] = this.gl.queryRenderedFeatures([point.x, point.y], { layers: ["regions"] });
      const code = region && region.properties.code;
      if (code && !(picked && picked.id === code)) pick({ kind: "town", id: code }, true);
      else if (picked) pick(null, Boolean(picked.kind === "town"));
    }

    tool(name) {
      if (name === "home") return picked && picked.kind === "town" ? pick(null, true) : this.home();
      this.city.held = true;
      window.citydeckGo(this.gl, { zoom: this.gl.getZoom() + (name === "in" ? 1 : -1) });
    }

    home() {
      this.city.held = false;
      if (this.city.bounds) window.citydeckFit(this.gl, this.city.bounds, this.city.room());
    }

    picked(wanted, move) {
      const device = wanted && wanted.kind === "device" ? this.city.points.get(wanted.id) : null;
      this.at = device || null;
      const feature = device ? [{ type: "Feature", geometry: { type: "Point", coordinates: device }, properties: {} }] : [];
      this.gl.getSource("picked").setData({ type: "FeatureCollection", features: feature });
      const town = wanted && wanted.kind === "town" ? this.city.towns.find((one) => one.properties.code === wanted.id) : null;
      this.gl.setFilter("picked-town", ["==", ["get", "code"], town ? wanted.id : ""]);
      this.name(town);
      if (move && device) this.visit(device);
      else if (move && town) this.enter(town);
      else if (move && !wanted) this.home();
      this.place();
    }

    visit(at) {
      this.city.held = true;
      window.citydeckGo(this.gl, { center: at, zoom: Math.max(this.gl.getZoom(), NEAR_ZOOM) });
    }

    enter(town) {
      this.city.held = true;
      window.citydeckFit(this.gl, window.citydeckBounds([town]), this.city.unit * 3);
    }

    name(town) {
      const chip = this.panel.querySelector(".map-town");
      chip.hidden = !town;
      if (town) chip.textContent = ((this.city.element.dataset.lang === "en" && town.properties.name_en) || town.properties.name) + " ×";
    }

    /* What should stay in sight, as [box, how much that matters]: alarms and its own place most, then the legend, names of towns. */
    inSight(point) {
      const unit = this.city.unit, around = (at, r) => [at.x - r, at.y - r, at.x + r, at.y + r], origin = this.panel.getBoundingClientRect();
      const part = (name) => { const box = this.panel.querySelector(name).getBoundingClientRect(); return [box.left - origin.left, box.top - origin.top, box.right - origin.left, box.bottom - origin.top]; };
      const legend = document.querySelector(".map-shade"), box = legend && legend.childElementCount ? legend.getBoundingClientRect() : null;
      const shade = box ? [[[box.left - origin.left, box.top - origin.top, box.right - origin.left, box.bottom - origin.top], 8]] : [];
      const alarms = (this.city.marks || []).map((at) => [around(this.gl.project(at), unit * 1.2), 60]);
      const names = this.city.labels ? this.city.labels.boxes().map(([box, counted]) => [box, counted ? 30 : 2]) : [];
      return [[around(point, unit * 2), 40], ...alarms, ...names, [part(".map-legend"), 25], [part(".map-tools"), 6], ...shade];
    }

    freest(point, w, h) {
      const { clientWidth: width, clientHeight: height } = this.panel, edge = this.city.unit * 0.8, gap = this.city.unit * 2.5;
      const right = width - w - edge, low = height - h - edge, keep = this.inSight(point);
      const clamp = (value, most) => Math.max(edge, Math.min(value, most));
      const xs = [edge, right, (edge + right) / 2, clamp(point.x + gap, right), clamp(point.x - gap - w, right)];
      const ys = [edge, low, (edge + low) / 2, clamp(point.y - h / 2, low), clamp(point.y + gap, low), clamp(point.y - gap - h, low)];
      let best = null;
      for (const x of xs) for (const y of ys) {
        const far = Math.hypot(x + w / 2 - point.x, y + h / 2 - point.y) * this.city.unit * 2;
        const cost = keep.reduce((sum, [box, weight]) => sum + weight * shared(x, y, w, h, box), far);
        if (!best || cost < best.cost) best = { x, y, cost };
      }
      return [best.x, best.y];
    }

    /* The callout stands where it hides least, and a line leads from it to its device. */
    place() {
      const shown = this.at && this.box.childElementCount > 0;
      this.box.hidden = this.leader.hidden = !shown;
      if (!shown) return;
      const { offsetWidth: w, offsetHeight: h } = this.box;
      const [x, y] = this.spot = this.freest(this.gl.project(this.at), w, h);
      this.box.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
      this.lead();
    }

    lead() {
      if (this.leader.hidden || !this.spot) return;
      const { offsetWidth: w, offsetHeight: h } = this.box, [x, y] = this.spot, point = this.gl.project(this.at);
      const to = { x: Math.max(x, Math.min(point.x, x + w)), y: Math.max(y, Math.min(point.y, y + h)) };
      this.leader.style.width = Math.hypot(to.x - point.x, to.y - point.y) + "px";
      this.leader.style.transform = `translate(${point.x}px, ${point.y}px) rotate(${Math.atan2(to.y - point.y, to.x - point.x)}rad)`;
    }
  }

  /* Boxes over one another share this area. */
  function shared(x, y, w, h, box) {
    return Math.max(0, Math.min(x + w, box[2]) - Math.max(x, box[0])) * Math.max(0, Math.min(y + h, box[3]) - Math.max(y, box[1]));
  }

  window.citydeckPick = pick;
  window.CitydeckPicks = Picks;
})();
