/* Where a value comes from, one click or tap away on every face: a button carries it in data-origin (layouts/value.py), one dialog shows
   it. ticks.js fetches this script when the first such button is pressed. */
(function () {
  "use strict";
  const make = (tag, className, ...parts) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...parts);
    return made;
  };

  function facts(told) {
    const list = make("dl", "");
    for (const [name, text] of told.facts) list.append(make("dt", "", name), make("dd", "", text));
    return list;
  }

  function show(button) {
    const told = JSON.parse(button.dataset.origin), dialog = make("dialog", "origin" + (document.querySelector(".face-big") ? " is-wall" : ""));
    const close = make("button", "origin-close", "×"), title = make("h2", "", make("small", "", told.title), told.name);
    close.setAttribute("aria-label", told.close);
    dialog.setAttribute("aria-label", told.title);
    dialog.append(make("header", "", title, close), facts(told));
    if (told.href) {
      const more = make("a", "button", told.more);
      more.href = told.href;
      dialog.append(make("footer", "", more));
    }
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.addEventListener("close", () => { dialog.remove(); button.focus({ preventScroll: true }); });
    document.body.append(dialog);
    dialog.showModal();
  }

  window.citydeckOrigin = { show };
})();
