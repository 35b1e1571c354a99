/* One incident as the work tab shows it: what, where, by when; the steps taken with their times; pictures side by side; what was said. */
(function () {
  "use strict";
  const field = (window.citydeckField = window.citydeckField || {});
  const STEPS = ["assigned", "acknowledged", "en_route", "on_scene", "available"], PHASES = ["before", "after", "check"], SAID = 6;
  const SAYING = new Set(["say", "call", "ask_for_help", "instruct", "answer_instruction", "remind", "supervise", "return", "rework", "feed_back"]);
  const shots = new Map(); // request_id -> address of a picture that waits here

  field.card = function (row, open, choose) {
    const { h } = field, detail = field.picture.details[row.incident_id], whole = detail ? detail.incident : row;
    const head = h("div", { class: "field-card-head" }, h("i", { class: `mark mark-${{ critical: "critical", urgent: "major" }[row.urgency] || "warning"}` }), h("strong", {}, row.title || row.number), tags(row));
    const facts = h("p", { class: "field-facts" }, `${field.owed(row.spine, field.stateOf(row))}${pendingMark(row)}`, due(row), h("span", {}, row.number));
    const face = h("button", { type: "button", class: "field-card-face", onclick: () => choose(row.incident_id), "aria-expanded": String(open) }, head, where(row, whole), facts);
    const body = open ? [description(whole), proposals(whole), steps(row), pictures(row, detail), figures(row, detail), instructions(whole), talk(detail)] : [];
    return h("article", { class: `field-card is-${row.urgency}${open ? " is-open" : ""}`, "data-incident": row.incident_id }, face, body);
  };

  function tags(row) {
    const grade = row.grade && row.grade !== "ungraded" ? field.h("span", { class: "tag" }, field.named("grade", row.grade)) : null;
    return [grade, field.h("span", { class: "tag" }, field.named("spine", row.spine)), row.exercise ? field.h("span", { class: "tag is-exercise" }, field.t("exercise")) : null];
  }

  const pendingMark = (row) => (field.pending(row.incident_id).some((entry) => entry.state === "waiting") ? ` · ${field.t("not_sent_yet")}` : "");

  function where(row, whole) {
    const address = (whole.place && whole.place.address) || row.address || "";
    return field.h("p", { class: "field-where" }, [row.class_code ? field.named("class", row.class_code) : "", row.region ? field.named("region", row.region) : "", address].filter(Boolean).join(" · "));
  }

  function due(row) {
    if (!row.due_at) return null;
    const left = row.due_at - field.now(), late = left < 0;
    return field.h("span", { class: late ? "is-late" : row.near_at && row.near_at <= field.now() ? "is-near" : "" }, field.t(late ? "over" : "left", { span: field.span(left) }));
  }

  const description = (whole) => (whole.description ? field.h("p", { class: "field-description" }, whole.description) : null);

  /* What somebody asks leave for, with their reason. */
  const proposals = (whole) => Object.entries(Array.isArray(whole.proposals) ? {} : whole.proposals || {}).map(([deed, asked]) =>
    field.h("p", { class: "field-asked" }, field.h("b", {}, field.t("asked", { deed: field.deedName(deed, whole.spine) })), ` ${field.person(asked.by)} · ${field.clock(asked.at)} `, asked.data.reason || asked.data.note || ""));

  function steps(row) {
    const unit = field.unitOn(row.incident_id);
    if (!unit) return null;
    const { state, times } = field.stepOf(unit), reached = STEPS.indexOf(state);
    const one = (step, n) => field.h("li", { class: n < reached ? "is-done" : n === reached ? "is-now" : "" }, field.h("span", {}, field.t("step_" + step)), field.h("time", {}, times[step] ? field.clock(times[step]) : ""));
    return field.h("ol", { class: "field-steps", "data-state": state }, STEPS.map(one));
  }

  function pictures(row, detail) {
    const held = ((detail || {}).attachments || []).filter((one) => one.media_type.startsWith("image/"));
    const waiting = field.pending(row.incident_id).filter((entry) => entry.kind === "photo");
    const slot = (phase) => {
      const own = waiting.filter((entry) => entry.body.phase === phase).pop(), known = held.filter((one) => one.phase === phase).pop();
      const shown = own ? figure(shot(own), phase, own.at, own.body, true) : known ? figure(`/api/v1/incidents/${row.incident_id}/attachments/${known.attachment_id}`, phase, known.taken_at || known.added_at, known, false) : null;
      const add = field.button("+ " + field.named("phase", phase), () => field.shoot().then((file) => file && field.photo(row, phase, file)), "is-quiet", "photo-" + phase);
      return field.h("div", { class: "field-shot" }, shown, add);
    };
    return field.h("div", { class: "field-pictures" }, PHASES.map(slot));
  }

  function shot(entry) {
    if (!shots.has(entry.request_id)) shots.set(entry.request_id, URL.createObjectURL(entry.file));
    return shots.get(entry.request_id);
  }

  function figure(source, phase, at, place, waits) {
    const spot = place.lon === undefined || place.lon === null ? field.t("no_place") : `${place.lon.toFixed(4)}, ${place.lat.toFixed(4)}`;
    const image = field.h("img", { src: source, alt: field.named("phase", phase), loading: "lazy", onerror: (event) => event.target.classList.add("is-gone") });
    return field.h("figure", { class: waits ? "is-waiting" : "" }, image, field.h("figcaption", {}, `${field.named("phase", phase)} ${field.clock(at)}`, field.h("small", {}, waits ? field.t("not_sent_yet") : spot)));
  }

  /* One agreed figure; where sources disagree, each is shown until one is confirmed. */
  function figures(row, detail) {
    const held = Object.entries((detail && detail.incident.figures) || {});
    if (!held.length) return null;
    const may = field.moves(row).includes("confirm_figure");
    const claim = (what) => ([source, said]) => field.h("li", {}, `${source} ${said.value} · ${field.clock(said.at)}`, may ? field.button(field.t("confirm"), () => field.deed(row, "confirm_figure", { what, value: said.value }), "is-small") : null);
    const one = ([what, known]) => {
      const { agreed, claims } = known, split = Object.entries(claims).filter(([, said]) => !agreed || (said.value !== agreed.value && said.at > agreed.at));
      const told = agreed ? field.t("agreed", { value: agreed.value, who: agreed.confirmer, time: field.clock(agreed.at), n: agreed.version }) : field.t("not_agreed");
      return field.h("li", {}, field.h("b", {}, field.named("figure_of", what)), ` ${told}`, split.length ? field.h("ul", {}, split.map(claim(what))) : null);
    };
    return field.h("ul", { class: "field-figures" }, held.map(one));
  }

  /* Leaders' instructions with their answers; one without says that it owes one. */
  function instructions(whole) {
    const held = Object.values(whole.instructions || {});
    const one = (said) => field.h("li", { class: said.ended ? "" : "is-owed" }, field.h("b", {}, field.person(said.by)), ` ${said.text} `, field.h("small", {}, field.clock(said.at)),
      field.h("p", {}, said.ended ? `${field.person(said.answered_by)} ${field.clock(said.answered_at)} ${said.answer || field.t("instruction_over")}` : field.t("instruction_owed")));
    return held.length ? field.h("ul", { class: "field-figures field-instructions" }, held.map(one)) : null;
  }

  function talk(detail) {
    const said = ((detail || {}).events || []).filter((event) => SAYING.has(event.deed)).slice(-SAID).reverse();
    return said.length ? field.h("ol", { class: "field-talk" }, said.map(field.eventLine)) : null;
  }

  /* By name, where an incident that this screen holds tells it (API, `people`). */
  field.person = (actor) => (actor.includes(":") ? field.t("system") : Object.values(field.picture.details).map(({ people }) => people && people[actor]).find(Boolean) || actor);
  field.eventLine = (event) => field.h("li", {}, field.h("time", {}, field.clock(event.at)), ` ${field.person(event.actor)} · ${field.deedName(event.data.deed && event.deed === "propose" ? event.data.deed : event.deed)} `, event.data.text || event.data.reason || event.data.note || "");
  /* Orders have words of their own: 退单 is not 回退. */
  field.deedName = (deed, spine = "") => {
    const [answer, asked] = deed.split(":"), name = (code) => field.named("deed", field.has("deed", `${spine}.${code}`) ? `${spine}.${code}` : code);
    return asked ? name(answer).replace("{deed}", name(asked)) : name(deed).replace("{deed}", "");
  };
})();
