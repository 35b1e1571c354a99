/* Whom to send to the open incident: units that are on it with their lights, and for each need those that are proposed, with every
   reason. The first proposal is chosen; from then on only the dispatcher's hand adds to the choice, however the proposals change, so that
   nobody is sent who was not seen chosen. */
(function () {
  "use strict";
  const D = window.citydeckDispatch;
  if (!D) return;
  const { make, t } = D, SHOWN = 4, LIGHTS = ["assigned", "acknowledged", "en_route", "on_scene"];
  /* picked: the units chosen, null before the first proposal; handled: those that the dispatcher chose or left out by hand. */
  let advice = null, refused = null, picked = null, handled = new Set(), wished = [], said = "", sending = false, more = new Set(), asked = 0;
  const reason = make("textarea", { rows: 2, className: "order-reason" });
  reason.addEventListener("input", () => { keep(); foot(); });

  const pane = () => D.pane("order");
  const named = (id) => (D.units.get(id) || { name: id }).name;
  const word = (table, code) => (D.names[table] && D.names[table][code]) || code;
  const capability = (code) => (D.names.words["capability_" + code] ? t("capability_" + code) : code);

  function forget() {
    const held = kept();
    advice = refused = null;
    picked = held.picked ? new Set(held.picked) : null;
    handled = new Set(held.handled || []);
    wished = [];
    said = "";
    reason.value = held.reason || "";
    if (pane()) pane().replaceChildren(make("div", { className: "state", textContent: t("loading") }));
  }

  async function look(id) {
    const mine = ++asked, answer = await D.ask("GET", `/incidents/${id}/recommendation`);
    if (id !== D.incident || mine !== asked) return;
    advice = answer.ok ? answer.document : null;
    refused = answer.ok ? null : D.refusal(answer);
    if (answer.ok) { D.takeUnits(answer.document.units); settle(); }
    draw();
  }

  /* ---- what a reload must not lose: the hand's choice and the reason ---- */

  const keptAt = () => `citydeck:order:${window.citydeckDesk.user()}:${D.incident}`;
  function kept() {
    try { return JSON.parse(sessionStorage.getItem(keptAt())) || {}; } catch (error) { return {}; }
  }
  function keep() {
    if (handled.size || reason.value) sessionStorage.setItem(keptAt(), JSON.stringify({ picked: picked && [...picked], handled: [...handled], reason: reason.value }));
    else sessionStorage.removeItem(keptAt());
  }

  /* ---- what is on its way already ---- */

  const onRun = () => Object.entries((D.one && D.one.units) || {});
  const isUnder = (status) => D.names.on_run.includes(status);
  const underWay = () => onRun().filter(([, held]) => isUnder(held.status)).map(([id]) => id);
  const isFree = (id) => D.units.has(id) && D.names.free.includes(D.units.get(id).state);

  /* How many of each need are still to be sent; those under way, and `also`, each serve one need. */
  function stillWanted(also = []) {
    const left = [...underWay(), ...also];
    return (advice ? advice.answers : []).map((answer) => {
      const mine = left.filter((id) => ((D.units.get(id) || {}).capabilities || []).includes(answer.need.capability)).slice(0, answer.need.number);
      mine.forEach((id) => left.splice(left.indexOf(id), 1));
      return answer.need.number - mine.length;
    });
  }

  /* ---- what is chosen ---- */

  function proposed(also = []) {
    const wanted = stillWanted(also);
    return (advice ? advice.answers : []).flatMap((answer, i) => answer.send.filter((id) => !also.includes(id)).slice(0, wanted[i]));
  }

  /* The first proposal becomes the choice; after that a fresh one only takes away who is on the way already. */
  function settle() {
    if (!D.one) return;
    picked = picked || new Set([...wished, ...proposed(wished)]);
    underWay().forEach((id) => picked.delete(id));
  }

  function pick(id, yes) {
    if (picked) yes ? picked.add(id) : picked.delete(id);
    else wished.push(id);
    handled.add(id);
    said = "";
    keep();
    draw();
  }

  /* The proposal as it is now, where it is another than what is chosen; null where there is nothing to take over. */
  function fresh() {
    const now = proposed();
    return now.length && (now.length !== picked.size || now.some((id) => !picked.has(id))) ? now : null;
  }

  function takeProposal() {
    if (!D.may || !advice || !picked || sending || !fresh()) return;
    picked = new Set(fresh());
    handled.clear();
    said = reason.value = "";
    keep();
    draw();
  }

  const chosen = () => (advice && picked ? [...picked] : []);

  /* Those that need a reason; who is not free anyhow is not asked about. */
  function otherThanProposed(ids) {
    const proposed = new Set((advice ? advice.answers : []).flatMap((answer) => answer.send));
    return proposed.size ? ids.filter((id) => isFree(id) && !proposed.has(id)) : [];
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

  function proposal(one) {
    const how = one.reasons.find((found) => found.code === "how"), straight = how && how.value !== "road", unit = D.units.get(one.unit_id) || {};
    const box = make("input", { type: "checkbox", checked: chosen().includes(one.unit_id), disabled: !D.may, data: { pick: one.unit_id, f: "pick" + one.unit_id } });
    const why = one.reasons.filter((found) => found.code !== "arrival" && found.code !== "how").map((found) => make("span", { textContent: reasonText(found) }));
    const gone = isFree(one.unit_id) ? null : make("span", { className: "order-gone", textContent: t("gone", { state: word("states", unit.state) || t("never_seen") }) });
    return make("label", { className: "order-line" + (gone ? " is-gone" : ""), data: { unit: one.unit_id } }, box,
      make("b", { textContent: named(one.unit_id) }), make("strong", { textContent: one.seconds === undefined ? "" : D.span(one.seconds) }),
      make("small", { className: "order-why" }, gone, make("span", { className: straight ? "is-straight" : "", textContent: how ? word("how", how.value) : "" }), ...why,
        make("span", { textContent: unit.seen_at ? t("seen", { time: D.ago(unit.seen_at) }) : t("at_home") })));
  }

  function need(answer, wanted, n) {
    const all = more.has(n), first = wanted > 0 ? SHOWN : 0, prefer = answer.need.prefer.length ? t("prefer", { what: answer.need.prefer.map(capability).join(" ") }) : "";
    const shown = answer.ranked.filter((one, i) => all || i < first || handled.has(one.unit_id) || chosen().includes(one.unit_id)), hidden = answer.ranked.length - first;
    const title = make("h3", {}, make("span", { textContent: `${capability(answer.need.capability)} × ${answer.need.number}` }), prefer ? make("small", { textContent: prefer }) : null,
      wanted <= 0 ? make("small", { className: "is-met", textContent: t("met") }) : null,
      wanted > 0 && answer.missing > 0 ? make("small", { className: "is-missing", textContent: t("missing", { n: Math.min(answer.missing, wanted) }) }) : null);
    const others = Object.entries(answer.refused).sort((a, b) => b[1] - a[1]).map(([code, count]) => `${word("refusals", code)} ${count}`);
    const rest = hidden > 0 ? make("button", { className: "chip", textContent: t(all ? "fewer" : "more", { n: hidden }), data: { more: n, f: "more" + n } }) : null;
    return make("section", { className: "order-need" }, title, ...shown.map(proposal), rest,
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
      if (found) { input.value = ""; pick(found.unit_id, true); }
    });
    return make("div", { className: "order-other" }, input, list);
  }

  /* ---- drawing ---- */

  function draw() {
    const box = pane();
    if (!box || !D.names) return;
    if (D.pressed) return void setTimeout(draw, 150);
    if (box.contains(document.activeElement) && document.activeElement.dataset.f === "other" && document.activeElement.value) return;
    const held = document.activeElement, key = box.contains(held) ? held.dataset.f : null, inReason = held === reason, wanted = stillWanted();
    const units = onRun(), under = units.filter(([, one]) => isUnder(one.status)).length;
    const parts = [make("div", { className: "order-title" }, make("b", { textContent: D.one ? D.titled(D.one) : "" }), make("small", { textContent: D.one ? D.one.number : "" }))];
    if (units.length) parts.push(make("section", { className: "order-units" }, make("h3", { textContent: t("on_incident", { n: units.length }) }), ...units.map(unitLine)));
    if (refused) parts.push(make("div", { className: "answer", textContent: refused }));
    if (advice && !advice.answers.length) parts.push(make("p", { className: "order-others", textContent: t("no_need") }));
    if (advice) parts.push(...advice.answers.map((answer, n) => need(answer, wanted[n], n)));
    if (advice && D.may) parts.push(beside("added", (id) => handled.has(id)), beside("kept", (id) => !handled.has(id)), other());
    parts.push(make("div", { className: "order-foot" }));
    const at = box.scrollTop;
    box.replaceChildren(...parts.filter(Boolean));
    foot();
    box.scrollTop = at;
    const back = inReason ? reason : key && box.querySelector(`[data-f="${CSS.escape(key)}"]`);
    if (back) back.focus({ preventScroll: true });
    D.note("order", under ? t("count_units", { n: under }) : advice && wanted.some((n) => n > 0) ? t("count_wanted", { n: wanted.reduce((sum, n) => sum + Math.max(0, n), 0) }) : "");
  }

  /* Chosen, and not among those that are proposed now: by hand, or because the proposals are others by now. */
  function beside(title, belongs) {
    const ranked = new Set(advice.answers.flatMap((answer) => answer.ranked.map((one) => one.unit_id)));
    const added = [...new Set([...chosen(), ...handled])].filter((id) => belongs(id) && !ranked.has(id));
    return added.length ? make("section", { className: "order-need" }, make("h3", { textContent: t(title) }), ...added.map((id) => proposal({ unit_id: id, reasons: [] }))) : null;
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
    const other = picked && !sending ? fresh() : null;
    if (other) parts.push(make("button", { className: "move", data: { order: "propose", f: "propose" } }, make("span", { textContent: t("propose", { units: other.map(named).join("、") }) }), make("kbd", { textContent: "P" })));
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
    const id = D.incident, about = D.one ? D.titled(D.one) : "", names = ids.map(named).join("、");
    sending = true;
    const answer = await D.ask("POST", `/incidents/${id}/units`, { unit_ids: ids, ...(odd.length ? { override_reason: text } : {}) });
    sending = false;
    const told = answer.ok ? t("sent", { units: names }) : D.refusal(answer), still = id === D.incident;
    if (answer.ok && still) done(ids);
    said = still ? told : `${about} · ${told}`;
    draw();
    D.soon();
  }

  function done(ids) {
    ids.forEach((id) => picked.delete(id));
    handled.clear();
    reason.value = "";
    keep();
    if (window.citydeckDesk.pulse) window.citydeckDesk.open(D.incident, true);
  }

  async function step(unit, state) {
    const answer = await D.ask("POST", `/units/${encodeURIComponent(unit)}/steps`, { state, request_id: D.uid() });
    say(answer.ok ? t("stepped", { unit: named(unit), state: word("states", state) }) : D.refusal(answer));
    if (answer.ok) window.citydeckDesk.open(D.incident, true);
    D.soon();
  }

  document.addEventListener("click", (event) => {
    const at = (name) => event.target.closest(`.dispatch-pane [data-${name}]`);
    if (at("order")) return at("order").dataset.order === "send" ? send() : takeProposal();
    if (at("step")) return step(at("step").dataset.unit, at("step").dataset.step);
    if (at("more")) { const n = Number(at("more").dataset.more); more.has(n) ? more.delete(n) : more.add(n); draw(); }
  });
  document.addEventListener("change", (event) => {
    const box = event.target.closest(".dispatch-pane [data-pick]");
    if (box) pick(box.dataset.pick, box.checked);
  });

  D.panes.order = { look, forget, send, propose: takeProposal, tick: () => { if (onRun().length && D.shown() === "order") draw(); }, choose: (id) => pick(id, true) };
})();
