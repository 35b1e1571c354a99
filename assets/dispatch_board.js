/* The board of units: everything in scope by state, load and when it was last seen; a click draws its track; what helps; and several
   incidents at once: one after the other beside the least sum and the least worst. */
(function () {
  "use strict";
  const D = window.citydeckDispatch;
  if (!D) return;
  const { make, t } = D, PLANS = ["greedy", "least_total", "least_worst"], MOST = 40;
  let grid = null, store = null, resources = null, open = [], chosen = new Set(), plans = null, said = "", state = "", text = "", followed = null, listed = 0;

  const box = (name) => document.querySelector(`[data-board="${name}"]`);
  const word = (table, code) => (D.names[table] && D.names[table][code]) || code;
  const kind = (code) => (D.names.words["resource_" + code] ? t("resource_" + code) : code);
  const capability = (code) => (D.names.words["capability_" + code] ? t("capability_" + code) : code);
  const api = (name) => { try { return window.dash_ag_grid.getApi({ type: "grid", name }); } catch (error) { return null; } };

  /* ---- units ---- */

  function row(one) {
    const old = one.seen_at !== null && D.now() - one.seen_at > D.OLD_MS;
    return {
      key: one.unit_id, name: one.name, state: one.state, state_name: word("states", one.state), town: word("regions", one.region),
      can: one.capabilities.map(capability).join(" "), load: one.load, seen: one.seen_at === null ? t("at_home") : D.ago(one.seen_at) + (old ? " " + t("old") : ""),
      shift: t(one.on_shift ? "on_shift" : "off_shift"), old, busy: D.names.on_run.includes(one.state), out: one.state === "out_of_service" || !one.on_shift,
    };
  }

  function drawUnits() {
    const all = [...D.units.values()], fits = (one) => (!state || one.state === state) && (!text || [one.name, one.unit_id, word("regions", one.region), ...one.capabilities.map(capability)].join(" ").toLowerCase().includes(text));
    const counts = {};
    all.forEach((one) => { counts[one.state] = (counts[one.state] || 0) + 1; });
    const chips = [["", t("all"), all.length], ...Object.keys(D.names.states).filter((code) => counts[code]).map((code) => [code, word("states", code), counts[code]])];
    const focus = document.activeElement && document.activeElement.dataset.unitState;
    box("states").replaceChildren(...chips.map(([code, name, n]) => make("button", { className: "chip", textContent: `${name} ${n}`, data: { unitState: code }, attributes: { "aria-pressed": String(code === state) } })));
    if (focus !== undefined && focus !== null) { const back = box("states").querySelector(`[data-unit-state="${focus}"]`); if (back) back.focus(); }
    const rank = (one) => (D.names.on_run.includes(one.state) ? 0 : one.on_shift ? 1 : 2), shown = all.filter(fits).sort((a, b) => rank(a) - rank(b));
    box("total").textContent = t("total", { n: shown.length });
    grid.setGridOption("rowData", shown.map(row));
    if (shown.length) grid.hideOverlay(); else grid.showNoRowsOverlay();
  }

  async function track(id) {
    followed = id;
    const answer = await D.ask("GET", `/units/${encodeURIComponent(id)}/track`), unit = D.units.get(id) || { name: id };
    if (followed !== id) return;
    const points = answer.ok ? answer.document.items : [];
    D.map.track(points);
    if (!points.length && unit.lon) D.map.go([unit.lon, unit.lat], 12);
    const last = points[points.length - 1], old = last && D.now() - last.at > D.OLD_MS;
    const words = !answer.ok ? D.refusal(answer) : !last ? t("no_track", { unit: unit.name }) : t("track", { unit: unit.name, n: points.length, from: D.clock(points[0].at), until: D.clock(last.at) }) + (old ? " · " + t("old_track", { time: D.ago(last.at) }) : "");
    const run = unit.run && D.names.on_run.includes(unit.state) ? make("button", { className: "chip", textContent: t("to_incident"), data: { dispatchOpen: unit.run } }) : null;
    if (box("track")) box("track").replaceChildren(make("span", { className: old ? "is-old" : "", textContent: words }), ...(run ? [run] : []));
  }

  /* ---- what helps ---- */

  async function drawResources() {
    const answer = await D.ask("GET", "/resources");
    if (!answer.ok) return;
    resources = answer.document.items;
    store.setGridOption("rowData", resources.map((one) => ({
      key: one.resource_id, name: one.name, kind_name: kind(one.kind), town: word("regions", one.region), phone: one.phone, lon: one.lon, lat: one.lat,
      room: one.capacity === null ? "" : `${one.free === null ? "–" : one.free} / ${one.capacity}`, stock: Object.entries(one.stock).map(([goods, amount]) => `${goods} ${amount}`).join(" "),
    })));
    if (resources.length) store.hideOverlay();
  }

  /* ---- several incidents ---- */

  async function list() {
    const answer = await D.ask("GET", `/incidents?open=true&limit=${MOST}&sort=urgency`);
    if (!answer.ok) return;
    open = answer.document.items;
    chosen = new Set([...chosen].filter((id) => open.some((one) => one.incident_id === id)));
    drawSeveral();
  }

  const placed = (one) => one.lon !== null && one.lon !== undefined;

  function drawSeveral() {
    const focus = document.activeElement && document.activeElement.dataset.several;
    const lines = open.map((one) => make("label", { className: "several-line" + (placed(one) ? "" : " is-over") },
      make("input", { type: "checkbox", checked: chosen.has(one.incident_id), disabled: !placed(one), data: { several: one.incident_id } }),
      make("b", { textContent: D.titled(one) }), make("small", { textContent: [one.number, word("regions", one.region), placed(one) ? "" : t("no_place")].filter(Boolean).join(" · ") })));
    box("incidents").replaceChildren(...(lines.length ? lines : [make("p", { className: "order-others", textContent: t("no_open") })]));
    const back = focus && box("incidents").querySelector(`[data-several="${CSS.escape(focus)}"]`);
    if (back) back.focus();
    box("compare").disabled = chosen.size < 2;
    box("plans").replaceChildren(...(plans ? [plansTable()] : [make("p", { className: "order-others", textContent: said || t("several_hint") })]));
  }

  const title = (id) => D.titled(open.find((one) => one.incident_id === id) || { title: id.slice(0, 8) });
  const unitName = (id) => (id === null ? t("nobody") : (D.units.get(id) || { name: id }).name);

  function plansTable() {
    const ids = Object.keys(plans.greedy.sent), cell = (tag, text, data) => make(tag, { textContent: text, ...(data ? { className: data } : {}) });
    const best = { total_s: Math.min(...PLANS.map((name) => plans[name].total_s)), worst_s: Math.min(...PLANS.map((name) => plans[name].worst_s)) };
    const sums = ["total_s", "worst_s"].map((name) => make("tr", { className: "several-sum" }, cell("th", t(name)), ...PLANS.map((plan) => cell("td", D.span(plans[plan][name]), plans[plan][name] === best[name] ? "is-best" : ""))));
    const rows = ids.map((id) => make("tr", {}, make("th", {}, make("button", { className: "around-name", textContent: title(id), data: { dispatchOpen: id } })),
      ...PLANS.map((name) => make("td", { className: plans[name].sent[id] === plans.greedy.sent[id] ? "" : "is-other" }, plans[name].sent[id] === null ? t("nobody") :
        make("button", { className: "around-name", textContent: unitName(plans[name].sent[id]), title: t("take_over"), data: { take: plans[name].sent[id], for: id } })))));
    return make("table", { className: "several-table" }, make("thead", {}, make("tr", {}, cell("th", ""), ...PLANS.map((name) => cell("th", t("plan_" + name))))), make("tbody", {}, ...rows, ...sums));
  }

  async function compare() {
    const answer = await D.ask("POST", "/assignments", { incident_ids: [...chosen] });
    plans = answer.ok && Object.keys(answer.document.greedy.sent).length ? answer.document : null;
    said = answer.ok ? t("no_need") : D.refusal(answer);
    drawSeveral();
  }

  /* The dispatcher takes a pair over: the incident opens with that unit chosen, still to be sent. */
  function take(unit, incident) {
    window.citydeckDesk.view("incidents");
    window.citydeckDesk.open(incident);
    D.tab("order");
    D.panes.order.choose(unit);
  }

  /* ---- when ---- */

  function wire() {
    if (grid || !box("states") || !D.names || !window.dash_ag_grid || !document.querySelector(".board-units .ag-root-wrapper") || !document.querySelector(".board-resources .ag-root-wrapper")) return Boolean(grid);
    const units = api("units"), other = api("resources");
    if (!units || !other) return false;
    [grid, store] = [units, other];
    const hint = box("search").dataset.hint, field = make("input", { type: "search", placeholder: hint, autocomplete: "off", attributes: { "aria-label": hint } });
    field.addEventListener("input", () => { text = field.value.trim().toLowerCase(); drawUnits(); });
    box("search").replaceChildren(field);
    grid.addEventListener("rowClicked", ({ data }) => data && track(data.key));
    grid.addEventListener("cellKeyDown", ({ data, event }) => { if (event.key === "Enter" && data) track(data.key); });
    store.addEventListener("rowClicked", ({ data }) => data && D.map.go([data.lon, data.lat]));
    return true;
  }

  function tick() {
    if (D.view() !== "units" || !wire()) return;
    drawUnits();
    if (!resources) drawResources();
    if (Date.now() - listed > 15000) { listed = Date.now(); list(); }
  }

  document.addEventListener("click", (event) => {
    const at = (name) => event.target.closest(`[data-${name}]`);
    if (at("unit-state")) { state = at("unit-state").dataset.unitState; return drawUnits(); }
    if (at("take")) return take(at("take").dataset.take, at("take").dataset.for);
    if (event.target.closest("[data-board='compare']")) compare();
  });
  document.addEventListener("change", (event) => {
    const line = event.target.closest("[data-several]");
    if (!line) return;
    line.checked ? chosen.add(line.dataset.several) : chosen.delete(line.dataset.several);
    plans = null;
    said = "";
    drawSeveral();
  });

  D.board = { track };
  D.listeners.push(tick);
  const opened = () => { if (D.view() === "units" && !grid) tick(); };
  new MutationObserver(() => window.citydeckDesk.later(opened)).observe(document.documentElement, { attributes: true, attributeFilter: ["data-desk"] });
})();
