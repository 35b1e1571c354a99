/* What was done and not yet said to the server. Each entry is on the disk before the thumb is lifted, goes out once (request_id), in
   order within its lane (the deeds of an incident, the steps of a unit, the pictures of an incident, one report), and is only taken
   away when the server has it or a person gives it up. What is refused stays, with what happened meanwhile, and holds its lane. */
(function () {
  "use strict";
  const field = (window.citydeckField = window.citydeckField || {});
  const AGAIN_MS = 15000, SAME_AGAIN = 5;
  let entries = [], draining = false, timer = null;
  const announce = () => document.dispatchEvent(new CustomEvent("field:queue"));
  const own = (entry) => field.me && entry.by === field.me.username;

  field.queued = () => entries.filter(own);
  field.waiting = () => field.queued().filter((entry) => entry.state === "waiting");
  field.refusals = () => field.queued().filter((entry) => entry.state === "refused");
  /* Entries of another account on this device: they wait for it, and nobody else sees or sends them. */
  field.othersWaiting = () => entries.length - field.queued().length;

  field.loadQueue = async function () {
    entries = await field.store.all();
    announce();
  };

  /* entry: kind, lane, path, body or file, title, incident, version, apart (report only); returns it with its request_id. */
  field.enqueue = async function (entry) {
    const made = { request_id: field.uid(), at: Math.round(field.now()), ...entry, by: field.me.username, state: "waiting" };
    await field.store.add(made);
    await field.loadQueue();
    field.drain();
    return made;
  };

  field.drain = async function () {
    if (draining || !field.me || field.net.signedOut) return;
    draining = true;
    try {
      if (navigator.locks) await navigator.locks.request("citydeck-field-queue", pass);
      else await pass();
    } finally {
      draining = false;
      await field.loadQueue();
    }
  };

  async function pass() {
    let sent = 0;
    for (;;) {
      await field.loadQueue();
      const held = new Set(field.refusals().map((entry) => entry.lane));
      const next = field.waiting().find((entry) => !held.has(entry.lane));
      if (!next) break;
      if (!(await out(next))) break;
      sent++;
    }
    if (sent) document.dispatchEvent(new CustomEvent("field:sent"));
  }

  /* True when the entry is off the queue's way: sent, or refused and shown. */
  async function out(entry) {
    let answer;
    try {
      answer = await SEND[entry.kind](entry);
    } catch (error) {
      if (!(error instanceof field.Unreachable)) throw error;
      return false;
    }
    if (answer.ok) {
      if (entry.kind === "report") await arrived(entry, answer.document);
      field.learn(entry, answer.document);
      await field.store.drop(entry.seq);
      return true;
    }
    if (answer.status === 401 || answer.status === 429 || answer.status >= 500) return later();
    if (onlyMine(answer) && (entry.tries || 0) < SAME_AGAIN) {
      await field.store.put({ ...entry, version: answer.document.version, tries: (entry.tries || 0) + 1 });
      return true;
    }
    await field.store.put({ ...entry, state: "refused", answer: { status: answer.status, ...answer.document } });
    return true;
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(field.drain, AGAIN_MS);
    return false;
  }

  /* The incident went on, but by nobody else's hand: what this device sent before. Nothing is overwritten by going on. */
  function onlyMine(answer) {
    const { code, events } = answer.document;
    return answer.status === 409 && code === "changed" && events.every((event) => event.actor === field.me.username);
  }

  /* A picture of a report made offline learns which incident the report became. */
  async function arrived(report, incident) {
    for (const entry of entries.filter((one) => one.of_report === report.request_id)) {
      await field.store.put({ ...entry, incident: incident.incident_id });
    }
  }

  /* Never ahead of the server's clock, which refuses the future. */
  const at = (entry) => Math.min(entry.at, Math.round(field.now()) - 1);
  const SEND = {
    deed: (entry) => field.post(`/api/v1/incidents/${entry.incident}/deeds`, { deed: entry.deed, version: entry.version, data: entry.body, at: at(entry), request_id: entry.request_id }),
    step: (entry) => field.post(`/api/v1/units/${encodeURIComponent(entry.unit)}/steps`, { ...entry.body, at: at(entry), request_id: entry.request_id }),
    report: (entry) => field.post("/api/v1/incidents", { data: entry.body, at: at(entry), request_id: entry.request_id }),
    ack: (entry) => field.post(`/api/v1/alarms/${entry.alarm}/acknowledge`, {}),
    read: (entry) => field.post("/api/v1/notices/read", entry.body),
    answer: (entry) => field.post("/api/v1/notices/answer", entry.body),
    photo(entry) {
      const query = new URLSearchParams({ ...entry.body, taken_at: at(entry), request_id: entry.request_id });
      return field.send(`/api/v1/incidents/${entry.incident}/attachments?${query}`, entry.file);
    },
  };

  /* A person answers a refusal: once more, knowing what happened meanwhile, or give it up. */
  field.again = async function (seq) {
    const entry = entries.find((one) => one.seq === seq);
    const version = entry.version !== null && entry.answer.version ? entry.answer.version : entry.version;
    await field.store.put({ ...entry, version, state: "waiting", answer: null, tries: 0 });
    await field.loadQueue();
    field.drain();
  };

  field.giveUp = async function (seq) {
    const entry = entries.find((one) => one.seq === seq);
    for (const one of entries.filter((other) => other.of_report === entry.request_id)) await field.store.drop(one.seq);
    await field.store.drop(seq);
    await field.loadQueue();
    field.drain();
  };
})();
