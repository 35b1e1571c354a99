/* Reports and review of the open incident: the row of tabs, drafts that outlive a reload, deeds sent to /api/v1.
   A draft keeps what it began from: where somebody else has changed a field meanwhile, theirs is shown beside what was typed. */
(function () {
  "use strict";
  const desk = window.citydeckDesk;
  if (!desk) return;
  const AGAIN_MS = 8000, ANSWER_MS = 15000;
  let asked = null, sending = false, typedAt = 0, held = null;

  const TABS = ["reports", "review"];
  const section = () => document.querySelector(".desk-incident");
  const tab = () => (section() && section().dataset.tab) || "";
  const text = (name) => document.querySelector(".incident-papers").getAttribute("data-text-" + name.replace(/_/g, "-")) || "";
  const papers = () => [...document.querySelectorAll(".report")];
  const slots = (paper, form) => [...paper.querySelectorAll(`.field-slot[data-form="${form}"]`)].filter((slot) => slot.control);
  const keyOf = (paper) => `citydeck:report:${desk.user()}:${paper.dataset.report}`;
  const begun = (slot) => (JSON.parse(slot.dataset.value || '""') || "").trim();

  const wanted = () => (TABS.includes(tab()) && desk.incident ? `${desk.incident}:${tab()}` : null);

  function ask() {
    asked = wanted();
    if (asked) desk.tell("reports", { incident: desk.incident, tab: tab() });
  }

  /* ---- drafts ---- */

  function draft(paper) {
    try { return JSON.parse(localStorage.getItem(keyOf(paper))) || {}; } catch (error) { return {}; }
  }

  function changed(paper) {
    const other = slots(paper, "report").filter((slot) => slot.control.read() !== begun(slot));
    return Object.fromEntries(other.map((slot) => [slot.dataset.field, slot.control.read()]));
  }

  function reason(paper) {
    const slot = slots(paper, "report-return")[0];
    return slot ? slot.control.read() : "";
  }

  function keep(paper) {
    const base = Object.fromEntries(slots(paper, "report").map((slot) => [slot.dataset.field, begun(slot)])), values = changed(paper);
    localStorage.setItem(keyOf(paper), JSON.stringify({ base, values, reason: reason(paper) }));
    say(paper, "kept");
  }

  function restore(paper) {
    const { base, values = {}, reason: why } = draft(paper);
    if (!Object.keys(values).length && !why) return;
    if (why) slots(paper, "report-return").forEach((slot) => slot.control.write(why));
    for (const slot of slots(paper, "report")) {
      const name = slot.dataset.field;
      if (!(name in values)) continue;
      slot.control.write(values[name]);
      if (base[name] !== begun(slot)) slot.append(Object.assign(document.createElement("small"), { className: "report-meanwhile", textContent: text("meanwhile") + begun(slot) }));
    }
    say(paper, "kept");
  }

  /* An answer replaces the papers on the screen: whoever was typing in one goes on at the same place of the same field. */
  function hold() {
    const input = document.activeElement, slot = input && input.closest(".report .field-slot");
    held = slot ? { input, report: slot.closest(".report").dataset.report, field: slot.dataset.field } : null;
  }

  function takeUp(paper) {
    if (!held || held.input.isConnected || held.report !== paper.dataset.report) return;
    const slot = paper.querySelector(`.field-slot[data-field="${held.field}"]`), { selectionStart, selectionEnd } = held.input;
    const input = slot && slot.control && slot.querySelector("input, textarea");
    if (!input) return;
    input.focus({ preventScroll: true });
    input.setSelectionRange(selectionStart, selectionEnd);
  }

  function say(paper, name) {
    const line = paper.querySelector(".deed-status");
    if (line) { line.textContent = name ? text(name) : ""; line.dataset.status = name; }
  }

  /* ---- deeds ---- */

  async function post(path, body) {
    const headers = { "Content-Type": "application/json" }, signal = AbortSignal.timeout(ANSWER_MS);
    const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body), signal });
    let document = {};
    try { document = await answer.json(); } catch (error) { if (error.name === "TimeoutError") throw error; /* else a proxy's page, no answer of ours */ }
    return { ok: answer.ok, status: answer.status, document };
  }

  async function send(path, body, paper, done) {
    if (sending) return;
    sending = true;
    try {
      const answer = await post(path, body);
      desk.tell("report-refused", answer.ok ? null : { code: answer.document.code || String(answer.status), params: answer.document.params || {} });
      if (answer.ok) { done(); desk.say(text("sent")); }
      else if (paper) say(paper, answer.status === 401 ? "signed_out" : answer.status >= 500 ? "lost" : "kept");
      ask();
    } catch (error) {
      if (paper) say(paper, "lost");
    }
    sending = false;
  }

  function act(paper, deed) {
    const said = { deed, version: Number(paper.dataset.version) };
    if (deed === "edit" || deed === "review") said.fields = changed(paper);
    if (deed === "return") said.reason = reason(paper);
    send(`/api/v1/reports/${paper.dataset.report}/deeds`, said, paper, () => localStorage.removeItem(keyOf(paper)));
  }

  document.addEventListener("click", (event) => {
    const at = (name) => event.target.closest(`[${name}]`);
    if (at("data-dispatch-tab")) return void setTimeout(ask);
    if (at("data-deed") && wanted()) return window.citydeckDispatch.tab("detail");
    if (at("data-report-begin")) return send(`/api/v1/incidents/${at("data-report-begin").dataset.reportBegin}/reports`, {}, null, () => {});
    if (at("data-report-do")) return act(at("data-report-do").closest(".report"), at("data-report-do").dataset.reportDo);
  });

  document.addEventListener("input", (event) => {
    const slot = event.target.closest(".report .field-slot");
    if (!slot) return;
    typedAt = Date.now();
    keep(slot.closest(".report"));
  });
  document.addEventListener("focusin", hold);
  document.addEventListener("focusout", () => setTimeout(hold)); // after a paper that was replaced under the cursor was taken up again

  document.addEventListener("citydeck:incident", () => { desk.tell("report-refused", null); ask(); });
  setInterval(() => { if (document.visibilityState === "visible" && Date.now() - typedAt > AGAIN_MS) ask(); }, AGAIN_MS);

  new MutationObserver(() => {
    if (wanted() && wanted() !== asked) ask();
    for (const paper of papers()) if (!paper.mounted) {
      desk.mount(paper);
      paper.mounted = true;
      restore(paper);
      takeUp(paper);
    }
  }).observe(document, { childList: true, subtree: true });
})();
