/* The one connection to /live. As a SharedWorker it serves all tabs of a browser; where there are none, live.js uses LiveLink in
   the page. It keeps the merged picture, so that a tab that comes later starts from it. */
(function (scope) {
  "use strict";

  const KEYED = new Set(["values", "status", "alarms", "vehicles", "incidents"]);
  const LOOK_EVERY_MS = 500;
  const QUIET_MS = 2000; // silent for so long: ask /healthz
  const LOST_MS = 4000; // nothing heard for so long: lost
  const PROBE_TIMEOUT_MS = 1500;
  const DEAF_MS = 40000; // the server is up but the stream says nothing: connect again
  const LONGEST_PAUSE_MS = 15000;

  const sectionOf = (name) => name.slice(name.lastIndexOf("|") + 1);

  /* Put a frame's pieces into the merged picture. */
  function merge(pieces, changes) {
    for (const [name, change] of Object.entries(changes)) {
      if (!KEYED.has(sectionOf(name))) {
        pieces[name] = change;
        continue;
      }
      const held = (pieces[name] = pieces[name] || {});
      for (const [key, value] of Object.entries(change)) {
        if (value === null) delete held[key];
        else held[key] = value;
      }
    }
  }

  class LiveLink {
    /* `tell(message)` gets {kind: snapshot | delta | link | signed_out, data}; a delta's `text` is the frame itself, as JSON. */
    constructor(base, tell) {
      this.base = base;
      this.tell = tell;
      this.picture = null;
      this.sections = {};
      this.link = { state: "connecting", since: Date.now() };
      this.heardAt = Date.now();
      this.eventAt = Date.now();
      this.failures = 0;
      this.probing = false;
      this.connect();
      this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    }

    /* What a tab that joins now must be told. */
    welcome() {
      const messages = [{ kind: "link", data: this.link }];
      if (this.picture) messages.push({ kind: "snapshot", data: { ...this.picture, sections: this.sections, offset: this.offset } });
      return messages;
    }

    connect() {
      this.disconnect();
      const last = this.picture ? `?last=${encodeURIComponent(this.picture.epoch + "-" + this.picture.version)}&scope=${this.picture.scope || ""}` : "";
      const source = (this.source = new EventSource(this.base + "live" + last));
      this.eventAt = Date.now();
      source.onopen = () => this.heard();
      source.onerror = () => this.failed(source);
      source.addEventListener("reset", (event) => this.reset(JSON.parse(event.data)));
      source.addEventListener("snapshot", (event) => this.snapshot(JSON.parse(event.data)));
      source.addEventListener("delta", (event) => this.delta(JSON.parse(event.data), event.data));
      source.addEventListener("wall", (event) => this.tell({ kind: "wall", data: JSON.parse(event.data) }));
    }

    disconnect() {
      clearTimeout(this.retry);
      this.retry = null;
      if (this.source) this.source.close();
      this.source = null;
    }

    /* Growing, jittered pauses: a thousand screens don't come back in one moment. A refused session is told apart. */
    failed(source) {
      if (source !== this.source) return;
      this.disconnect();
      const pause = Math.min(LONGEST_PAUSE_MS, 500 * 2 ** this.failures) * (0.5 + Math.random() / 2);
      this.failures = Math.min(this.failures + 1, 10);
      this.retry = setTimeout(() => this.connect(), pause);
      this.askSession();
    }

    async askSession() {
      try {
        const answer = await fetch(this.base + "live", { method: "HEAD", cache: "no-store" });
        if (answer.status === 401 || answer.status === 403) {
          this.picture = null;
          this.tell({ kind: "signed_out", data: { status: answer.status } });
        }
      } catch (error) {
        /* the link state says it */
      }
    }

    reset() {
      this.picture = null;
      this.heard();
    }

    snapshot(data) {
      this.picture = { epoch: data.epoch, version: data.version, at: data.at, scope: data.scope, build: data.build, pieces: {} };
      merge(this.picture.pieces, data.pieces);
      this.sections = {};
      this.arrived(data);
      this.tell({ kind: "snapshot", data: { ...data, sections: this.sections, offset: this.offset } });
    }

    delta(data, text) {
      if (!this.picture || data.epoch !== this.picture.epoch) return;
      merge(this.picture.pieces, data.pieces);
      Object.assign(this.picture, { version: data.version, at: data.at, build: data.build || this.picture.build });
      this.arrived(data);
      this.tell({ kind: "delta", text, data: { sections: this.sections, offset: this.offset } });
    }

    arrived(data) {
      for (const name of Object.keys(data.pieces)) this.sections[sectionOf(name)] = data.version;
      this.offset = data.at - Date.now();
      this.eventAt = Date.now();
      this.failures = 0;
      this.heard();
    }

    heard() {
      this.heardAt = Date.now();
      if (this.source && this.source.readyState === 1) this.say("live");
    }

    say(state) {
      if (state === this.link.state) return;
      this.link = { state, since: state === "lost" ? this.heardAt : Date.now() };
      this.tell({ kind: "link", data: this.link });
    }

    look() {
      const silent = Date.now() - this.heardAt;
      if (silent > LOST_MS) this.say("lost");
      if (this.source && this.source.readyState === 1 && Date.now() - this.eventAt > DEAF_MS) this.failed(this.source);
      if (silent > QUIET_MS && !this.probing) this.probe();
    }

    async probe() {
      this.probing = true;
      const stop = new AbortController();
      const timer = setTimeout(() => stop.abort(), PROBE_TIMEOUT_MS);
      try {
        const answer = await fetch(this.base + "healthz", { cache: "no-store", signal: stop.signal });
        if (answer.ok && this.source && this.source.readyState === 1) this.heard();
        else if (answer.ok && !this.source && this.failures > 2) this.hurry();
      } catch (error) {
        await new Promise((done) => setTimeout(done, 300));
      }
      clearTimeout(timer);
      this.probing = false;
    }

    /* The server answers again: don't sit out a long pause, but don't all come at once either. */
    hurry() {
      clearTimeout(this.retry);
      this.failures = 1;
      this.retry = setTimeout(() => this.connect(), 200 + Math.random() * 2000);
    }

    close() {
      clearInterval(this.timer);
      this.disconnect();
    }
  }

  if (typeof SharedWorkerGlobalScope === "undefined" || !(scope instanceof SharedWorkerGlobalScope)) {
    scope.CityDeckLiveLink = LiveLink;
    return;
  }

  const HERE_MS = 30000; // a tab that has said nothing for so long is gone
  const tabs = new Map();
  let link = null;
  const base = new URL(scope.location.href).searchParams.get("base") || "/";

  scope.onconnect = (event) => {
    const port = event.ports[0];
    port.onmessage = (message) => {
      if (message.data === "bye") leave(port);
      else tabs.set(port, Date.now());
    };
    tabs.set(port, Date.now());
    if (!link) link = new LiveLink(base, (message) => tabs.forEach((_, tab) => tab.postMessage(message)));
    link.welcome().forEach((message) => port.postMessage(message));
  };

  function leave(port) {
    tabs.delete(port);
    if (tabs.size === 0 && link) {
      link.close();
      link = null;
    }
  }

  setInterval(() => tabs.forEach((seen, port) => Date.now() - seen > HERE_MS * 4 && leave(port)), HERE_MS);
})(self);
