/* The leader's office: Escape and a press beside it shut the sheet, the printer gets a light page, the office comes back as it was. */
(function () {
  "use strict";
  const open = () => document.querySelector(".office-drill.is-open");
  const root = document.documentElement;
  let theme = null;

  function shut() {
    const button = open() && open().querySelector(".office-shut");
    if (button) button.click();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector(".sheet-form, dialog[open]")) shut();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-office=print]")) return window.print();
    if (!open() || event.target.closest(".office-drill, .sheet, .office-number, .office-count, .office-alarm-town, .office-town-line, .office-hot")) return;
    if (event.isTrusted) shut();
  });

  window.addEventListener("beforeprint", () => {
    theme = root.dataset.theme || "";
    root.dataset.theme = "light";
  });
  window.addEventListener("afterprint", () => {
    if (theme === null) return;
    root.dataset.theme = theme;
    theme = null;
  });
})();
