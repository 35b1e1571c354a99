/* Progress for whatever somebody has asked for and that takes longer than a second: a line along the top, and how long it goes on already.
   What the page asks by itself (the slow lane, polls) is nobody's wait and shows nothing. */
(function () {
  "use strict";
  const LATE_MS = 1000, GESTURE_MS = 600, QUIET = /\/(live|healthz|readyz)\b/;
  const waits = new Set(), asked = window.fetch;
  let touched = 0, line = null, timer = null;

  const english = () => document.documentElement.lang === "en";
  for (const kind of ["pointerdown", "keydown", "change"]) document.addEventListener(kind, () => (touched = Date.now()), true);

  window.fetch = function (what, options) {
    const began = Date.now(), path = String((what && what.url) || what), mine = began - touched < GESTURE_MS && !QUIET.test(path);
    const answer = asked.apply(this, arguments);
    if (mine) follow(answer, began);
    return answer;
  };

  /* Also for a script that a hand has asked for: shown until the promise is kept or broken. */
  window.citydeckWait = (answer) => follow(answer, Date.now());

  function follow(answer, began) {
    const wait = { began };
    waits.add(wait);
    if (!timer) timer = setTimeout(show, LATE_MS);
    answer.finally(() => { waits.delete(wait); show(); }).catch(() => {});
  }

  function show() {
    clearTimeout(timer);
    timer = waits.size ? setTimeout(show, LATE_MS) : null;
    const oldest = Math.min(...[...waits].map((wait) => wait.began)), late = Date.now() - oldest;
    if (!waits.size || late < LATE_MS) {
      if (line && !waits.size) { line.remove(); line = null; document.body.removeAttribute("aria-busy"); }
      return;
    }
    if (!line) {
      line = Object.assign(document.createElement("div"), { className: "busy" });
      line.setAttribute("role", "status");
      line.append(document.createElement("i"), document.createElement("span"));
      document.body.append(line);
      document.body.setAttribute("aria-busy", "true");
    }
    const seconds = Math.floor(late / 1000), text = english() ? `Working… ${seconds} s` : `处理中… ${seconds} 秒`;
    if (line.lastChild.textContent !== text) line.lastChild.textContent = text;
  }
})();
