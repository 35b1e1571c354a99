/* The three modes: field (my incidents, one next action), watch officer (what needs somebody), leader (what is major). Each makes its
   list, and the dock under the thumb for the incident that is chosen. */
(function () {
  "use strict";
  const field = (window.citydeckField = window.citydeckField || {});
  const MODES = { handler: "field", operator: "watch", dispatcher: "watch", duty_officer: "watch", leader: "leader" };
  const BESIDE = ["say", "verify", "return", "dispatch_on", "extend", "dispute", "rework", "remind", "supervise", "instruct", "answer_instruction", "begin_initial_action", "hand_over"];
  let byHand = false, chosen; // an incident's id; null: closed by hand; undefined: nobody has chosen yet

  const ALL = ["field", "watch", "leader"], CHOSEN = "citydeck:mode";

  /* The mode is the role's until somebody chooses another one; what they may see and do there stays theirs. */
  field.mode = function () {
    const wished = localStorage.getItem(CHOSEN), own = ((field.me && field.me.roles) || []).map((role) => MODES[role]).find(Boolean);
    return ALL.includes(wished) ? wished : own || "watch";
  };

  field.chooseMode = function () {
    const now = field.mode(), take = (name) => () => { localStorage.setItem(CHOSEN, name); chosen = undefined; location.hash = ""; field.render(); field.refresh(); };
    field.menu(field.t("modes"), "", ALL.map((name) => [field.t("mode_" + name), take(name), name === now ? "is-main" : ""]));
  };

  function choose(id) {
    chosen = chosen === id ? null : id;
    byHand = true;
    field.render();
    if (chosen) field.open(chosen).then(field.render);
  }

  /* Until somebody chooses, and when what was chosen is over: the first of the list. */
  function first(rows) {
    const known = field.rows(...Object.keys(field.picture.lists)).some((row) => row.incident_id === chosen);
    if (chosen !== null && !known) chosen = rows.length ? rows[0].incident_id : undefined;
  }

  const cards = (rows) => rows.map((row) => field.card(row, row.incident_id === chosen, choose));
  const group = (title, rows) => (rows.length ? [field.h("h2", { class: "field-title" }, title, field.h("span", {}, rows.length)), cards(rows)] : []);
  const nothing = (word) => field.h("div", { class: "state state-empty" }, field.h("span", { class: "state-check" }), field.t(word));
  /* What the list of alarms says of itself, where this page has it: that there is a storm; that its being empty means nothing. */
  const said = (what) => { const found = document.querySelector(`.panel-mobile_alarms ${what}`); return found ? found.cloneNode(true) : null; };
  const unsure = () => { const found = said(".state-empty:has(> .state-dash)"); return found && field.net.online !== false ? found : null; };
  /* Drawn anew when that changes: the list comes from the server, and often after this tab. */
  let heard = null, known = "";
  function hearAlarms() {
    const panel = document.querySelector(".panel-mobile_alarms"), told = () => [said(".storm"), unsure()].map((one) => (one ? one.textContent : "")).join();
    if (!panel || heard === panel) return;
    heard = panel;
    new MutationObserver(() => { if (told() !== known) { known = told(); field.render(); } }).observe(panel, { childList: true, subtree: true });
  }
  const isMine = (row) => ["dispatched", "handling"].includes(field.stateOf(row)) || Boolean(field.unitOn(row.incident_id));

  const LISTS = {
    field() {
      const rows = field.rows("own"), mine = rows.filter(isMine), rest = rows.filter((row) => !isMine(row));
      first(mine.length ? mine : rows);
      return [units(), ...(mine.length ? group(field.t("mine"), mine) : [nothing("nothing_mine")]), ...group(field.t("open_beside"), rest)];
    },
    watch() {
      hearAlarms();
      const storm = said(".storm"); // then alarms come first, and no incident takes the place of their cards by itself
      if (storm && !byHand) chosen = undefined;
      else first(field.rows("proposed", "new", "overdue"));
      const lists = [["proposed", "proposed"], ["new", "new"], ["overdue", "overdue"]].flatMap(([name, word]) => group(field.t("list_" + word), field.rows(name)));
      const all = [storm, unsure(), ...field.alarms(), ...lists].flat().filter(Boolean);
      return all.length ? all : [nothing("nothing_waits")];
    },
    leader() {
      const major = field.rows("major", "serious", "emergency", "critical"), asked = field.rows("proposed").filter((row) => !major.some((one) => one.incident_id === row.incident_id) && answers(row).length);
      first([...major, ...asked]);
      const all = [...group(field.t("list_major"), major), ...group(field.t("list_proposed"), asked)];
      return all.length ? all : [field.noMajor()];
    },
  };

  /* The one who carries the tablet: their unit and its state, before anything else. */
  function units() {
    const own = field.picture.units.filter((unit) => unit.members.includes(field.me.username));
    return own.map((unit) => field.h("p", { class: "field-unit", "data-unit": unit.unit_id }, field.h("strong", {}, unit.name), field.named("step", field.stepOf(unit).state), unit.on_shift ? "" : ` · ${field.t("off_shift")}`));
  }

  /* ---- the dock ---- */

  const answers = (row) => field.moves(row).filter((deed) => deed.startsWith("approve:") || deed.startsWith("refuse:"));
  const doDeed = (row, deed) => (field.hasSheet(deed) ? field.sheet(deed, row, (said) => field.deed(row, deed, said)) : field.deed(row, deed));
  const help = (row) => field.button(field.t("help"), () => field.sheet("ask_for_help", row, async (said) => field.deed(row, "ask_for_help", { ...said, text: said.text || said.what_for || field.t("help"), ...(await field.here()) })), "is-help", "help");
  const more = (row) => {
    const open = BESIDE.filter((deed) => field.moves(row).includes(deed));
    return open.length ? field.button(field.t("more"), () => field.menu(field.t("more"), row.title || row.number, open.map((deed) => [field.deedName(deed, row.spine), () => doDeed(row, deed)])), "", "more") : null;
  };
  const report = () => field.button(field.t("sheet_report"), () => field.sheet("report", null, sendReport), "", "report");

  async function sendReport({ photo, address, ...said }) {
    const place = { ...(await field.here()), ...(address ? { address } : {}) };
    await field.report({ ...said, place: Object.keys(place).length ? place : { address: field.t("place_unknown") } }, photo);
  }

  const MAIN = {
    field(row) {
      const next = field.next(row);
      return [next ? field.button(field.t("next_" + next.name), next.go, "is-main is-large", "next") : null, field.h("div", { class: "field-pair" }, help(row), more(row), report())];
    },
    watch(row) {
      const asked = answers(row).map((deed) => field.button(field.deedName(deed, row.spine), () => doDeed(row, deed), deed.startsWith("approve") ? "is-main" : "", deed));
      const ahead = field.moves(row).filter((deed) => ["accept", "accept_verified", "file", "close", "complete"].includes(deed)).map((deed) => field.button(field.deedName(deed, row.spine), () => doDeed(row, deed), "is-main", deed));
      return [field.h("div", { class: "field-pair" }, asked, asked.length ? null : ahead.slice(0, 2)), field.h("div", { class: "field-pair" }, more(row), report())];
    },
    leader(row) {
      const asked = answers(row).map((deed) => field.button(field.deedName(deed, row.spine), () => doDeed(row, deed), deed.startsWith("approve") ? "is-main" : "", deed));
      const may = field.moves(row).includes("instruct");
      return [field.h("div", { class: "field-pair" }, asked), ...field.signing(row), field.h("div", { class: "field-pair" }, may ? field.button(field.deedName("instruct"), () => doDeed(row, "instruct"), "is-main", "instruct") : null, more(row), ...field.callable(row))];
    },
  };

  field.dockOf = function (mode) {
    const row = field.rows("own", "proposed", "new", "overdue", "major", "serious", "emergency", "critical").find((one) => one.incident_id === chosen);
    return row ? [field.h("p", { class: "field-dock-title" }, row.title || row.number), ...MAIN[mode](row)] : [field.h("div", { class: "field-pair" }, report())];
  };
  field.listOf = (mode) => LISTS[mode]();

  field.menu = function (title, about, choices) {
    field.closeSheet();
    const each = choices.map(([text, go, kind = ""]) => field.button(text, () => { field.closeSheet(); go(); }, kind, "choice"));
    document.body.append(field.h("div", { class: "field-sheet", role: "dialog", "aria-modal": "true", "aria-label": title }, field.h("div", { class: "field-sheet-body" }, field.h("h2", {}, title), about ? field.h("p", { class: "field-where" }, about) : null, each), field.h("div", { class: "field-sheet-end" }, field.button(field.t("back"), field.closeSheet, "", "back"))));
  };
})();
