/* Groups of alarms by keyboard: `g` on any cell of a group's line, or Enter in its first column, opens or closes it. */
(function () {
  "use strict";
  if (!/\/desk\/?$/.test(location.pathname)) return;
  const OPEN = "\u25be", GROUP = '[col-id="group"]';

  const grid = () => document.querySelector(".desk-alarms");
  const mark = (row) => { const cell = row.querySelector(GROUP); return cell ? cell.textContent.trim() : ""; };

  function toggle(row) {
    const key = row.getAttribute("row-id"), opened = [...grid().querySelectorAll(".ag-row[row-id]")].filter((one) => mark(one).startsWith(OPEN)).map((one) => one.getAttribute("row-id"));
    const data = opened.includes(key) ? opened.filter((one) => one !== key) : [...opened, key];
    window.dash_clientside.set_props({ type: "alarm-groups" }, { data });
  }

  document.addEventListener("keydown", (event) => {
    const cell = event.target.closest && event.target.closest(".desk-alarms .ag-cell"), row = cell && cell.closest(".ag-row[row-id]");
    if (!row || event.ctrlKey || event.metaKey || event.altKey || !(event.key === "g" || (event.key === "Enter" && cell.matches(GROUP)))) return;
    if (!/\d/.test(mark(row))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    toggle(row);
  }, true);
})();
