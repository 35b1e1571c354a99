/* The desk's keyboard: one table that every script of the desk adds its keys to (window.citydeckKeys), one listener, and the map that `?`
   shows, whose lines are layouts/incidents/keys.py. An entry is {name, keys, does, typing, when}: the first whose `when` holds and whose
   `does` doesn't return false takes the key. While somebody types, only entries with `typing` are asked. */
(function () {
  "use strict";
  const desk = window.citydeckDesk;
  if (!desk) return;
  const table = (window.citydeckKeys = window.citydeckKeys || []);
  const PANELS = ".desk-queue, .desk-incident, .panel-map, .desk-alarms, .desk-devices, .desk-detail, .desk-side, .board-units, .board-side";
  const FIRST = "[tabindex='0'], button:not([disabled]), a[href], input, select, textarea, [tabindex]:not([tabindex='-1'])";

  const typing = (target) => target.closest && target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const onMap = (event) => event.target.closest && event.target.closest("canvas");

  /* As the table names it: "Ctrl+Enter", "Shift+F6", "j", "?". Shift is named only where the key itself doesn't say it. */
  function named(event) {
    const mark = event.ctrlKey || event.metaKey ? "Ctrl+" : event.altKey ? "Alt+" : event.shiftKey && event.key.length > 1 ? "Shift+" : "";
    return mark + event.key;
  }

  function press(event) {
    desk.touched();
    if (event.isComposing || !document.querySelector(".desk-incident")) return;
    const key = named(event), writes = typing(event.target);
    for (const entry of table) {
      if (!entry.keys.includes(key) || (writes && !entry.typing) || (entry.when && !entry.when(event))) continue;
      if (entry.does(event) === false) continue;
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
  }

  /* ---- from panel to panel ---- */

  const inSight = (one) => one.checkVisibility({ visibilityProperty: true });
  const seen = () => [...document.querySelectorAll(PANELS)].filter(inSight);

  function walk(by) {
    const panels = seen(), here = panels.findIndex((one) => one.contains(document.activeElement));
    const next = panels[here < 0 ? (by > 0 ? 0 : panels.length - 1) : (here + by + panels.length) % panels.length];
    const aim = next && [...next.querySelectorAll(FIRST)].find(inSight);
    if (aim) aim.focus();
  }

  /* ---- the map of keys ---- */

  function keys(shown) {
    const box = document.querySelector("[data-keys='box']");
    if (!box) return false;
    box.hidden = shown === undefined ? !box.hidden : !shown;
    const close = box.querySelector("[data-keys='close']");
    if (!box.hidden && close) close.focus();
    return !box.hidden;
  }
  desk.keys = keys;

  /* Whoever leaves a form leaves its field at once, however long the server takes to take the form away: the next key is the desk's. */
  function escape(event) {
    if (document.querySelector("[data-keys='box']:not([hidden])")) return keys(false), true;
    const closed = desk.closeAll.some((close) => close());
    if (typing(event.target)) event.target.blur();
    return closed; // where nothing was closed, what lies on the map may let go
  }

  const works = () => desk.works();
  table.push(
    { name: "esc", keys: ["Escape"], typing: true, does: escape },
    { name: "send", keys: ["Ctrl+Enter"], typing: true, does: () => desk.send() },
    { name: "j", keys: ["j", "ArrowDown"], when: (event) => works() && !onMap(event), does: () => desk.move(1) },
    { name: "j", keys: ["k", "ArrowUp"], when: (event) => works() && !onMap(event), does: () => desk.move(-1) },
    { name: "enter", keys: ["Enter"], when: (event) => works() && !event.target.closest("button, a, summary, [tabindex='0']"), does: () => desk.openSelected() },
    { name: "digits", keys: [..."123456789"], when: works, does: (event) => desk.doMove(event.key) },
    { name: "n", keys: ["n"], does: () => desk.intake(true) },
    { name: "slash", keys: ["/"], when: works, does: () => desk.search() },
    { name: "tabs", keys: ["["], when: works, does: () => desk.nextTab(-1) },
    { name: "tabs", keys: ["]"], when: works, does: () => desk.nextTab(1) },
    { name: "w", keys: ["w"], when: () => !desk.fixed(), does: () => desk.view(document.documentElement.dataset.desk === "watch" ? "incidents" : "watch") },
    { name: "second", keys: ["o"], when: () => !desk.alone, does: () => desk.second() },
    { name: "panels", keys: ["F6"], typing: true, does: () => walk(1) },
    { name: "panels", keys: ["Shift+F6"], typing: true, does: () => walk(-1) },
    { name: "m", keys: ["m"], does: () => desk.mute() },
    { name: "help", keys: ["?"], does: () => keys() },
  );
  document.addEventListener("keydown", press, true);
})();
