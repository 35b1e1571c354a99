/* Two windows of the desk in step, the map on one monitor and the lists on the other (?view=map, ?view=lists): what is chosen in one is
   chosen in the other, and when one ends the session the other ends too. Windows of one browser share its session, so nobody else hears. */
(function () {
  "use strict";
  const desk = window.citydeckDesk;
  if (!desk || !window.BroadcastChannel) return;
  const channel = new BroadcastChannel("citydeck:desk"), MAP = "citydeck-desk-map";
  let heard = null; // what came from the other window: it is not sent back

  const say = (message) => { if (!desk.alone && JSON.stringify(message) !== heard) channel.postMessage(message); };
  const shown = () => document.documentElement.dataset.desk;

  /* ---- what happens here ---- */

  document.addEventListener("citydeck:incident", (event) => say({ kind: "incident", id: event.detail }));
  document.addEventListener("citydeck:picked", (event) => { if (!event.detail || !event.detail.auto) say({ kind: "picked", picked: event.detail }); });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-sign-out]")) say({ kind: "bye", to: event.target.closest("[data-sign-out]").dataset.signOut }); }, true);

  /* ---- what happened in the other window ---- */

  const HEARD = {
    incident({ id }) {
      if (id === desk.incident) return;
      desk.open(id, true);
      const at = window.citydeckModel && window.citydeckModel.incidents && [...window.citydeckModel.incidents.values()].find((one) => one.incident_id === id);
      if (shown() !== "lists" && at && at.lon !== null) desk.go([at.lon, at.lat]);
    },
    picked({ picked }) {
      if (window.citydeckPick) window.citydeckPick(picked, true);
      mark(picked);
    },
    bye: ({ to }) => location.assign(to),
  };

  channel.onmessage = ({ data }) => {
    if (desk.alone || !document.querySelector(".desk-incident")) return;
    heard = JSON.stringify(data);
    if (HEARD[data.kind]) HEARD[data.kind](data);
    setTimeout(() => (heard = null), 0);
  };

  /* The alarm's line, or the first of the device's, in sight and marked. */
  function mark(picked) {
    let grid = null;
    try { grid = window.dash_ag_grid && window.dash_ag_grid.getApi({ type: "grid", name: "alarms" }); } catch (error) { return; }
    if (!grid || !picked || picked.kind !== "device") return;
    let found = picked.alarm ? grid.getRowNode(picked.alarm) : null;
    grid.forEachNode((node) => { if (!found && node.data && node.data.device_id === picked.id) found = node; });
    if (!found) return;
    grid.ensureNodeVisible(found, "middle");
    grid.setFocusedCell(found.rowIndex, "severity");
    grid.flashCells({ rowNodes: [found] });
  }

  /* ---- the second window ---- */

  /* Opens the map in a window of its own and keeps the lists here; browsers that know where the monitors are put it on the other one. */
  desk.second = async function () {
    const address = new URL(location.href);
    address.searchParams.set("view", "map");
    const opened = window.open(address, MAP, await place());
    if (opened) desk.view("lists");
  };

  async function place() {
    try {
      const other = window.getScreenDetails && (await window.getScreenDetails()).screens.find((one) => !one.isPrimary);
      if (other) return `left=${other.availLeft},top=${other.availTop},width=${other.availWidth},height=${other.availHeight}`;
    } catch (error) { /* nobody may know where the monitors are */ }
    return `width=${Math.min(1600, screen.availWidth)},height=${Math.min(1000, screen.availHeight)}`;
  }

  document.addEventListener("click", (event) => { if (event.target.closest("[data-desk-second]")) desk.second(); });
})();
