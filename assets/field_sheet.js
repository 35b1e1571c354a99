/* The sheet over the work tab: a small form for one deed, one report or one refusal. What is typed is kept until it is sent. */
(function () {
  "use strict";
  const field = (window.citydeckField = window.citydeckField || {});
  const HELP = ["people", "vehicles", "pumps", "medical", "police"];
  const one = (name, kind, wanted = true, options = null) => ({ name, kind, wanted, options });
  const TIMES = () => field.names("unit").filter(([code]) => code.endsWith("hours") || code.endsWith("days"));

  const owed = (row) => Object.entries(((field.picture.details[row.incident_id] || {}).incident || {}).instructions || {}).filter(([, said]) => !said.ended).map(([id, said]) => [id, `${field.person(said.by)}: ${said.text}`]);

  /* Sheet -> its fields; a deed that is not here has none. */
  const FIELDS = {
    done: () => [{ ...one("note", "lines"), value: field.t("done_note") }],
    check: () => [one("picture_agrees", "yes", false), { ...one("note", "lines"), value: field.t("check_note") }],
    ask_for_help: () => [one("what_for", "chips", false, HELP.map((name) => [field.t("help_" + name), field.t("help_" + name)])), one("text", "lines", false)],
    extend: () => [one("amount", "number"), one("unit", "select", true, TIMES()), one("reason", "lines")],
    answer_instruction: (row) => [one("instruction", "select", true, owed(row)), one("text", "lines")],
    hand_over: (row) => [one("spine", "select", true, field.names("spine").filter(([code]) => !code.includes(".") && code !== row.spine)), one("reason", "lines")],
    dispatch_on: () => [one("lead", "select", true, field.names("department"))],
    report: () => [one("title", "text"), one("urgency", "chips", false, field.names("urgency")), one("class_code", "search", false, field.names("class")), one("address", "text", false), one("description", "lines", false), one("photo", "file", false)],
    ...Object.fromEntries(["return", "rework", "dispute", "decline", "void"].map((name) => [name, () => [one("reason", "lines")]])),
    ...Object.fromEntries(["say", "instruct"].map((name) => [name, () => [one("text", "lines")]])),
    ...Object.fromEntries(["verify", "remind", "supervise", "begin_initial_action"].map((name) => [name, () => [one("note", "lines")]])),
  };
  field.hasSheet = (deed) => deed in FIELDS || deed.startsWith("refuse:");

  field.sheet = async function (name, row, send) {
    field.closeSheet();
    const { h, t } = field, asked = name.startsWith("refuse:") ? [one("reason", "lines")] : FIELDS[name](row), key = `draft:${row ? row.incident_id : ""}:${name}`;
    const draft = (await field.store.kept(key)) || {}, controls = asked.map((wish) => control(wish, draft[wish.name]));
    const keep = () => field.store.keep(key, Object.fromEntries(controls.filter((c) => c.kept).map((c) => [c.name, c.read()])));
    const wrong = h("p", { class: "field-wrong", role: "alert" });
    const go = async () => {
      const missing = controls.find((c) => c.wanted && !c.read());
      if (missing) { wrong.textContent = t("missing", { field: missing.label }); return missing.focus(); }
      const said = Object.fromEntries(controls.map((c) => [c.name, c.read()]).filter(([, value]) => value !== "" && value !== null && value !== undefined));
      field.closeSheet();
      await field.store.keep(key, null);
      await send(said);
    };
    const title = field.has("deed", name.split(":")[0]) && name !== "report" ? field.deedName(name, row ? row.spine : "") : t("sheet_" + name);
    const sheet = h("div", { class: "field-sheet", role: "dialog", "aria-modal": "true", "aria-label": title, oninput: keep },
      h("div", { class: "field-sheet-body" }, h("h2", {}, title), row ? h("p", { class: "field-where" }, (row.exercise ? `${t("exercise")} · ` : "") + (row.title || row.number)) : null, controls.map((c) => c.element), wrong),
      h("div", { class: "field-sheet-end" }, field.button(t("send"), go, "is-main", "send"), field.button(t("back"), field.closeSheet, "", "back")));
    document.body.append(sheet);
  };

  field.closeSheet = () => document.querySelectorAll(".field-sheet").forEach((sheet) => sheet.remove());
  addEventListener("keydown", (event) => event.key === "Escape" && field.closeSheet());

  function control(wish, draft) {
    const label = field.has("field", wish.name) ? field.named("field", wish.name) : field.t("field_" + wish.name);
    const made = KINDS[wish.kind](wish, draft !== undefined && draft !== null ? draft : wish.value);
    const tag = wish.kind === "chips" || wish.kind === "file" ? "div" : "label";
    const element = field.h(tag, { class: "field-line" }, field.h("span", {}, label, wish.wanted ? " *" : ""), made.element);
    return { name: wish.name, wanted: wish.wanted, kept: wish.kind !== "file", label, element, read: made.read, focus: () => (made.input || made.element).focus() };
  }

  function typed(tag, said, value) {
    const element = field.h(tag, { ...said, value: value ?? "" });
    return { element, read: () => element.value.trim() };
  }

  const KINDS = {
    lines: (wish, value) => typed("textarea", { rows: 3, "data-field-name": wish.name }, value),
    text: (wish, value) => typed("input", { type: "text", "data-field-name": wish.name }, value),
    number(wish, value) {
      const made = typed("input", { type: "number", inputmode: "decimal", "data-field-name": wish.name }, value);
      return { ...made, read: () => (made.element.value === "" ? null : Number(made.element.value)) };
    },
    yes(wish, value) {
      const element = field.h("input", { type: "checkbox", checked: Boolean(value), "data-field-name": wish.name });
      return { element, read: () => element.checked };
    },
    select(wish, value) {
      const element = field.h("select", { "data-field-name": wish.name }, wish.options.map(([code, text]) => field.h("option", { value: code }, text)));
      if (value) element.value = value;
      return { element, read: () => element.value };
    },
    /* A class by any part of its name: the list is the browser's own. */
    search(wish, value) {
      const code = (text) => (wish.options.find(([, name]) => name === text) || [null])[0];
      const input = field.h("input", { type: "search", list: "field-options", "data-field-name": wish.name, value: value ? field.named("class", value) : "" });
      return { input, element: field.h("span", {}, input, field.h("datalist", { id: "field-options" }, wish.options.map(([, text]) => field.h("option", { value: text })))), read: () => code(input.value) };
    },
    chips(wish, value) {
      let chosen = value || null;
      const chips = wish.options.map(([code, text]) => field.button(text, () => { chosen = chosen === code ? null : code; show(); }, "is-chip", "chip-" + code));
      const show = () => chips.forEach((chip, n) => chip.setAttribute("aria-pressed", String(wish.options[n][0] === chosen)));
      show();
      return { element: field.h("div", { class: "field-chips" }, chips), read: () => chosen };
    },
    file() {
      let file = null;
      const button = field.button("+ " + field.t("picture"), async () => { file = (await field.shoot()) || file; if (file) button.textContent = `✓ ${field.t("picture")}`; }, "is-quiet", "report-photo");
      return { element: button, read: () => file };
    },
  };
})();
