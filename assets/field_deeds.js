/* Everything that the work tab does, as entries of the queue. */
(function () {
  "use strict";
  const field = (window.citydeckField = window.citydeckField || {});
  /* Deeds that overwrite nothing go without a version: nobody else's act refuses them. */
  const ADDING = new Set(["say", "call", "ask_for_help", "figure", "confirm_figure", "dispute"]);
  const titleOf = (row) => row.title || row.number;

  field.deed = (row, deed, body = {}) =>
    field.enqueue({ kind: "deed", lane: (ADDING.has(deed) ? "said:" : "deed:") + row.incident_id, incident: row.incident_id, title: titleOf(row), deed, body, version: ADDING.has(deed) ? null : versionOf(row) });

  function versionOf(row) {
    const detail = field.picture && field.picture.details[row.incident_id];
    return detail ? Math.max(detail.incident.version, row.version) : row.version;
  }

  field.step = async (row, unit, state) =>
    field.enqueue({ kind: "step", lane: "unit:" + unit.unit_id, unit: unit.unit_id, incident: row.incident_id, title: titleOf(row), body: { state, ...(await field.here()) } });

  field.photo = async function (row, phase, file) {
    const small = await field.smaller(file), name = `${phase}.${small.type === "image/png" ? "png" : small.type === "image/webp" ? "webp" : "jpg"}`;
    return field.enqueue({ kind: "photo", lane: "photo:" + row.incident_id, incident: row.incident_id, title: titleOf(row), body: { name, phase, ...(await field.here()) }, file: small });
  };

  field.report = async function (said, file) {
    const request_id = field.uid(), lane = "report:" + request_id;
    await field.enqueue({ kind: "report", lane, request_id, title: said.title, body: { source: "mobile_report", ...said } });
    if (!file) return;
    const small = await field.smaller(file), at = said.place.lon === undefined ? {} : { lon: said.place.lon, lat: said.place.lat };
    await field.enqueue({ kind: "photo", lane, of_report: request_id, title: said.title, body: { name: "report.jpg", phase: "report", ...at }, file: small });
  };

  field.acknowledge = (alarm) => field.enqueue({ kind: "ack", lane: "ack:" + alarm.alarm_id, alarm: alarm.alarm_id, title: alarm.device_name || alarm.device_id });

  /* ---- the one next action ---- */

  const DONE = { case: "feed_back", order: "answer" };
  const FORWARD = { assigned: "acknowledged", acknowledged: "en_route", en_route: "on_scene" };

  /* {name, go} of what is owed next by me, or null. `name` is a word of mobile.next_*. */
  field.next = function (row) {
    const unit = field.unitOn(row.incident_id), state = field.stateOf(row), step = unit ? field.stepOf(unit).state : "";
    if (step === "assigned" || (!unit && state === "dispatched")) return { name: "accept", go: () => accept(row, unit, state) };
    if (FORWARD[step]) return { name: FORWARD[step], go: () => field.step(row, unit, FORWARD[step]) };
    if (state === "dispatched") return { name: "accept", go: () => accept(row, null, state) };
    if ((state === "handling" && DONE[row.spine]) || step === "on_scene") return { name: "done", go: () => field.sheet("done", row, (said) => done(row, unit, state, said)) };
    if (state === "fed_back" && may(row, "check")) return { name: "check", go: () => field.sheet("check", row, (said) => field.deed(row, "check", said)) };
    return null;
  };

  async function accept(row, unit, state) {
    if (state === "dispatched") await field.deed(row, "sign");
    if (unit) await field.step(row, unit, "acknowledged");
  }

  async function done(row, unit, state, said) {
    if (state === "handling" && DONE[row.spine]) await field.deed(row, DONE[row.spine], said);
    else if (said.note) await field.deed(row, "say", { text: said.note });
    if (unit && field.stepOf(unit).state === "on_scene") await field.step(row, unit, "available");
  }

  const movesOf = (row) => ((field.picture.details[row.incident_id] || {}).moves || []).map((move) => move.deed);
  const may = (row, deed) => movesOf(row).includes(deed);
  field.moves = movesOf;
})();
