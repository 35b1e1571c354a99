/* The player of cameras: every element with data-player="<camera id>" plays that camera while it can be seen, with its name, its state and a
   watermark over it; with data-start and data-end (epoch ms) what was recorded then. player_ways.js knows how a picture comes (WHEP, HLS,
   fMP4), player_past.js lets one choose a time; this file knows when to play, and what is said when nothing comes. */
(function () {
  "use strict";
  const API = "/api/v1", WIDE = 640, AWAY_MS = 2500, RESIZE_MS = 1500, STALL_MS = 8000, AGAIN_MS = [4000, 8000, 15000, 30000, 60000], RENEW_MS = 60000, NEARLY_MS = 4000;
  const FINAL = new Set(["no_right", "codec", "signed_out", "unknown", "bad_wish", "by_stream", "not_offered"]), SETTLED = new Set(["playing", "failed"]);
  const players = new Map(), opened = new Set(), P = (window.citydeckPlayer = { ways: {}, past: null, players, t, make, now, local, streams: 0, byStream: 3 });
  let words = null, beatAt = 0, asking = new AbortController();

  /* ---- small things ---- */

  function t(name, values = {}) {
    if (!words) { const box = document.querySelector(".player-words"); words = box ? JSON.parse(box.textContent) : {}; }
    return (words[name] || name).replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
  }
  function now() { return window.citydeck && window.citydeck.now ? window.citydeck.now() : Date.now(); }
  function make(tag, className, text) { const made = document.createElement(tag); if (className) made.className = className; if (text) made.textContent = text; return made; }
  function local(at) { return new Intl.DateTimeFormat("sv-SE", { timeZone: (words || {}).zone || "Asia/Shanghai", dateStyle: "short", timeStyle: "medium" }).format(at); }
  const post = (path, body, more = {}) => fetch(API + path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), ...more });

  /* What an answer says is wrong: the server's code, or what its status means. */
  P.reason = async function (answer) {
    if (answer.status === 401) return "signed_out";
    try { const said = await answer.json(); if (said.code) return said.code; } catch (error) { /* a proxy's page is no answer of ours */ }
    return { 403: "no_right", 404: "no_right", 429: "too_many", 504: "timed_out" }[answer.status] || "away";
  };

  /* ---- one player ---- */

  class Player {
    constructor(box) {
      Object.assign(this, { box, camera: box.dataset.player, way: null, viewing: null, tries: 0, turn: 0, timer: null, frames: 0, frameAt: 0, state: "" });
      box.classList.add("player");
      this.still = make("img", "player-still");
      this.still.alt = "";
      this.still.hidden = true;
      this.stage = make("div", "player-stage");
      this.mark = make("div", "player-mark");
      this.mark.setAttribute("aria-hidden", "true");
      this.says = make("div", "player-says");
      this.says.setAttribute("role", "status");
      this.name = make("span", "player-name", box.dataset.name || "");
      this.status = make("span", "player-status");
      this.time = make("time", "player-time");
      this.large = make("button", "player-large", "⤢");
      this.large.title = t("large");
      const line = make("div", "player-line");
      line.append(make("i", "player-dot"), this.name, this.status, this.time, this.large);
      for (const tag of (box.dataset.tags || "").split("|").filter(Boolean)) this.name.after(make("b", "player-tag", tag));
      box.replaceChildren(this.still, this.stage, this.mark, this.says, line);
      this.large.addEventListener("click", (event) => { event.stopPropagation(); this.wide(); });
      this.says.addEventListener("click", (event) => { if (event.target.closest("button")) { event.stopPropagation(); this.tries = 0; this.from = null; this.open(); } });
      this.set("idle");
      if (P.past) P.past(this);
    }

    /* What of the past is asked for; null for what the camera sees now. */
    get span() { const { start, end } = this.box.dataset; return start ? { start: Number(start), end: Number(end) } : null; }

    /* The moment that a recording has come to. */
    get reached() { return this.span ? this.began + (this.way ? Math.max(0, this.way.video.currentTime - this.firstAt) * 1000 : 0) : null; }

    get size() { return this.box.dataset.size || (this.box.clientWidth * Math.min(window.devicePixelRatio || 1, 1.5) >= WIDE || document.fullscreenElement === this.box ? "main" : "sub"); }

    set(state, reason = "") {
      this.state = this.box.dataset.state = state;
      this.box.dataset.reason = reason;
      this.status.textContent = state === "playing" ? t(this.span ? "playback" : "live") : t(state);
      this.says.replaceChildren();
      if (state === "loading" || state === "over") this.says.append(make("span", "", t(state)));
      if (state === "failed") this.says.append(make("b", "", this.why(reason)));
      if (state === "failed" || state === "over") this.says.append(make("button", "player-again", t("again")));
      this.box.dispatchEvent(new CustomEvent("citydeck:player"));
    }

    /* The same reason may have other words for what was recorded. */
    why(reason) { const past = "failed.past." + reason; return t(this.span && words[past] ? past : "failed." + reason, { n: P.byStream }); }

    /* Ask for the camera and play it by the first way that works; what played before goes on until the new picture is there. */
    async open() {
      clearTimeout(this.timer);
      const turn = ++this.turn, size = this.size;
      this.asked = size;
      const { incident, face } = this.box.dataset, { span } = this;
      this.began = span && Math.max(span.start, this.from || 0);
      this.done = false;
      if (this.state !== "playing") { this.set("loading"); this.picture(); }
      let answer;
      try {
        answer = await post(`/cameras/${encodeURIComponent(this.camera)}/viewings`, { size: span ? "main" : size, ...(span && { start: Math.floor(this.began), end: span.end }), incident_id: incident || null, face: face || location.pathname.slice(1) }, { signal: asking.signal });
      } catch (error) { return this.fail("lost", turn); }
      if (!answer.ok) return this.fail(await P.reason(answer), turn);
      const viewing = await answer.json();
      opened.add(viewing.viewing_id);
      if (turn !== this.turn) return this.drop(viewing, null);
      if (!this.name.textContent) this.name.textContent = viewing.camera.name;
      P.byStream = viewing.by_stream;
      this.stillless = !viewing.camera.offers.includes("snapshot");
      await this.first(viewing, turn);
    }

    async first(viewing, turn) {
      let reason = viewing.codec && !P.ways.decodes(viewing.codec) ? "codec" : "not_offered";
      for (const { kind, url } of reason === "codec" ? [] : P.ways.order(viewing.ways)) {
        const stage = make("div", "player-view"), way = P.ways.make(kind, url, stage, Boolean(this.span));
        stage.classList.add("is-coming");
        this.stage.append(stage);
        try {
          await way.start();
          if (turn !== this.turn) { way.stop(); stage.remove(); return this.drop(viewing, null); }
          return this.shows(viewing, way, stage);
        } catch (error) {
          way.stop();
          stage.remove();
          P.ways.failed(kind);
          if (!FINAL.has(reason) || reason === "not_offered") reason = error.reason || "no_stream";
          if (turn !== this.turn) return this.drop(viewing, null);
        }
      }
      this.drop(viewing, null, !FINAL.has(reason));
      this.fail(reason, turn);
    }

    shows(viewing, way, stage) {
      const before = { viewing: this.viewing, way: this.way, stage: this.view };
      Object.assign(this, { viewing, way, view: stage, tries: 0, frameAt: Date.now(), firstAt: way.video.currentTime });
      stage.classList.remove("is-coming");
      this.box.dataset.way = way.kind;
      this.drop(before.viewing && before.viewing.viewing_id !== viewing.viewing_id ? before.viewing : null, before.way);
      if (before.stage) before.stage.remove();
      this.still.hidden = true;
      this.set("playing");
      this.watch(way);
      draw(this);
      this.box.dispatchEvent(new CustomEvent("citydeck:playing", { bubbles: true, detail: { camera: this.camera, way: way.kind } }));
    }

    /* Frames that stop coming are noticed here, whichever way they come. */
    watch(way) {
      const video = way.video, seen = () => { if (this.way !== way) return; this.frames += 1; this.frameAt = Date.now(); video.requestVideoFrameCallback(seen); };
      if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(seen);
      else video.addEventListener("timeupdate", () => { this.frames += 1; this.frameAt = Date.now(); });
      way.ended = (reason) => { if (this.way === way) this.broke(reason); };
    }

    /* A recording that breaks off close to its end is over; another one goes on from where it was. */
    broke(reason) {
      const { span, reached } = this, over = span && (reason === "ended" || reached >= span.end - NEARLY_MS);
      this.turn += 1;
      this.end(!over && reason !== "ended");
      this.from = span && !over ? reached : null;
      this.done = Boolean(over);
      if (over || reason === "ended") return this.set(over ? "over" : "idle");
      this.fail(reason, this.turn);
    }

    /* Play what was recorded from `start` to `end`, or with nothing what the camera sees now. What plays stops at once. */
    play(start = null, end = null) {
      this.close();
      Object.assign(this, { from: null, tries: 0, held: false });
      for (const [name, at] of Object.entries({ start, end })) if (at === null) delete this.box.dataset[name]; else this.box.dataset[name] = Math.floor(at);
      this.open();
    }

    fail(reason, turn) {
      if (turn !== this.turn) return;
      this.end();
      this.set("failed", reason);
      this.picture();
      if (FINAL.has(reason)) return;
      const pause = AGAIN_MS[Math.min(this.tries++, AGAIN_MS.length - 1)];
      this.timer = setTimeout(() => this.open(), pause * (0.8 + 0.4 * Math.random()));
    }

    /* A still picture stands where none moves. */
    async picture() {
      if (this.span || this.stillless) return;
      try {
        const answer = await fetch(`${API}/cameras/${encodeURIComponent(this.camera)}/snapshot`);
        this.stillless = answer.status === 204;
        if (!answer.ok || this.stillless || this.state === "playing") return;
        const url = URL.createObjectURL(await answer.blob());
        this.still.onload = () => URL.revokeObjectURL(url);
        this.still.src = url;
        this.still.hidden = false;
      } catch (error) { /* no still either: the reason is said already */ }
    }

    drop(viewing, way, failed = false) {
      if (way) way.stop();
      if (viewing && opened.delete(viewing.viewing_id)) post("/viewings/close", { viewing_ids: [viewing.viewing_id], failed }, { keepalive: true }).catch(() => {});
    }

    end(failed = false) {
      this.drop(this.viewing, this.way, failed);
      this.viewing = this.way = null;
      this.stage.replaceChildren();
      this.view = null;
      this.mark.replaceChildren();
    }

    close() {
      this.turn += 1;
      clearTimeout(this.timer);
      this.end();
      this.set(this.done ? "over" : "idle");
    }

    wide() { return document.fullscreenElement ? document.exitFullscreen() : this.box.requestFullscreen(); }
  }

  /* ---- the watermark: who, and the time that runs ---- */

  function draw(player) {
    if (!player.viewing) return;
    const time = local(now()), text = `${player.viewing.watermark.who} · ${time}`;
    if (player.mark.childElementCount !== 6) player.mark.replaceChildren(...Array.from({ length: 6 }, () => make("span")));
    for (const span of player.mark.children) span.textContent = text;
    player.time.textContent = player.span ? local(player.reached).slice(5) : time.slice(11);
  }

  /* ---- when to play ---- */

  const visible = new WeakMap();
  const sight = new IntersectionObserver((entries) => { for (const entry of entries) visible.set(entry.target, entry.isIntersecting); settle(); });
  const shape = new ResizeObserver((entries) => { for (const { target } of entries) { const player = players.get(target); if (player) player.sizedAt = Date.now(); } });
  const alone = () => /^\/mobile/.test(location.pathname);

  /* Nothing plays before the ways of playing are there (player_ways.js says so). */
  function find() {
    if (!Object.keys(P.ways).length) return;
    for (const box of document.querySelectorAll("[data-player]")) {
      const held = players.get(box);
      if (held && held.camera === box.dataset.player) continue;
      if (held) held.close();
      players.set(box, new Player(box));
      sight.observe(box);
      shape.observe(box);
    }
    for (const [box, player] of players) if (!box.isConnected) { player.close(); sight.unobserve(box); shape.unobserve(box); players.delete(box); }
  }

  /* What can be seen plays, what can't be seen for a while stops. On a phone one plays at a time, the one that was seen last. */
  function settle() {
    const shown = [...players.values()].filter((player) => !document.hidden && visible.get(player.box));
    const only = alone() ? shown.slice(-1) : shown;
    for (const player of players.values()) {
      if (only.includes(player)) {
        player.goneAt = 0;
        if (player.state === "idle" && !player.held) player.open();
      } else if (player.state !== "idle" && player.state !== "over") {
        player.goneAt = player.goneAt || Date.now();
        if (Date.now() - player.goneAt >= AWAY_MS) player.close();
      }
    }
  }

  function each() {
    find();
    settle();
    for (const player of players.values()) {
      draw(player);
      if (player.state !== "playing") continue;
      if (!document.hidden && Date.now() - player.frameAt > STALL_MS) player.broke("no_stream");
      else if (!player.span && player.size !== player.asked && Date.now() - (player.sizedAt || 0) > RESIZE_MS) player.open();
    }
    beat();
  }

  /* Say what is still shown; a viewing that the server has ended is opened anew, a playlist whose address grows old gets a new one. */
  async function beat() {
    const shown = [...players.values()].filter((player) => player.viewing), every = shown.length ? shown[0].viewing.beat_ms : 0;
    if (!every || Date.now() - beatAt < every) return;
    beatAt = Date.now();
    const ids = (list) => list.map((player) => player.viewing.viewing_id), old = shown.filter((player) => player.way.kind === "hls" && !player.span && player.viewing.until - now() < RENEW_MS);
    try {
      const answer = await post("/viewings/beat", { viewing_ids: ids(shown), renew: ids(old) });
      if (!answer.ok) { if (answer.status === 401) shown.forEach((player) => player.broke("signed_out")); return; }
      const held = new Map((await answer.json()).items.map((one) => [one.viewing_id, one]));
      for (const player of shown.filter((one) => one.viewing)) {
        const fresh = held.get(player.viewing.viewing_id);
        if (!fresh) { player.from = player.reached; player.open(); }
        else if (fresh.ways.length) player.first(fresh, ++player.turn);
      }
    } catch (error) { /* the network is away: the pictures that still come may go on */ }
  }

  function leave() {
    const ids = [...opened]; /* those whose picture is still coming too; what is not answered yet has no id: the server sees that nobody waits for it */
    if (ids.length) navigator.sendBeacon(API + "/viewings/close", new Blob([JSON.stringify({ viewing_ids: ids })], { type: "application/json" }));
    asking.abort(); asking = new AbortController(); opened.clear(); players.forEach((player) => player.close());
  }

  window.addEventListener("pagehide", leave);
  document.addEventListener("citydeck:ways", find);
  document.addEventListener("visibilitychange", settle);
  new MutationObserver(find).observe(document, { childList: true, subtree: true });
  setInterval(each, 1000);
})();
