/* Forms of the desk that are filled in by one click: the intake from a neighbouring centre's call, a field from what is suggested for an
   appeal. People still send them, or change what stands there. */
(function () {
  "use strict";
  const desk = window.citydeckDesk;
  if (!desk || !desk.forms) return;
  const { draft, keyOf, slots, restore, emptied, offer, choose, deedForm, intakeBox } = desk.forms;
  let adopting = null;

  /* Into the ordinary intake, unless words of somebody else's call stand in it. */
  function takeCall({ ref, values }) {
    const key = keyOf("intake"), held = draft(key), mounted = intakeBox().querySelector(".field-slot");
    const begun = Object.entries(held.values || {}).some(([name, value]) => name !== "source" && value && (typeof value !== "object" || Object.keys(value).length));
    if (begun && held.ref !== ref) { desk.intake(true); return desk.say(desk.text("unfinished")); }
    if (!begun) {
      if (mounted) emptied(key);
      localStorage.setItem(key, JSON.stringify({ ref, request: ref, values, at: Date.now() }));
    }
    desk.intake(true);
    if (!mounted) return;
    restore("intake", slots(intakeBox(), "intake"));
    offer();
  }

  /* The form of the deed opens first where another one, or none, stands there. */
  function adopt(said) {
    adopting = said;
    if (!adopted() && said.form !== "intake") choose(said.form);
  }

  function adopted() {
    const box = adopting && (adopting.form === "intake" ? intakeBox() : deedForm());
    if (!box || (adopting.form !== "intake" && box.dataset.deedForm !== adopting.form)) return false;
    const slot = box.querySelector(`.field-slot[data-field="${adopting.field}"]`);
    if (!slot || !slot.control) return false;
    slot.control.write(adopting.value);
    adopting = null;
    slot.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  }

  document.addEventListener("click", (event) => {
    const suggested = event.target.closest("[data-suggest]"), call = event.target.closest("[data-take-call]");
    if (suggested) adopt(JSON.parse(suggested.dataset.suggest));
    if (call) takeCall(JSON.parse(call.dataset.takeCall));
  });
  new MutationObserver(adopted).observe(document, { childList: true, subtree: true });
})();
