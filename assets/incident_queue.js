/* The queue: an infinite grid whose rows the server searches and sorts, a rail of tabs, filters that stay, and live changes that
   never move what the hand is on: rows change in place, new ones are announced and put in when nobody is at work. */
(function () {
  "use strict";
  const desk = window.citydeckDesk;
  if (!desk) return;
  const FILTER = "citydeck:queue", SAVED = "citydeck:queues", IDLE_MS = 8000, WIDE_PX = 1500, h = (...parts) => window.React.createElement(...parts);
  const english = () => document.documentElement.lang === "en";
  let api = null, filter = read(FILTER, { tab: "mine" }), waiting = [], asked = 0, total = null, news = new Set(), selected = null, timer = null;

  function read(key, fallback) {
    try { return JSON.parse(localStorage.getItem(key)) || fallback; } catch (error) { return fallback; }
  }

  desk.filter = () => filter;
  const root = () => document.querySelector(".desk-queue");
  const find = (name) => root() && root().querySelector(`[data-queue="${name}"]`);

  /* ---- cells ---- */

  const cells = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  const two = (first, second, name) => h("div", { className: "cell-two " + (name || "") }, h("div", null, first), h("div", null, second));

  cells.IncidentState = ({ data }) => data ? two(h("span", null, h("i", { className: "cell-mark is-" + data.urgency }, data.mark), data.owed), data.number_kind + " " + data.number, "cell-state") : null;
  cells.IncidentTitle = ({ data }) => data ? two(h("span", null, data.flags.map((flag) => h("b", { className: "cell-flag", key: flag }, flag)), data.title), data.about, data.exercise ? "cell-title is-exercise" : "cell-title") : null;
  cells.IncidentReported = ({ data }) => (data ? two(...data.reported.split(" ").reverse()) : null); // the day, where there is one, below the time
  cells.IncidentLeft = ({ data }) => {
    if (!data || (data.due_at === null && !data.paused)) return null;
    if (data.paused) return two("‖", data.clock, "is-paused");
    const left = data.due_at - now(), tone = left < 0 ? "is-overdue" : data.near_at !== null && data.near_at <= now() ? "is-near" : "";
    return two(span(left), data.clock, "cell-left " + tone);
  };

  /* An alarm's incident, or the click that makes it one. */
  cells.AlarmIncident = ({ data }) => {
    if (data && data.link) return h("a", { className: "cell-raise", href: data.link }, data.link_text);
    if (!data || !(data.incident_id || data.raise)) return null;
    const does = data.incident_id ? { "data-open-incident": data.incident_id } : { "data-raise-alarm": data.key };
    return h("button", { className: "cell-raise", ...does }, data.incident || data.raise);
  };

  function now() { return window.citydeck && window.citydeck.now ? window.citydeck.now() : Date.now(); }

  /* A deadline's hours count: 47 h, and 2 d 3 h from two days on. */
  function span(ms) {
    const hours = Math.floor(Math.abs(ms) / 3600000), long = hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
    return (ms < 0 ? "−" : "") + (hours < 24 ? window.citydeckAge(Math.abs(ms)) : long);
  }

  /* ---- rows ---- */

  const source = {
    getRows(params) {
      waiting.forEach((one) => one.params.failCallback());
      waiting = [{ n: ++asked, params }];
      desk.tell("request", { ask: asked, start: params.startRow, end: params.endRow, sort: params.sortModel, filter });
      clearTimeout(timer);
      timer = setTimeout(retry, 15000, asked);
    },
  };

  /* The server did not answer: ask again, so that the queue fills by itself when it is back. */
  function retry(n) {
    const one = waiting.find((held) => held.n === n);
    if (!one) return;
    waiting = [];
    source.getRows(one.params);
  }

  desk.heard.rows = (answer) => {
    const one = waiting.find((held) => held.n === answer.ask);
    if (!one) return;
    waiting = waiting.filter((held) => held !== one);
    total = answer.total;
    one.params.successCallback(answer.rows, answer.total);
    find("foot").textContent = find("foot").dataset.text.replace("{n}", total.toLocaleString());
    if (answer.total === 0) api.showNoRowsOverlay();
    else api.hideOverlay();
    if (selected === null && answer.rows.length) select(0, true);
    else mark();
  };

  desk.heard.fresh = (fresh) => {
    if (!api) return;
    for (const row of fresh.rows) {
      const node = api.getRowNode(row.key);
      if (node && node.data) node.setData(row);
      else if (fresh.fits.includes(row.key) && (row.version === 1 || loaded() >= total)) news.add(row.key);
    }
    for (const key of fresh.ended) {
      const node = api.getRowNode(key);
      news.delete(key);
      if (node && node.data) node.setData({ ...node.data, gone: true });
    }
    mark();
    announce();
  };

  function loaded() {
    let n = 0;
    api.forEachNode((node) => { if (node.data) n++; });
    return n;
  }

  function announce() {
    const button = find("news");
    if (!button) return;
    button.hidden = news.size === 0;
    button.textContent = button.dataset.text.replace("{n}", news.size);
  }

  function renew(toTop) {
    if (!api) return;
    news.clear();
    announce();
    if (toTop) {
      selected = null;
      api.purgeInfiniteCache();
      if (total) api.ensureIndexVisible(0, "top");
    } else api.refreshInfiniteCache();
  }

  /* New ones go in by themselves only at the top of the list and while nobody is at work. */
  function idle() {
    if (!api) return;
    api.refreshCells({ columns: ["due_at"], force: true });
    const top = root() && (root().querySelector(".ag-body-viewport") || {}).scrollTop === 0;
    const typing = document.querySelector(".deed-form") || document.activeElement.closest("input, textarea, select");
    if (news.size && top && !typing && Date.now() - desk.busyAt > IDLE_MS) renew(false);
  }

  /* ---- selection ---- */

  function select(index, quiet) {
    const node = index >= 0 && api.getDisplayedRowAtIndex(index);
    if (!node || !node.data) return;
    node.setSelected(true, true);
    selected = node.data.key;
    if (!quiet) api.ensureIndexVisible(index);
  }

  function mark() {
    const node = selected && api.getRowNode(selected);
    if (node && !node.isSelected()) node.setSelected(true, true);
  }

  desk.move = (by) => {
    if (!api) return;
    const node = selected && api.getRowNode(selected);
    select(node ? node.rowIndex + by : 0);
  };
  desk.openSelected = () => { if (selected) desk.open(selected); };
  desk.search = () => { const field = root() && root().querySelector("input[type=search]"); if (field) { field.focus(); field.select(); } };

  /* ---- tabs and filters ---- */

  function apply(changes) {
    filter = Object.fromEntries(Object.entries({ ...filter, ...changes }).filter(([, value]) => value));
    localStorage.setItem(FILTER, JSON.stringify(filter));
    show();
    desk.later(() => renew(true));
    desk.later(desk.pulse);
  }

  desk.nextTab = (by) => {
    const tabs = [...root().querySelectorAll("[data-queue-tab]")], here = tabs.findIndex((tab) => tab.dataset.queueTab === filter.tab);
    apply({ tab: tabs[(here + by + tabs.length) % tabs.length].dataset.queueTab });
  };

  function show() {
    if (!root()) return;
    root().querySelectorAll("[data-queue-tab]").forEach((tab) => {
      if (tab.dataset.queueTab === (filter.tab || "mine")) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    });
    const chosen = Object.keys(filter).filter((name) => name !== "tab" && name !== "text").length;
    find("filters").classList.toggle("is-on", chosen > 0);
    root().querySelectorAll("[data-form='queue']").forEach((slot) => {
      const control = slot.querySelector("input, select");
      if (control && document.activeElement !== control) control.value = filter[slot.dataset.field] || "";
    });
    saved();
  }

  function saved() {
    const box = find("saved"), held = read(SAVED, {});
    if (box.dataset.held === JSON.stringify(held)) return;
    box.dataset.held = JSON.stringify(held);
    box.replaceChildren(...Object.keys(held).flatMap((name) => {
      const use = Object.assign(document.createElement("button"), { className: "chip", textContent: name });
      const drop = Object.assign(document.createElement("button"), { className: "chip is-drop", textContent: "×", title: "× " + name });
      use.addEventListener("click", () => { filter = {}; apply(held[name]); });
      drop.addEventListener("click", () => { delete held[name]; localStorage.setItem(SAVED, JSON.stringify(held)); saved(); });
      return [use, drop];
    }));
  }

  function keep() {
    const name = prompt(desk.text("named"), filter.text || "");
    if (!name) return;
    localStorage.setItem(SAVED, JSON.stringify({ ...read(SAVED, {}), [name.slice(0, 20)]: filter }));
    saved();
  }

  function unfold(button) {
    const box = root().querySelector(".queue-filters");
    box.hidden = !box.hidden;
    button.setAttribute("aria-expanded", String(!box.hidden));
  }

  const ACTS = {
    news: () => renew(true), filters: unfold, save: keep,
    clear: () => { filter = { tab: filter.tab }; apply({}); },
  };

  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-queue-tab]"), button = event.target.closest("[data-queue]");
    if (tab) return apply({ tab: tab.dataset.queueTab });
    if (button && ACTS[button.dataset.queue]) ACTS[button.dataset.queue](button);
  });

  let typed = null;
  function changed(event) {
    const slot = event.target.closest("[data-form='queue']");
    if (!slot) return;
    clearTimeout(typed);
    typed = setTimeout(() => apply({ [slot.dataset.field]: event.target.value.trim() }), event.type === "input" && event.target.type === "search" ? 250 : 0);
  }
  document.addEventListener("input", changed);

  /* Lines and columns as high and wide as the text of this screen needs: a large one has larger letters. */
  const LINE_EM = 3.54, WIDTHS_EM = { urgency: english() ? 10.8 : 8, due_at: 6.8, reported_at: english() ? 6.4 : 4.8 };
  let screen = "", fitted = null;
  function fitRows() {
    const em = parseFloat(getComputedStyle(root().querySelector(".ag-root-wrapper")).fontSize), now = `${em} ${innerWidth}`;
    if (now === screen) return;
    screen = now;
    fitted = null;
    api.setGridOption("rowHeight", Math.round(LINE_EM * em));
    api.setColumnWidths(Object.entries(WIDTHS_EM).map(([key, wide]) => ({ key, newWidth: Math.round(wide * em) })));
    api.setColumnsVisible(["reported_at"], innerWidth > WIDE_PX);
  }
  let resized = null;
  function fitAgain() {
    clearTimeout(resized);
    resized = setTimeout(() => { if (api && root()) fitRows(); fitAlarms(); }, 200);
  }

  /* How many lines and columns the list of alarms has here (incident_alarm_cells.js). */
  function fitAlarms() {
    const view = document.documentElement.dataset.desk, alarms = window.dash_ag_grid && document.querySelector(".desk-alarms .ag-root-wrapper");
    if (!alarms || fitted === view) return;
    let grid = null;
    try { grid = window.dash_ag_grid.getApi({ type: "grid", name: "alarms" }); } catch (error) { return; }
    if (!grid) return;
    fitted = view;
    window.citydeckAlarmList.fit(grid, alarms);
  }

  /* The grid's wrapper sets a source of its own once it is ready; ours takes its place. */
  function start() {
    if (api && api.getGridOption("datasource") !== source) return api.setGridOption("datasource", source);
    if (api || !root() || !root().querySelector(".ag-root-wrapper") || !window.dash_ag_grid) return;
    try { api = window.dash_ag_grid.getApi({ type: "grid", name: "incidents" }); } catch (error) { return; }
    if (!api) return;
    api.setGridOption("datasource", source);
    api.addEventListener("rowClicked", ({ data }) => { if (data) { selected = data.key; desk.open(data.key); } });
    fitRows();
    addEventListener("resize", fitAgain);
    show();
    setInterval(idle, 5000);
  }

  new MutationObserver(() => { start(); fitAlarms(); if (root()) show(); }).observe(document, { childList: true, subtree: true });
})();
