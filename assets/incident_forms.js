/* The desk's forms: what is typed is kept in this browser at every keystroke (per person, incident and deed) until the server has it;
   deeds go to /api/v1 with the version that was seen; refusals and conflicts are said in words and keep what was typed. */
(function () {
  "use strict";
  const desk = window.citydeckDesk;
  if (!desk) return;
  const OFFER_MS = 400, ANSWER_MS = 15000, PICTURE_MS = 120000, FORM = "citydeck:form";
  const CLASH = { missing: 1, bad_field: 1, unknown_field: 1 };
  let sending = false, offering = null;

  const deedForm = () => document.querySelector(".deed-form:not(.is-done)");
  const intakeBox = () => document.querySelector(".intake");
  const intakeOpen = () => intakeBox() && !intakeBox().hidden && intakeBox().querySelector(".field-slot");
  const slots = (box, form) => [...box.querySelectorAll(`.field-slot[data-form="${form}"]`)].filter((slot) => slot.control);
  const keyOf = (form) => form === "intake" ? `citydeck:draft:${desk.user()}:new` : `citydeck:draft:${desk.user()}:${deedForm().dataset.incident}:${deedForm().dataset.deedForm}`;
  const boxOf = (form) => (form === "intake" ? intakeBox() : deedForm());

  function draft(key) {
    try { return JSON.parse(localStorage.getItem(key)) || {}; } catch (error) { return {}; }
  }

  /* ---- drafts ---- */

  function keep(form) {
    const key = keyOf(form), held = draft(key), values = {};
    for (const slot of slots(boxOf(form), form)) if (!slot.control.unkept) values[slot.dataset.field] = slot.control.input ? slot.control.input.value : slot.control.read();
    localStorage.setItem(key, JSON.stringify({ ...held, request: held.request || held.ref || desk.uid(), values, at: Date.now() }));
    status(form, "kept");
  }

  function restore(form, fresh) {
    const box = boxOf(form), held = draft(keyOf(form));
    if (!held.values) return;
    for (const slot of fresh) if (slot.dataset.field in held.values && held.values[slot.dataset.field] !== null) slot.control.write(held.values[slot.dataset.field]);
    status(form, "kept", box);
  }

  function status(form, name, extra) {
    const box = boxOf(form), row = box && box.querySelector(".deed-send");
    if (!row) return;
    const line = row.querySelector(".deed-status") || row.appendChild(Object.assign(document.createElement("span"), { className: "deed-status" }));
    line.textContent = name ? desk.text(name) + (typeof extra === "string" ? extra : "") : "";
    line.dataset.status = name;
  }

  /* ---- reading ---- */

  /* What was said, as the API takes it; null when something that is needed is missing, which is said. */
  function read(form) {
    const data = {}, missing = [];
    for (const slot of slots(boxOf(form), form)) {
      const value = slot.control.read(), empty = value === null || value === "" || (Array.isArray(value) && !value.length);
      if ((empty && slot.dataset.wanted) || (slot.control.wrong && slot.control.wrong())) missing.push(slot);
      if (!empty) data[slot.dataset.field] = value;
    }
    boxOf(form).querySelectorAll(".is-missing").forEach((slot) => slot.classList.remove("is-missing"));
    if (!missing.length) return data;
    missing.forEach((slot) => slot.classList.add("is-missing"));
    missing[0].querySelector("input, select, textarea").focus();
    status(form, "missing", " " + missing.map((slot) => slot.dataset.label).join(" "));
    return null;
  }

  function tidy(data, deed, slotsOf) {
    const { deadline_amount: amount, deadline_unit: unit, ...said } = data;
    if (amount && unit) said.deadline = { amount, unit };
    if (deed !== "correct") return said;
    const begun = Object.fromEntries(slotsOf.map((slot) => [slot.dataset.field, JSON.parse(slot.dataset.value || "null")]));
    return Object.fromEntries(Object.entries(said).filter(([name, value]) => name === "reason" || JSON.stringify(value) !== JSON.stringify(begun[name])));
  }

  /* ---- sending ---- */

  /* A server that dies with the question in its hands may never close the line: after a while there was no answer, what was typed is still
     there, and the same request sent again is done once. */
  async function post(path, body, type = "application/json") {
    const words = type === "application/json", signal = AbortSignal.timeout(words ? ANSWER_MS : PICTURE_MS);
    const answer = await fetch(path, { method: "POST", headers: { "Content-Type": type }, body: words ? JSON.stringify(body) : body, signal });
    let document = {};
    try { document = await answer.json(); } catch (error) { if (error.name === "TimeoutError") throw error; /* else a proxy's page, no answer of ours */ }
    return { status: answer.status, ok: answer.ok, document };
  }

  desk.send = (version) => (intakeOpen() ? sendIntake() : deedForm() ? sendDeed(version) : undefined);

  async function guarded(form, work) {
    if (sending) return;
    sending = true;
    boxOf(form).classList.add("is-sending");
    try { await work(); } catch (error) { status(form, "lost"); }
    sending = false;
    if (boxOf(form)) boxOf(form).classList.remove("is-sending");
  }

  function sendDeed(version) {
    const box = deedForm(), deed = box.dataset.deedForm, incident = box.dataset.incident, key = keyOf("deed");
    const data = read("deed");
    if (data === null) return;
    return guarded("deed", async () => {
      const request = draft(key).request || desk.uid(), seen = box.dataset.version === "none" ? null : version || Number(box.dataset.version);
      localStorage.setItem(key, JSON.stringify({ ...draft(key), request }));
      const answer = deed === "attach" ? await attach(box, data, request)
        : await post(`/api/v1/incidents/${incident}/deeds`, { deed, version: seen, data: tidy(data, deed, slots(box, "deed")), request_id: request });
      if (!answer) return;
      if (answer.ok) return done(key, box, deed in (answer.document.proposals || {}));
      refused(answer, "deed", incident, Number(box.dataset.seen), key);
    });
  }

  async function attach(box, data, request) {
    const chosen = data.attachment_id, most = Number(box.dataset.most);
    if (!chosen) return void status("deed", "no_picture");
    if (chosen.size > most) return void status("deed", "too_large", ` ${Math.floor(most / 1048576)} MB`);
    const query = new URLSearchParams({ name: chosen.name, phase: data.phase || "other", taken_at: chosen.lastModified, request_id: request });
    return post(`/api/v1/incidents/${box.dataset.incident}/attachments?${query}`, chosen, "application/octet-stream");
  }

  function done(key, box, asked) {
    localStorage.removeItem(key);
    const name = box.querySelector("h3").textContent;
    close();
    box.classList.add("is-done"); // a server that dies now cannot take the form off the screen: it is over all the same
    desk.say(`${desk.text(asked ? "asked" : "sent")} · ${name}`);
    desk.open(desk.incident, true);
    desk.pulse();
  }

  /* A new try of what was refused is a new request, except of what comes from a call elsewhere: it keeps that call's reference. After no answer, or one by a server that was falling, it is the same one: it may be
     done already. */
  function refused(answer, form, incident, since, key) {
    if (answer.status === 401) return status(form, "signed_out");
    if (answer.status >= 500) return status(form, "lost");
    const { request, ...held } = draft(key);
    localStorage.setItem(key, JSON.stringify(held.ref ? { ...held, request: held.ref } : held));
    status(form, "kept");
    if (answer.status === 409 && answer.document.code === "changed") {
      desk.open(incident, true);
      return desk.tell("conflict", { incident, since });
    }
    const { code, params, open } = answer.document;
    const said = { code: code || String(answer.status), params: params || {}, open: CLASH[code] ? [] : open || [] };
    desk.tell("refused", { ...said, where: form });
  }

  /* ---- intake ---- */

  desk.intake = function (shown) {
    const box = intakeBox();
    if (!box) return;
    if (document.documentElement.dataset.desk === "watch" && shown) desk.view("incidents");
    box.hidden = !shown;
    sessionStorage.setItem("citydeck:intake", shown ? "yes" : "");
    if (!shown) return;
    if (box.querySelector(".field-slot")) return focusIn(box);
    desk.tell("intake", {});
  };

  function report(data) {
    const { caller_name: name, caller_phone: phone, ...said } = data;
    return name || phone ? { ...said, caller: { ...(name ? { name } : {}), ...(phone ? { phone } : {}) } } : said;
  }

  function sendIntake() {
    const data = read("intake"), key = keyOf("intake");
    if (data === null) return;
    return guarded("intake", async () => {
      const request = draft(key).request || desk.uid();
      localStorage.setItem(key, JSON.stringify({ ...draft(key), request }));
      const answer = await post("/api/v1/incidents", { data: report(data), request_id: request });
      if (!answer.ok) return refused(answer, "intake", null, 0, key);
      emptied(key);
      desk.intake(false);
      desk.say(`${desk.text("sent")} · ${answer.document.number}`);
      desk.open(answer.document.incident_id);
    });
  }

  function emptied(key) {
    localStorage.removeItem(key);
    for (const slot of slots(intakeBox(), "intake")) slot.control.write(slot.dataset.value ? JSON.parse(slot.dataset.value) : null);
    status("intake", "");
    desk.tell("draft", { text: "" });
  }

  function offer() {
    const value = (name) => { const slot = intakeBox().querySelector(`[data-field="${name}"]`); return slot && slot.control ? slot.control.read() : null; };
    const where = value("place") || {}, text = [value("title"), where.address].filter(Boolean).join(" ").slice(0, 80);
    desk.tell("draft", { text, more: (value("description") || "").slice(0, 2000), source: value("source") || "", lon: where.lon, lat: where.lat, class_code: value("class_code") || "" });
  }

  /* The caller spoke of an incident that is known: what they said goes into it as a call. */
  function join(incident) {
    const data = read("intake"), key = keyOf("intake");
    if (data === null) return;
    return guarded("intake", async () => {
      const text = [data.title, data.place && data.place.address, data.description, data.told].filter(Boolean).join("；");
      const who = [data.caller_name, data.caller_phone].filter(Boolean).join(" ") || desk.user();
      const answer = await post(`/api/v1/incidents/${incident}/deeds`, { deed: "call", version: null, data: { who, text }, request_id: draft(key).request || desk.uid() });
      if (!answer.ok) return refused(answer, "intake", null, 0, key);
      emptied(key);
      desk.intake(false);
      desk.say(desk.text("joined"));
      desk.open(incident);
    });
  }

  /* ---- opening and closing ---- */

  function choose(deed) {
    const head = document.querySelector(".incident-head");
    if (!head) return;
    sessionStorage.setItem(FORM, JSON.stringify({ incident: head.dataset.incident, deed }));
    for (const over of document.querySelectorAll(".deed-form.is-done")) over.classList.remove("is-done"); // its element may carry the next form
    desk.tell("refused", null);
    desk.tell("deed", { incident: head.dataset.incident, deed });
  }

  function close() {
    sessionStorage.removeItem(FORM);
    if (!deedForm()) return false;
    desk.tell("deed", null);
    desk.tell("refused", null);
    return true;
  }

  function focusIn(box) {
    const first = box.querySelector("[data-wanted] input, [data-wanted] select, [data-wanted] textarea") || box.querySelector("[data-send]");
    if (first) first.focus();
  }

  desk.closeAll.push(() => { if (!intakeOpen()) return false; desk.intake(false); return true; }, close);

  document.addEventListener("citydeck:incident", (event) => {
    const form = deedForm();
    if (form && form.dataset.incident !== event.detail) close();
  });

  document.addEventListener("click", (event) => {
    const at = (name) => event.target.closest(`[${name}]`);
    if (at("data-deed")) return choose(at("data-deed").dataset.deed);
    if (at("data-send")) return desk.send();
    if (at("data-again")) return deedForm() && desk.send(Number(at("data-again").dataset.again));
    if (at("data-close")) return at("data-close").dataset.close === "intake" ? desk.intake(false) : close();
    if (at("data-intake")) return desk.intake(true);
    if (at("data-drop")) return emptied(keyOf("intake"));
    if (at("data-join")) return join(at("data-join").dataset.join);
  });

  document.addEventListener("input", (event) => {
    const slot = event.target.closest(".field-slot");
    const form = slot && slot.dataset.form;
    if (form !== "deed" && form !== "intake") return;
    slot.classList.remove("is-missing");
    keep(form);
    if (form !== "intake") return;
    clearTimeout(offering);
    offering = setTimeout(offer, OFFER_MS);
  });

  /* The form that was open before a reload opens again, with what was typed. */
  function reopen() {
    const held = JSON.parse(sessionStorage.getItem(FORM) || "null"), head = document.querySelector(".incident-head");
    if (!held || deedForm() || !head || head.dataset.incident !== held.incident) return;
    reopened = true;
    choose(held.deed);
  }

  let reopened = false, shownIntake = false;
  function look() {
    if (!document.querySelector(".desk-incident")) return;
    const fresh = desk.mount(document);
    for (const form of ["deed", "intake"]) {
      const mine = fresh.filter((slot) => slot.dataset.form === form);
      if (!mine.length) continue;
      restore(form, mine);
      if (form === "deed" || !intakeBox().hidden) focusIn(boxOf(form));
      if (form === "intake") offer();
    }
    if (deedForm() && !deedForm().dataset.focused) { deedForm().dataset.focused = "yes"; if (!fresh.length) focusIn(deedForm()); }
    if (!reopened) reopen();
    if (document.querySelector(".incident-head") && !deedForm()) reopened = reopened || !sessionStorage.getItem(FORM);
    if (!shownIntake) { shownIntake = true; if (sessionStorage.getItem("citydeck:intake") === "yes") desk.intake(true); }
  }

  desk.forms = { draft, keyOf, slots, restore, emptied, offer, choose, deedForm, intakeBox };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
})();
