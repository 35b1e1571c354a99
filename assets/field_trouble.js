/* The strip of the network's truth, and every refusal with what happened meanwhile: nothing that was done here is dropped in silence. */
(function () {
  "use strict";
  const field = (window.citydeckField = window.citydeckField || {});

  /* 在线 / 离线 12 分钟，2 项待发送: one sentence, and how old the picture is while nothing answers. */
  field.netLine = function () {
    const { t, net, picture } = field, waiting = field.waiting().length, parts = [];
    if (net.signedOut) parts.push(t("sign_in_again"));
    else if (net.online === false) parts.push(net.heardAt || (picture && picture.at) ? t("offline_for", { span: field.span(Date.now() - Math.max(net.heardAt || 0, (picture && picture.at) || 0)) }) : t("offline"));
    else parts.push(t(net.online ? "online" : "connecting"));
    if (waiting) parts.push(t("to_send", { n: waiting }));
    if (net.online === false && picture) parts.push(t("picture_of", { time: field.clock(picture.at) }));
    if (field.me && field.othersWaiting()) parts.push(t("others_wait", { n: field.othersWaiting() }));
    return parts.join(t("comma"));
  };

  field.showStrip = function () {
    const strip = field.place("strip");
    if (!strip) return;
    const state = field.net.signedOut ? "out" : field.net.online === false ? "offline" : field.waiting().length ? "sending" : "online";
    const text = field.netLine();
    strip.hidden = false;
    if (strip.dataset.state === state && strip.dataset.text === text) return;
    Object.assign(strip.dataset, { state, text });
    strip.replaceChildren(field.h("span", {}, text), field.net.signedOut ? field.h("a", { class: "field-button is-small", href: `/login?next=/mobile&lang=${field.lang()}` }, field.t("sign_in")) : "");
  };

  field.troubles = () => field.refusals().map((entry) => {
    const { h, t } = field, { status, code, events = [], params = {} } = entry.answer;
    const others = events.filter((event) => event.actor !== field.me.username);
    const why = status === 409 && code === "changed" ? t("changed_meanwhile") : field.has("refused", code) ? field.named("refused", code) : t("refused", { code: code || status });
    const meanwhile = others.length ? h("ol", { class: "field-talk" }, others.map(field.eventLine)) : params.state ? h("p", {}, t("now_state", { state: stateName(entry, params.state) })) : null;
    return h("section", { class: "field-trouble", role: "alert", "data-trouble": entry.seq },
      h("strong", {}, `${doing(entry)} · ${entry.title}`), h("p", {}, t("done_at", { time: field.clock(entry.at) }), " ", why), meanwhile,
      h("div", { class: "field-pair" }, field.button(t("again"), () => field.again(entry.seq), "is-main", "again"), field.button(t("give_up"), () => confirm(t("give_up_sure")) && field.giveUp(entry.seq), "", "give-up")));
  });

  function stateName(entry, state) {
    const row = field.picture && Object.values(field.picture.lists).flat().find((one) => one.incident_id === entry.incident);
    return row ? field.owed(row.spine, state) : state;
  }

  function doing(entry) {
    return { deed: () => field.deedName(entry.deed), step: () => field.named("step", entry.body.state), photo: () => `${field.t("picture")} ${field.named("phase", entry.body.phase)}`, report: () => field.t("sheet_report"), ack: () => field.t("acknowledge"), read: () => field.t("seen"), answer: () => field.t("answer_call") }[entry.kind]();
  }
  field.doing = doing;

  /* What waits, in the order in which it will go. */
  field.waitingList = () => {
    const waiting = field.waiting();
    if (!waiting.length) return null;
    const line = (entry) => field.h("li", { "data-waiting": entry.kind }, field.h("time", {}, field.clock(entry.at)), ` ${doing(entry)} · ${entry.title}`);
    return field.h("details", { class: "field-waiting", open: field.net.online === false }, field.h("summary", {}, field.t("to_send", { n: waiting.length })), field.h("ol", {}, waiting.map(line)));
  };
})();
