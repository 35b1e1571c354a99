/* A browser that wants to be a wall's screen: asks for a code, shows it, and waits until somebody has approved it. A lost server or network
   is waited for; a code that ran out is replaced. */
(function () {
  "use strict";
  if (!/\/pair\/?$/.test(location.pathname)) return;
  const LOOK_MS = 2000, AGAIN_MS = 5000, MANY_MS = 60000;
  const part = (name) => document.querySelector(`[data-pair="${name}"]`);
  const say = (name, more = "") => (part("said").textContent = (name ? part("card").getAttribute("data-text-" + name) : "") + more);
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  let offset = 0;

  async function ask() {
    const answer = await fetch("/api/v1/pairing", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
    if (answer.status === 429) return null;
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }

  function left(until) {
    const seconds = Math.max(0, Math.round((until - Date.now() - offset) / 1000));
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }

  function go(wall) {
    const query = new URLSearchParams({ wall, lang: document.querySelector("[data-face='pair']").dataset.lang });
    say("paired");
    location.replace("/big?" + query);
  }

  /* Whether this code was approved while it counted. */
  async function approved(code) {
    while (Date.now() + offset < code.expires_at) {
      try {
        const answer = await (await fetch("/api/v1/pairing", { cache: "no-store" })).json();
        if (answer.paired) return go(answer.wall), true;
        part("card").classList.remove("is-stale");
        say("waiting", left(code.expires_at));
      } catch (error) {
        part("card").classList.add("is-stale");
        say("lost");
      }
      await wait(LOOK_MS);
    }
    return false;
  }

  async function run() {
    part("size").textContent = `${Math.round(screen.width * devicePixelRatio)} × ${Math.round(screen.height * devicePixelRatio)}`;
    for (;;) {
      try {
        const code = await ask();
        if (code === null) say("many");
        else {
          offset = code.asked_at > Date.now() + 600000 || code.expires_at < Date.now() ? code.asked_at - Date.now() : 0;
          part("code").textContent = code.code;
          if (await approved(code)) return;
          part("card").classList.add("is-stale");
          say("expired");
          continue;
        }
        await wait(MANY_MS);
      } catch (error) {
        say("lost");
        await wait(AGAIN_MS);
      }
    }
  }

  const ready = setInterval(() => { if (part("code")) { clearInterval(ready); run(); } }, 100);
})();
