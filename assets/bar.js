/* The top line stays one line: where what it says leaves no room for the ways to the other pages, those go into the menu at its end. */
(function () {
  "use strict";
  const watched = new WeakSet();

  function broken(bar) {
    const lines = [...bar.children].map((one) => one.getBoundingClientRect()).filter(({ height }) => height);
    return lines.some(({ top }) => top >= lines[0].bottom);
  }

  function fit(bar) {
    bar.classList.remove("is-folded");
    if (broken(bar)) bar.classList.add("is-folded");
  }

  /* What stands in the line grows and shrinks: a warning comes, the connection is lost. */
  const sizes = new ResizeObserver((found) => new Set(found.map(({ target }) => target.closest(".bar-top"))).forEach((bar) => bar && fit(bar)));
  function look() {
    for (const one of document.querySelectorAll(".bar-top, .bar-top > *")) {
      if (watched.has(one)) continue;
      watched.add(one);
      sizes.observe(one);
    }
  }

  let waiting = null;
  new MutationObserver(() => { waiting = waiting || setTimeout(() => { waiting = null; look(); }, 50); }).observe(document, { childList: true, subtree: true });
  look();
})();
