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

  function press(event) {
    const cell = event.target.closest(".desk-alarms .ag-cell"), row = cell && cell.closest(".ag-row[row-id]");
    return row && /\d/.test(mark(row)) && (event.key === "g" || cell.matches(GROUP)) ? toggle(row) : false;
  }

  (window.citydeckKeys = window.citydeckKeys || []).push({ name: "group", keys: ["g", "Enter"], does: press });
})();
