/* An alarm that nobody has taken, as the work tab shows it: the shape, the words and the order of the wall (layouts/panels/alarms.py), made
   here so that they stand without a network too. */
(function () {
  "use strict";
  const field = (window.citydeckField = window.citydeckField || {});
  const SHOWN = 20;
  const TAKERS = ["operator", "dispatcher", "duty_officer"];
  const how = () => field.setup().alarms;

  const words = () => field.setup().value;
  const written = (metric, value) => Object.values(window.citydeckValue.written(words(), how().metrics, metric, value)).filter(Boolean).join(" ");
  const titleOf = (alarm) => (field.lang() === "en" && alarm.device_name_en) || alarm.device_name || alarm.device_id;

  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const said = (name, values = {}) => filled(field.named("alarm", name), values);

  function limit(alarm) {
    const rule = how().rules[alarm.rule_id], value = alarm.limit_value, flag = (how().metrics[alarm.metric] || [])[3];
    if (!rule || value === null || flag) return "";
    const [, type, side, times] = rule;
    if (type === "no_data") return said("limit_silence", { value: value < 60 ? field.t("span_seconds", { n: value }) : field.span(value * 1000) });
    const text = written(alarm.metric, value);
    if (type === "repetition") return said("limit_repeated", { value: said("limit_" + side, { value: text }), times });
    return said("limit_" + side, { value: type === "rate" ? text + "/min" : text });
  }

  const seen = (metric) => (metric.startsWith(how().stated) ? " · " + (how().metrics[metric] || [metric])[0] : "");

  /* What is measured now, or at the raise where nothing newer is known: as the wall draws it, and where it comes from. */
  function measured(alarm) {
    if (alarm.raised_value === null) return null;
    const from = { feed: alarm.feed, device: titleOf(alarm), id: alarm.device_id, metric: alarm.metric, owner: field.named("department", alarm.department) };
    const read = { ...from, raised: [alarm.raised_at, alarm.raised_value], every: alarm.interval_s, zone: field.setup().zone };
    const { value, why } = window.citydeckValue.measured(words(), how().metrics, how().stale_after, read);
    return { shown: window.citydeckValue.now(words(), value), why };
  }

  /* What and how much against which limit. */
  function what(alarm, value) {
    const told = limit(alarm);
    return field.h("div", { class: "card-what" }, field.named("rule", alarm.rule_id) + seen(alarm.metric), value ? [" ", value.shown] : null, told ? [" ", field.h("span", { class: "limit" }, told)] : null,
      alarm.flapping ? field.h("span", { class: "alarm-tag" }, said("flapping", { n: alarm.times })) : null);
  }

  function card(alarm, may) {
    const { h } = field, word = field.named("severity", alarm.severity), value = measured(alarm);
    const state = (alarm.state === "cleared" ? said("cleared") + " · " : "") + said("unacknowledged");
    const head = h("div", { class: "card-head" }, h("span", { class: `mark mark-${alarm.severity}`, role: "img", "aria-label": word, title: word }), h("strong", {}, titleOf(alarm)), h("span", { class: "tag" }, word));
    const facts = h("div", { class: "card-facts" }, `${field.townOf(alarm.region)} · `, h("span", { class: "age", "data-age-at": alarm.raised_at }, window.citydeckAge(field.now() - alarm.raised_at)), ` · ${state}`, value ? value.why : null);
    return h("article", { class: `card line-${alarm.severity} is-waiting is-${alarm.state}`, "data-alarm": alarm.alarm_id }, head, what(alarm, value), facts,
      may ? field.button(said("acknowledge"), () => field.acknowledge(alarm), "is-main", "acknowledge") : null);
  }

  /* What nobody has taken, the worst first, as the server orders them; what is silenced asks nobody. */
  function waiting() {
    const taken = new Set(field.queued().filter((entry) => entry.kind === "ack").map((entry) => entry.alarm));
    return (field.picture.alarms || []).filter((alarm) => alarm.acknowledged_at === null && !alarm.silence_id && !taken.has(alarm.alarm_id));
  }

  /* That there is no major incident; a critical alarm that nobody has taken is named in the same breath, and leads to the alarms. */
  field.noMajor = function () {
    const rows = field.picture.alarms || [], n = waiting().filter((alarm) => alarm.severity === "critical" && alarm.state === "active").length;
    if (!n) return field.h("div", { class: "state state-empty" }, field.h("span", { class: "state-check" }), field.t("nothing_major"));
    const many = field.picture.unseen && rows.every((alarm) => alarm.severity === "critical") ? "+" : "";
    return field.h("a", { class: "state state-empty is-but", href: "#alarms" }, field.h("span", { class: "mark mark-critical" }), field.t("nothing_major_but", { n: `${n}${many}` }));
  };

  field.alarms = function () {
    const rows = waiting();
    if (!rows.length) return [];
    const may = field.me.roles.some((role) => TAKERS.includes(role)), many = field.picture.unseen ? "+" : "", left = rows.length - SHOWN;
    const more = left > 0 || many ? field.h("a", { class: "field-more", href: "#alarms" }, field.t("more_alarms", { n: `${Math.max(left, 0)}${many}` })) : null;
    return [field.h("h2", { class: "field-title" }, field.t("list_alarms"), field.h("span", {}, rows.length + many)), ...rows.slice(0, SHOWN).map((alarm) => card(alarm, may)), more];
  };
})();
