/* The truth about the network: what answered last and when, how far this clock is from the server's, and whether somebody is signed in.
   Offline means: nothing has answered. `navigator.onLine` is believed only when it says no. */
(function () {
  "use strict";
  const field = (window.citydeckField = window.citydeckField || {});
  const PATIENCE_MS = 9000, PATIENCE_FILE_MS = 90000, PROBE_MS = 4000, BAD_GATEWAY = [502, 503, 504];
  const net = (field.net = { online: null, heardAt: null, ahead: 0, signedOut: false });
  const changed = () => document.dispatchEvent(new CustomEvent("field:net"));

  class Unreachable extends Error {}
  field.Unreachable = Unreachable;

  /* Now by the server's clock, never ahead of it: its Date has whole seconds. */
  field.now = () => Date.now() + net.ahead;

  function heard(answer) {
    const date = Date.parse(answer.headers.get("Date") || "");
    const ahead = date - Date.now();
    if (date && (ahead < net.ahead || ahead - net.ahead > 2000)) net.ahead = ahead;
    const was = net.online;
    net.online = true;
    net.heardAt = Date.now();
    if (was !== true) changed();
  }

  function lost() {
    const was = net.online;
    net.online = false;
    if (was !== false) changed();
  }

  /* {status, ok, document}; throws Unreachable when nobody answered. */
  field.ask = async function (path, options = {}) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), options.body instanceof Blob ? PATIENCE_FILE_MS : PATIENCE_MS);
    let answer, text = "";
    try {
      answer = await fetch(path, { cache: "no-store", ...options, signal: stop.signal });
      text = options.method === "HEAD" ? "" : await answer.text();
    } catch (error) {
      lost();
      throw new Unreachable(path);
    } finally {
      clearTimeout(timer);
    }
    if (BAD_GATEWAY.includes(answer.status)) {
      lost();
      throw new Unreachable(path);
    }
    heard(answer);
    if (answer.status === 401 && !net.signedOut) {
      net.signedOut = true;
      changed();
    }
    return { status: answer.status, ok: answer.ok, document: read(text) };
  };

  function read(text) {
    try { return JSON.parse(text); } catch (error) { return {}; }
  }

  field.post = (path, document) => field.ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(document) });
  field.send = (path, blob) => field.ask(path, { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: blob });

  field.probe = async function () {
    if (navigator.onLine === false) return lost();
    try { await field.ask("/healthz", { method: "HEAD" }); } catch (error) { /* lost() has said it */ }
  };

  field.watchNet = function () {
    addEventListener("offline", lost);
    addEventListener("online", field.probe);
    setInterval(() => { if (net.online !== true && !document.hidden) field.probe(); }, PROBE_MS);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) field.probe(); });
  };

  field.uid = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
})();
