/* Notices that somebody has not read: what is asked of them, and who calls. Reading and answering wait like everything else. */
(function () {
  "use strict";
  const field = (window.citydeckField = window.citydeckField || {});
  const SHOWN = 6, CALLS = new Set(["critical_alarm", "critical_incident", "task", "warning", "roll_call", "duty_check"]);

  field.notices = function () {
    const said = new Set(field.queued().filter((entry) => entry.kind === "read").flatMap((entry) => entry.body.notice_ids));
    const rows = (field.picture.notices || []).filter((notice) => notice.read_at === null && !said.has(notice.notice_id)).slice(0, SHOWN);
    return rows.length ? [field.h("h2", { class: "field-title" }, field.t("list_notices"), field.h("span", {}, rows.length)), ...rows.map(line)] : [];
  };

  /* People by their names (API, `people`), several as the language lists them. */
  const told = (notice, name) => [notice.params[name] ?? ""].flat().map((one) => (name === "by" || name === "not_reached" ? (notice.people || {})[one] || field.person(String(one)) : one)).join(field.lang() === "en" ? ", " : "、");
  const filled = (notice, part) => field.named("notice", `${notice.template}.${part}`).replace(/\{(\w+)\}/g, (_, name) => (name === "deed" && notice.params.deed ? field.deedName(notice.params.deed) : told(notice, name)));

  function line(notice) {
    const title = filled(notice, "title");
    const seen = () => field.enqueue({ kind: "read", lane: "notices", title, body: { notice_ids: [notice.notice_id] } });
    const answer = async () => {
      await field.enqueue({ kind: "answer", lane: "notices", title, body: { thing: notice.thing } });
      await seen();
    };
    const calls = CALLS.has(notice.template);
    return field.h("article", { class: "field-card is-notice", "data-notice": notice.notice_id },
      field.h("div", { class: "field-card-face" }, field.h("div", { class: "field-card-head" }, field.h("strong", {}, title), notice.exercise ? field.h("span", { class: "tag is-exercise" }, field.t("exercise")) : null), field.h("p", { class: "field-where" }, filled(notice, "body")), field.h("p", { class: "field-facts" }, field.clock(notice.created_at))),
      field.h("div", { class: "field-pair" }, calls ? field.button(field.t("answer_call"), answer, "is-main", "answer-call") : null, field.button(field.t("seen"), seen, "is-small", "seen")));
  }
})();
