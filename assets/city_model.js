/* What the map knows of the live picture: status, alarms, vehicles, incidents and counts by key, merged from live.js' events, and what has
   changed since the map last drew. It listens from the start, so that a map that is made later has missed nothing. */
(function () {
  "use strict";
  const SECTIONS = ["status", "alarms", "vehicles", "incidents"];
  const model = { status: new Map(), alarms: new Map(), vehicles: new Map(), incidents: new Map(), counts: new Map(), dirty: {}, onchange: null };
  const places = { status: new Map(), alarms: new Map(), vehicles: new Map(), incidents: new Map() };

  function clear() {
    for (const name of SECTIONS) {
      model[name].clear();
      places[name].clear();
    }
    model.counts.clear();
    model.dirty = { all: true };
  }

  /* A key that moves from one piece to another is taken off the old one; that must not take it off the new one. */
  function merge(section, piece, change) {
    for (const [key, value] of Object.entries(change)) {
      if (value !== null || section === "status") {
        model[section].set(key, value);
        places[section].set(key, piece);
      } else if (places[section].get(key) === piece) {
        model[section].delete(key);
        places[section].delete(key);
      } else continue;
      (model.dirty[section] = model.dirty[section] || new Set()).add(key);
    }
  }

  function take(pieces) {
    for (const [piece, change] of Object.entries(pieces)) {
      const [region, , section] = piece.split("|");
      if (section === "counts") {
        model.counts.set(region, change);
        (model.dirty.counts = model.dirty.counts || new Set()).add(region);
      } else if (model[section] && places[section]) merge(section, piece, change);
    }
    if (model.onchange) model.onchange();
  }

  document.addEventListener("citydeck:snapshot", (event) => { clear(); take(event.detail.pieces); });
  document.addEventListener("citydeck:delta", (event) => take(event.detail.pieces));
  window.citydeckModel = model;
})();
