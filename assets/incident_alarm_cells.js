/* What an alarm says in the desk's list: rule, value now against its limit, drawn as everywhere (value.js) with the way to where it comes
   from. Where the list is narrow, as beside the queue, a line has two: place and time above, what and who has it below. */
(function () {
  "use strict";
  if (!/\/desk\/?$/.test(location.pathname)) return;
  const cells = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {}), EVERY_MS = 2000, ONE_LINE = 34, TWO_LINES = 3.7, THREE_LINES = 5.1, SMALL_PX = 1320, SMALL_SEVERITY = 126, ONE_LINE_PX = 1000, NUMBER_PX = 1250;
  const english = document.documentElement.lang === "en"; // theme.js
  const FLEX = [["severity", 110, english ? 108 : 80], ["what", 300, english ? 284 : 292], ["incident", 104, english ? 82 : 86], ["group", 52, 36]]; // column, in one line, in two
  let fitted = false, narrow = true;
  const h = (...parts) => window.React.createElement(...parts), shown = new WeakMap();
  const beside = () => ["incidents", "lists"].includes(document.documentElement.dataset.desk), short = (time) => time.replace(/^(\d\d:\d\d):\d\d$/, "$1");

  function some(grid) {
    let found = false;
    grid.forEachNode(({ data }) => (found = found || Boolean(data && data.group)));
    return found;
  }

  /* What is measured now, or at the raise where nothing newer is known, and in a picture of the past; and where it comes from. */
  function reading({ device_id: id, device, feed, metric, raw, raised_at: raised, every, owner }, names) {
    return window.citydeckValue.measured(names.value, names.metrics, names.stale_after, { feed, device, id, metric, owner, raised: [raised, raw], every, zone: names.zone });
  }

  /* Anew when what it says is another, or was measured again; never under the hand that is on it. What was measured at the raise where
     the page carries no names: in a picture of the past, and for who may not send anybody. */
  function fill(box) {
    const data = shown.get(box), names = window.citydeckDispatch && window.citydeckDispatch.names;
    if (!data || box.contains(document.activeElement)) return;
    if (!names) return void (box.textContent = data.written);
    const { value, why } = reading(data, names), said = [value.text, value.unit, value.state, value.at].join("|");
    if (box.dataset.said === said) return;
    box.dataset.said = said;
    box.replaceChildren(window.citydeckValue.now(names.value, value), ...why);
  }

  const value = (data) => h("span", { key: "value", className: "cell-value", ref: (box) => { if (box) { shown.set(box, data); fill(box); } } });

  /* In two English lines the limit leaves out the unit that stands beside the value already. */
  function limited({ limit, unit, raw }) { return narrow && english && unit && raw !== null && raw !== undefined && limit.endsWith(` ${unit}`) ? limit.slice(0, -unit.length - 1) : limit; }

  function what(data) {
    if (!data.rule) return [data.what];
    const measured = data.raw === null || data.raw === undefined ? [] : [" ", value(data)], limit = h("span", { key: "limit", className: "cell-limit" }, limited(data));
    return [data.rule, ...measured, " ", limit, ...data.tags.map((tag) => h("b", { key: tag, className: "cell-flag" }, tag))];
  }

  cells.AlarmWhat = ({ data }) => {
    if (!data || !narrow) return data ? h("span", { className: "cell-what" }, ...what(data)) : null;
    const place = [h("span", { key: "place" }, `${data.town} ${data.device}`), h("small", { key: "since" }, short(data.raised))];
    return h("div", { className: "cell-two cell-alarm" }, h("div", null, ...place), h("div", { className: "cell-what" }, h("span", null, ...what(data))));
  };
  cells.AlarmSeverity = ({ data }) => (data && narrow ? h("div", { className: "cell-two cell-alarm" }, h("div", null, data.severity), h("div", { className: "cell-who" }, data.calling ? data.brief : data.by || data.brief)) : data && data.severity);

  /* Which columns the list has room for, and how high its lines are. `grid` is the grid's API. */
  function fit(grid, box) {
    const slim = beside() || box.clientWidth < ONE_LINE_PX, small = slim && beside() && english && innerWidth <= SMALL_PX, groups = () => grid.setColumnsVisible(["group"], some(grid));
    narrow = slim;
    box.closest(".desk-alarms").dataset.lines = slim ? "two" : "one";
    grid.setColumnsVisible(["town", "device", "raised", "state", "by"], !slim);
    grid.setColumnsVisible(["number"], box.clientWidth >= NUMBER_PX);
    grid.applyColumnState({ state: FLEX.map(([colId, one, two]) => ({ colId, flex: small && colId === "severity" ? SMALL_SEVERITY : slim ? two : one })) });
    grid.setGridOption("rowHeight", slim ? (small ? THREE_LINES : TWO_LINES) * parseFloat(getComputedStyle(box).fontSize) : ONE_LINE);
    grid.resetRowHeights();
    grid.refreshCells({ columns: ["what", "severity"], force: true });
    if (!fitted) grid.addEventListener("rowDataUpdated", groups);
    fitted = true;
    groups();
  }
  window.citydeckAlarmList = { fit };

  setInterval(() => document.querySelectorAll(".desk-alarms .cell-value").forEach(fill), EVERY_MS);
})();
