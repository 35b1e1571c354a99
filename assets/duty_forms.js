/* The sheet of /duty and /plans: a button opens a form that the server renders, with choices as they are then; what is typed goes back in
   one message. Stores (layouts/sheet.py) carry both; incident_fields.js makes the controls. */
(function () {
  "use strict";
  if (!/\/(duty|plans|mid|instructions)\/?$/.test(location.pathname)) return;
  const uid = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const forms = (window.citydeckForms = { uid, closeAll: [], readers: {} });
  const frame = () => document.querySelector(".sheet");
  const form = () => document.querySelector(".sheet-form");
  const PATIENCE_MS = 10000;
  let count = Date.now(), from = null;

  const tell = (name, data) => window.dash_clientside.set_props({ type: "sheet-store", name }, { data: { ...data, n: ++count } });
  const missed = (text) => { frame().querySelector(".sheet-missing").textContent = text; };

  function ask(name, thing) {
    from = document.activeElement;
    missed("");
    tell("asked", { form: name, thing });
  }

  function shut() {
    if (!form()) return;
    tell("asked", { form: "", thing: "" });
    if (from && from.isConnected) from.focus();
  }

  /* What is typed, as the server takes it; null while something that is needed is missing. */
  function read() {
    const box = form(), said = {}, missing = [];
    for (const slot of box.querySelectorAll(".field-slot")) if (slot.control) {
      const value = slot.control.read(), empty = value === null || value === "" || (Array.isArray(value) && !value.length);
      slot.classList.toggle("is-missing", empty && slot.dataset.wanted === "yes");
      if (empty && slot.dataset.wanted === "yes") missing.push(slot.dataset.label);
      said[slot.dataset.field] = value;
    }
    const more = forms.readers[box.dataset.form] ? forms.readers[box.dataset.form](box) : {};
    if (!missing.length) return { ...said, ...more };
    missed(`${frame().dataset.textMissing} ${missing.join(" ")}`);
    return null;
  }

  /* The server has answered, or will not: the form can be sent again. */
  function answered(box) {
    box.dataset.sending = "";
  }

  function send() {
    const box = form(), said = box && read();
    if (!said || box.dataset.sending === "yes") return;
    missed("");
    box.dataset.sending = "yes";
    setTimeout(() => answered(box), PATIENCE_MS);
    tell("sent", { form: box.dataset.form, thing: box.dataset.thing, said });
  }

  document.addEventListener("click", (event) => {
    const at = (name) => event.target.closest(`[${name}]`);
    if (at("data-sheet-form")) return ask(at("data-sheet-form").dataset.sheetForm, at("data-sheet-form").dataset.thing || "");
    if (at("data-sheet-send")) return send();
    if (at("data-sheet-shut") || event.target === frame()) return shut();
  });

  document.addEventListener("keydown", (event) => {
    if (!form()) return;
    if (event.key === "Escape") shut();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
  });

  /* A notice leads to its part of the page: ?part=rolls. */
  const part = new URLSearchParams(location.search).get("part");
  let led = !part;

  new MutationObserver((changes) => {
    const box = form();
    if (box && !box.mounted) {
      box.mounted = true;
      forms.mount(box);
      if (forms.opened) forms.opened(box);
      const first = box.querySelector("input, select, textarea, button");
      if (first) first.focus();
    }
    if (box && changes.some(({ target }) => target.closest && target.closest(".sheet-wrong"))) answered(box);
    const panel = led ? null : document.querySelector(`[data-panel="duty-${CSS.escape(part)}"]`);
    if (panel && !panel.querySelector(".state-loading")) {
      led = true;
      panel.scrollIntoView({ block: "center" });
      panel.classList.add("is-led");
    }
  }).observe(document, { childList: true, subtree: true });
})();
