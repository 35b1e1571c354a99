/* Whom to send to the open incident: units that are on it with their lights, and for each need those that are proposed, with every
   reason. What is chosen and typed stays while the picture changes. */
(function () {
  "use strict";
  const D = window.citydeckDispatch;
  if (!D) return;
  const { make, t } = D, SHOWN = 4, LIGHTS = ["assigned", "acknowledged", "en_route", "on_scene"];
  let advice = null, refused = null, touched = new Map(), said = "", sending = false, more = new Set(), asked = 0;
  const reason = make("textarea", { rows: 2, className: "order-reason" });
  reason.addEventListener("input", () => foot());

  const pane = () => D.pane("order");
  const named = (id) => (D.units.get(id) || { name: id }).name;
  const word = (table, code) => (D.names[table] && D.names[table][code]) || code;
  const capability = (code) => (D.names.words["capability_" + code] ? t("capability_" + code) : code);

  function forget() {
    advice = refused = null;
    touched = new Map();
    said = reason.value = "";
    if (pane()) pane().replaceChildren(make("div", { className: "state", textContent: t("loading") }));
  }

  async function look(id) {
    const mine = ++asked, answer = await D.ask("GET", `/incidents/${id}/recommendation`);
    if (id !== D.incident || mine !== asked) return;
    advice = answer.ok ? answer.document : null;
    refused = answer.ok ? null : D.refusal(answer);
    if (answer.ok) D.takeUnits(answer.document.units);
    draw();
  }

  /* ---- what is on its way already ---- */

  const onRun = () => Object.entries((D.one && D.one.units) || {});
  const isUnder = (status) => D.names.on_run.includes(status);

  /* How many of each need are there or coming; one unit serves one need. */
  function stillWanted() {
    const left = onRun().filter(([, held]) => isUnder(held.status)).map(([id]) => id);
    return (advice ? advice.answers : []).map((answer) => {
      const mine = left.filter((id) => ((D.units.get(id) || {}).capabilities || []).includes(answer.need.capability)).slice(0, answer.need.number);
      mine.forEach((id) => left.splice(left.indexOf(id), 1));
      return answer.need.number - mine.length;
    });
  }

  function chosen() {
    const wanted = stillWanted(), found = new Set();
    (advice ? advice.answers : []).forEach((answer, i) => answer.send.slice(0, wanted[i]).forEach((id) => found.add(id)));
    for (const [id, yes] of touched) yes ? found.add(id) : found.delete(id);
    return [...found].filter((id) => D.units.has(id));
  }

  function otherThanProposed(ids) {
    const proposed = new Set((advice ? advice.answers : []).flatMap((answer) => answer.send));
    return proposed.size ? ids.filter((id) => !proposed.has(id)) : [];
  }

  function unitLine([id, held]) {
    const now = D.units.get(id), over = !isUnder(held.status), reached = held.times.on_scene, late = held.due_at && (reached || (over ? 0 : D.now())) > held.due_at;
    const lights = LIGHTS.map((state) => make("span", { className: "light" + (held.times[state] ? " is-lit" : "") + (held.status === state ? " is-now" : ""), data: { light: state } },
      make("i"), make("span", { textContent: word("states", state) }), make("small", { textContent: held.times[state] ? D.clock(held.times[state], true) : "–" })));
    const due = held.due_at && !over ? make("small", { className: "order-due", textContent: t(late ? "late_by" : "due", { time: late ? D.span(((reached || D.now()) - held.due_at) / 1000) : D.clock(held.due_at) }) }) : null;
    const steps = D.may && now && now.run === D.incident && !over ? now && (D.names.next[held.status] || []).map((state) =>
      make("button", { className: "chip", textContent: word("states", state), data: { step: state, unit: id, f: id + state } })) : [];
    return make("div", { className: "order-unit" + (late ? " is-late" : "") + (over ? " is-over" : ""), data: { unitOn: id } },
      make("div", { className: "order-head" }, make("b", { textContent: named(id) }), make("span", { className: "tag", textContent: word("states", held.status) }), due,
        now && now.phone ? make("small", { textContent: now.phone }) : null),
      make("div", { className: "lights" }, ...lights),
      steps.length ? make("div", { className: "order-steps" }, make("small", { textContent: t("by_radio") }), ...steps) : null);
  }

  /* ---- what is proposed ---- */

  function reasonText({ code, value, factor }) {
    const counts = factor !== 1 ? " ×" + factor.toFixed(2) : "";
    const values = { state: () => word("states", value), own_region: () => "", load: () => String(value), lacks: () => value.split(", ").map(capability).join(" ") };
    const text = values[code] ? values[code]() : String(value);
    return (code === "state" ? text : [word("reasons", code), text].filter(Boolean).join(" ")) + counts;
  }

  function proposal(one, picked) {
    const how = one.reasons.find((found) => found.code === "how"), straight = how && how.value !== "road", unit = D.units.get(one.unit_id) || {};
    const box = make("input", { type: "checkbox", checked: picked.has(one.unit_id), disabled: !D.may, data: { pick: one.unit_id, f: "pick" + one.unit_id } });
    const why = one.reasons.filter((found) => found.code !== "arrival" && found.code !== "how").map((found) => make("span", { textContent: reasonText(found) }));
    return make("label", { className: "order-line", data: { unit: one.unit_id } }, box,
      make("b", { textContent: named(one.unit_id) }), make("strong", { textContent: one.seconds === undefined ? "" : D.span(one.seconds) }),
      make("small", { className: "order-why" }, make("span", { className: straight ? "is-straight" : "", textContent: how ? word("how", how.value) : "" }), ...why,
        make("span", { textContent: unit.seen_at ? t("seen", { time: D.ago(unit.seen_at) }) : t("at_home") })));
  }

  function need(answer, wanted, picked, n) {
    const all = more.has(n), first = wanted > 0 ? SHOWN : 0, prefer = answer.need.prefer.length ? t("prefer", { what: answer.need.prefer.map(capability).join(" ") }) : "";
    const shown = answer.ranked.filter((one, i) => all || i < first || touched.has(one.unit_id)).slice(0, 20), hidden = Math.min(answer.ranked.length, 20) - first;
    const title = make("h3", {}, make("span", { textContent: `${capability(answer.need.capability)} × ${answer.need.number}` }), prefer ? make("small", { textContent: prefer }) : null,
      wanted <= 0 ? make("small", { className: "is-met", textContent: t("met") }) : null,
      wanted > 0 && answer.missing > 0 ? make("small", { className: "is-missing", textContent: t("missing", { n: Math.min(answer.missing, wanted) }) }) : null);
    const others = Object.entries(answer.refused).sort((a, b) => b[1] - a[1]).map(([code, count]) => `${word("refusals", code)} ${count}`);
    const rest = hidden > 0 ? make("button", { className: "chip", textContent: t(all ? "fewer" : "more", { n: hidden }), data: { more: n, f: "more" + n } }) : null;
    return make("section", { className: "order-need" }, title, ...shown.map((one) => proposal(one, picked)), rest,
      others.length && (wanted > 0 || all) ? make("p", { className: "order-others", textContent: t("others", { why: others.join(" · ") }) }) : null);
  }

  /* Any other free unit, by name. */
  function other() {
    const ranked = new Set(advice.answers.flatMap((answer) => answer.ranked.map((one) => one.unit_id)));
    const free = [...D.units.values()].filter((one) => D.names.free.includes(one.state) && !ranked.has(one.unit_id));
    const list = make("datalist", { id: "order-others" }, ...free.slice(0, 500).map((one) => make("option", { value: one.name, label: word("regions", one.region) })));
    const input = make("input", { type: "text", autocomplete: "off", placeholder: t("other_unit"), data: { f: "other" }, attributes: { list: "order-others", "aria-label": t("other_unit") } });
    input.addEventListener("change", () => {
      const found = free.find((one) => one.name === input.value.trim() || one.unit_id === input.value.trim());
      if (found) { touched.set(found.unit_id, true); draw(); }
    });
    return make("div", { className: "order-other" }, input, list);
  }

  /* ---- drawing ---- */

  function draw() {
    const box = pane();
    if (!box || !D.names) return;
    if (D.pressed) return void setTimeout(draw, 150);
    if (box.contains(document.activeElement) && document.activeElement.dataset.f === "other" && document.activeElement.value) return;
    const held = document.activeElement, key = box.contains(held) ? held.dataset.f : null, inReason = held === reason, wanted = stillWanted(), picked = new Set(chosen());
    const units = onRun(), under = units.filter(([, one]) => isUnder(one.status)).length;
    const parts = [make("div", { className: "order-title" }, make("b", { textContent: D.one ? D.titled(D.one) : "" }), make("small", { textContent: D.one ? D.one.number : "" }))];
    if (units.length) parts.push(make("section", { className: "order-units" }, make("h3", { textContent: t("on_incident", { n: units.length }) }), ...units.map(unitLine)));
    if (refused) parts.push(make("div", { className: "answer", textContent: refused }));
    if (advice && !advice.answers.length) parts.push(make("p", { className: "order-others", textContent: t("no_need") }));
    if (advice) parts.push(...advice.answers.map((answer, n) => need(answer, wanted[n], picked, n)));
    if (advice && D.may) parts.push(extra(picked), other());
    parts.push(make("div", { className: "order-foot" }));
    const at = box.scrollTop;
    box.replaceChildren(...parts.filter(Boolean));
    foot();
    box.scrollTop = at;
    const back = inReason ? reason : key && box.querySelector(`[data-f="${CSS.escape(key)}"]`);
    if (back) back.focus({ preventScroll: true });
    D.note("order", under ? t("count_units", { n: under }) : advice && wanted.some((n) => n > 0) ? t("count_wanted", { n: wanted.reduce((sum, n) => sum + Math.max(0, n), 0) }) : "");
  }

  function extra(picked) {
    const ranked = new Set(advice.answers.flatMap((answer) => answer.ranked.map((one) => one.unit_id)));
    const added = [...touched.keys()].filter((id) => !ranked.has(id) && D.units.has(id));
    return added.length ? make("section", { className: "order-need" }, make("h3", { textContent: t("added") }),
      ...added.map((id) => proposal({ unit_id: id, reasons: [] }, picked))) : null;
  }

  function foot() {
    const row = pane() && pane().querySelector(".order-foot");
    if (!row || !D.may || !advice) return;
    const ids = chosen(), odd = otherThanProposed(ids), parts = [];
    if (odd.length) {
      reason.placeholder = t("why_other", { units: odd.map(named).join("、") });
      reason.setAttribute("aria-label", reason.placeholder);
      parts.push(reason);
    }
    const button = make("button", { className: "move is-main", disabled: !ids.length || sending, data: { order: "send", f: "send" } },
      make("span", { textContent: ids.length ? t("send", { n: ids.length, units: ids.map(named).join("、") }) : t("send_none") }), make("kbd", { textContent: "S" }));
    parts.push(button, make("div", { className: "order-said", textContent: said, attributes: { role: "status" } }));
    const keep = row.contains(reason) && odd.length && document.activeElement === reason;
    if (keep) { [...row.children].filter((child) => child !== reason).forEach((child) => child.remove()); row.append(...parts.slice(1)); } else row.replaceChildren(...parts);
  }

  function say(text) { said = text; foot(); }

  /* ---- doing ---- */

  async function send() {
    const ids = chosen(), odd = otherThanProposed(ids), text = reason.value.trim();
    if (!D.may || sending || !ids.length) return;
    if (odd.length && !text) { foot(); say(t("refused_needs_reason", { unit: odd.map(named).join("、") })); return reason.focus(); }
    sending = true;
    const answer = await D.ask("POST", `/incidents/${D.incident}/units`, { unit_ids: ids, ...(odd.length ? { override_reason: text } : {}) });
    sending = false;
    if (answer.ok) { touched = new Map(); reason.value = ""; }
    said = answer.ok ? t("sent", { units: ids.map(named).join("、") }) : D.refusal(answer);
    if (answer.ok && window.citydeckDesk.pulse) window.citydeckDesk.open(D.incident, true);
    draw();
    D.soon();
  }

  async function step(unit, state) {
    const answer = await D.ask("POST", `/units/${encodeURIComponent(unit)}/steps`, { state, request_id: D.uid() });
    say(answer.ok ? t("stepped", { unit: named(unit), state: word("states", state) }) : D.refusal(answer));
    if (answer.ok) window.citydeckDesk.open(D.incident, true);
    D.soon();
  }

  document.addEventListener("click", (event) => {
    const at = (name) => event.target.closest(`.dispatch-pane [data-${name}]`);
    if (at("order")) return send();
    if (at("step")) return step(at("step").dataset.unit, at("step").dataset.step);
    if (at("more")) { const n = Number(at("more").dataset.more); more.has(n) ? more.delete(n) : more.add(n); draw(); }
  });
  document.addEventListener("change", (event) => {
    const box = event.target.closest(".dispatch-pane [data-pick]");
    if (box) { touched.set(box.dataset.pick, box.checked); said = ""; draw(); }
  });

  D.panes.order = { look, forget, send, tick: () => { if (onRun().length && D.shown() === "order") draw(); }, choose: (id) => { touched.set(id, true); draw(); } };
})();
