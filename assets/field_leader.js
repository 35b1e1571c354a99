/* What only a leader does: sign a report that waits for a signature, and call whoever is on scene. Signing needs the network: a
   signature is for the text that lies before one's eyes now. */
(function () {
  "use strict";
  const field = (window.citydeckField = window.citydeckField || {});

  field.signing = function (row) {
    const waiting = ((field.picture.reports || {})[row.incident_id] || []).filter((report) => report.state === "reviewed");
    return waiting.map((report) => field.button(field.t("sign_report"), () => show(row, report), "is-main", "sign-report"));
  };

  function show(row, report) {
    const { h, t } = field, told = Object.entries(report.fields).filter(([, value]) => value !== null && value !== "");
    const wrong = h("p", { class: "field-wrong", role: "alert" });
    const answer = (deed, reason) => async () => {
      try {
        const said = await field.post(`/api/v1/reports/${report.report_id}/deeds`, { deed, version: report.version, ...(reason ? { reason } : {}) });
        if (said.ok) { field.closeSheet(); return field.refresh(); }
        wrong.textContent = said.status === 409 ? t("changed_meanwhile") : field.has("refused", said.document.code) ? field.named("refused", said.document.code) : t("refused", { code: said.document.code || said.status });
      } catch (error) {
        if (!(error instanceof field.Unreachable)) throw error;
        wrong.textContent = t("sign_needs_network");
      }
    };
    field.closeSheet();
    document.body.append(h("div", { class: "field-sheet", role: "dialog", "aria-modal": "true", "aria-label": t("sign_report") },
      h("div", { class: "field-sheet-body" }, h("h2", {}, t("sign_report")), h("p", { class: "field-where" }, (row.exercise ? `${t("exercise")} · ` : "") + row.title), h("dl", { class: "field-told" }, told.map(([name, value]) => [h("dt", {}, reportField(name)), h("dd", {}, String(value))])), wrong),
      h("div", { class: "field-sheet-end" }, field.button(t("sign_report"), answer("sign"), "is-main", "sign"), field.button(t("back"), field.closeSheet, "", "back"))));
  }

  const reportField = (name) => (field.named("field", name));

  /* Units on this incident with a telephone: one tap calls. */
  field.callable = (row) => field.picture.units.filter((unit) => unit.run === row.incident_id && unit.phone).slice(0, 3)
    .map((unit) => field.h("a", { class: "field-button field-call", href: `tel:${unit.phone}` }, field.h("span", {}, `☎ ${unit.name}`), field.h("small", {}, field.named("step", unit.state))));
})();
