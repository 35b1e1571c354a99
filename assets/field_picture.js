/* The last picture: who I am, my unit, the incidents of my mode with what hangs on the first of them. Asked of /api/v1 while it answers,
   kept for when it does not; what waits to be sent is laid over it, marked. */
(function () {
  "use strict";
  const field = (window.citydeckField = window.citydeckField || {});
  const DETAILS = 12;
  const TO = { sign: "handling", feed_back: "fed_back", answer: "answered", check: "checked", rework: "handling" };
  field.picture = null;
  field.me = null;

  const get = async (path) => {
    const answer = await field.ask("/api/v1" + path);
    return answer.ok ? answer.document : null;
  };
  const items = async (path) => ((await get(path)) || { items: [] }).items;
  const list = (query) => items(`/incidents?open=true&limit=40&sort=due_at&${query}`);

  /* What each mode asks for: name -> rows. */
  const LISTS = {
    field: { own: "state=dispatched,handling,fed_back,verified,initial_action,assessed,responding" },
    watch: { proposed: "proposed=true", new: "state=reported", overdue: "overdue=true" },
    leader: { major: "grade=I", serious: "grade=II", emergency: "spine=emergency", critical: "urgency=critical", proposed: "proposed=true" },
  };

  field.refresh = async function () {
    try {
      const me = await get("/session");
      if (!me || field.gone) return;
      await field.becomes(me);
      const picture = await lists(me, field.mode());
      if (field.gone) return;
      if (!field.picture || field.picture.mode !== picture.mode) show({ ...picture, details: {}, reports: {} });
      const whole = { ...picture, ...(await details(picture)) };
      if (field.gone) return;
      show(whole);
      await field.store.keep("picture", whole);
    } catch (error) {
      if (!(error instanceof field.Unreachable)) throw error;
    }
  };

  function show(picture) {
    field.picture = picture;
    document.dispatchEvent(new CustomEvent("field:picture"));
  }

  /* Everything that the lists need, asked for at once: over a slow network each question after another would cost its way there and back. */
  async function lists(me, mode) {
    const names = Object.keys(LISTS[mode]);
    const [units, alarms, notices, ...rows] = await Promise.all([
      mode === "watch" ? [] : items("/units"), mode === "field" ? null : get("/alarms?limit=60"), items("/notices?unread=true"), ...names.map((name) => list(LISTS[mode][name])),
    ]);
    const own = units.filter((unit) => mode === "leader" || unit.members.includes(me.username));
    return { at: Date.now(), mode, me, units: own, lists: Object.fromEntries(names.map((name, n) => [name, rows[n]])), alarms: alarms ? alarms.items : [], unseen: alarms ? alarms.total - alarms.items.length : 0, notices };
  }

  /* What hangs on the first incidents, and for a leader the reports of emergencies. */
  async function details({ mode, units, lists: held }) {
    const runs = mode === "field" ? units.map((unit) => unit.run).filter(Boolean) : [];
    const wanted = [...new Set([...runs, ...Object.values(held).flat().map((row) => row.incident_id)])].slice(0, DETAILS);
    const found = Object.fromEntries(await Promise.all(wanted.map(async (id) => [id, (await get(`/incidents/${id}`)) || undefined])));
    const grave = mode === "leader" ? wanted.filter((id) => found[id] && found[id].incident.spine === "emergency") : [];
    return { details: found, reports: Object.fromEntries(await Promise.all(grave.map(async (id) => [id, await items(`/incidents/${id}/reports`)]))) };
  }

  /* What the server answered to a deed or a step holds at once: the next picture may take its time. */
  field.learn = function (entry, told) {
    if (!field.picture) return;
    if (entry.kind === "step") field.picture.units = field.picture.units.map((unit) => (unit.unit_id === told.unit_id ? told : unit));
    if (entry.kind !== "deed") return;
    for (const rows of Object.values(field.picture.lists)) for (const row of rows) if (row.incident_id === told.incident_id) Object.assign(row, { state: told.state, version: told.version });
    if (field.picture.details[told.incident_id]) field.picture.details[told.incident_id].incident = told;
  };

  /* Another person at this device: what was kept is not theirs to see. */
  field.becomes = async function (me) {
    const kept = await field.store.kept("me");
    if (kept && kept.username !== me.username) {
      await field.store.forget();
      field.picture = null;
    }
    field.me = me;
    await field.store.keep("me", me);
    await field.loadQueue();
  };

  field.remember = async function () {
    field.me = (await field.store.kept("me")) || null;
    field.picture = (await field.store.kept("picture")) || null;
    await field.loadQueue();
  };

  field.open = async function (id) {
    if (!field.picture) return null;
    try {
      const found = await get(`/incidents/${id}`);
      if (found) field.picture.details[id] = found;
    } catch (error) {
      if (!(error instanceof field.Unreachable)) throw error;
    }
    return field.picture.details[id] || null;
  };

  /* ---- with what waits laid over it ---- */

  const waitingFor = (id) => field.queued().filter((entry) => entry.incident === id);
  field.pending = waitingFor;
  field.stateOf = (row) => waitingFor(row.incident_id).reduce((state, entry) => (entry.state === "waiting" && entry.kind === "deed" && TO[entry.deed]) || state, row.state);
  field.stepOf = function (unit) {
    const said = field.waiting().filter((entry) => entry.kind === "step" && entry.unit === unit.unit_id);
    const times = { ...unit.times, ...Object.fromEntries(said.map((entry) => [entry.body.state, entry.at])) };
    return { state: said.length ? said[said.length - 1].body.state : unit.state, times };
  };
  field.unitOn = (id) => ((field.picture || {}).units || []).find((unit) => unit.run === id && unit.members.includes(field.me.username));

  /* Every incident that the mode shows, each once, my unit's run first. */
  field.rows = function (...names) {
    const held = field.picture || { lists: {}, details: {} };
    const found = new Map();
    for (const name of names) for (const row of held.lists[name] || []) found.set(row.incident_id, row);
    for (const unit of names.includes("own") ? held.units : []) {
      const detail = unit.run && held.details[unit.run];
      if (detail && !found.has(unit.run)) found.set(unit.run, detail.incident);
    }
    return [...found.values()].sort((a, b) => Boolean(field.unitOn(b.incident_id)) - Boolean(field.unitOn(a.incident_id)));
  };
})();
