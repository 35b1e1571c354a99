/* How a picture comes: WebRTC by WHEP (draft-ietf-wish-whep), HTTP Live Streaming where the browser plays it by itself, fragmented MP4 through
   Media Source Extensions everywhere else. Each way: start() is fulfilled with the first frame, or fails with a `reason`; stop(). */
(function () {
  "use strict";
  const P = window.citydeckPlayer;
  const HLS = "application/vnd.apple.mpegurl", FIRST_MS = { whep: 4000, hls: 7000, fmp4: 7000 }, GATHER_MS = 400, BEHIND_S = 3, KEEP_S = 20, AHEAD_S = 60, SIP_MS = 1000, SHUN_MS = 120000, PROBE = 'video/mp4; codecs="hvc1.1.6.L93.B0"';
  const shunned = new Map(), W = P.ways;

  class Failed extends Error { constructor(reason) { super(reason); this.reason = reason; } }

  const can = {
    whep: () => "RTCPeerConnection" in window,
    hls: () => document.createElement("video").canPlayType(HLS) !== "",
    fmp4: () => "MediaSource" in window,
  };
  W.can = can;
  W.decodes = (codec) => !/h265|hevc|hvc|hev/i.test(codec) || ("MediaSource" in window && MediaSource.isTypeSupported(PROBE));

  /* Those that this browser knows; one that has just failed comes last for a while. */
  W.order = (ways) => ways.filter(({ kind }) => can[kind] && can[kind]()).sort((a, b) => late(a.kind) - late(b.kind));
  const late = (kind) => (Date.now() - (shunned.get(kind) || 0) < SHUN_MS ? 1 : 0);
  W.failed = (kind) => shunned.set(kind, Date.now());
  W.make = (kind, url, stage, past) => new KINDS[kind](kind, url, stage, past);

  class Way {
    /* `past`: a recording, which has an end and may come faster than it plays. */
    constructor(kind, url, stage, past) {
      Object.assign(this, { kind, url, past });
      this.video = Object.assign(document.createElement("video"), { muted: true, autoplay: true, playsInline: true, disablePictureInPicture: true, disableRemotePlayback: true });
      this.ended = () => {};
      this.cutting = new AbortController();
      stage.append(this.video);
    }

    start() {
      return new Promise((fulfil, refuse) => {
        const timer = setTimeout(() => refuse(new Failed("timed_out")), FIRST_MS[this.kind]), wrong = (error) => { clearTimeout(timer); refuse(error.reason ? error : new Failed("no_stream")); };
        const shown = () => { clearTimeout(timer); fulfil(); };
        if (this.video.requestVideoFrameCallback) this.video.requestVideoFrameCallback(shown);
        else this.video.addEventListener("timeupdate", shown, { once: true });
        this.video.addEventListener("ended", () => this.ended("ended"));
        this.fetch(wrong).catch(wrong);
      });
    }

    play() { this.video.play().catch(() => {}); }

    stop() {
      this.cutting.abort();
      this.video.pause();
      this.video.srcObject = null;
      this.video.removeAttribute("src");
      this.video.load();
    }
  }

  class Whep extends Way {
    async fetch() {
      const peer = (this.peer = new RTCPeerConnection());
      peer.addTransceiver("video", { direction: "recvonly" });
      peer.addTransceiver("audio", { direction: "recvonly" });
      peer.ontrack = (event) => { this.video.srcObject = event.streams[0] || new MediaStream([event.track]); this.play(); };
      peer.onconnectionstatechange = () => { if (["failed", "closed"].includes(peer.connectionState)) this.ended("no_stream"); };
      await peer.setLocalDescription(await peer.createOffer());
      await gathered(peer);
      const answer = await fetch(this.url, { method: "POST", headers: { "Content-Type": "application/sdp" }, body: peer.localDescription.sdp, signal: this.cutting.signal });
      if (!answer.ok) throw new Failed(await P.reason(answer));
      const sdp = await answer.text();
      if (/m=video 0 /.test(sdp)) throw new Failed("codec");
      await peer.setRemoteDescription({ type: "answer", sdp });
    }

    stop() {
      super.stop();
      if (!this.peer) return;
      this.peer.onconnectionstatechange = null;
      this.peer.close();
      fetch(this.url, { method: "DELETE", keepalive: true }).catch(() => {});
    }
  }

  const gathered = (peer) => new Promise((done) => {
    const timer = setTimeout(done, GATHER_MS);
    peer.addEventListener("icegatheringstatechange", () => { if (peer.iceGatheringState === "complete") { clearTimeout(timer); done(); } });
  });

  class Hls extends Way {
    async fetch(wrong) {
      this.video.addEventListener("error", async () => { const reason = await this.why(); wrong(new Failed(reason)); this.ended(reason); });
      const answer = await fetch(this.url, { signal: this.cutting.signal });
      if (!answer.ok) throw new Failed(await P.reason(answer));
      this.video.src = this.url;
      this.play();
    }

    /* A media element says little: the playlist is asked for by itself, before and when something is wrong, and what is answered is the reason. */
    async why() {
      try {
        const answer = await fetch(this.url, { signal: this.cutting.signal });
        return answer.ok ? ((this.video.error || {}).code === 3 ? "codec" : "no_stream") : await P.reason(answer);
      } catch (error) { return "lost"; }
    }
  }

  class Fmp4 extends Way {
    async fetch(wrong) {
      if (P.streams >= P.byStream) throw new Failed("by_stream");
      P.streams += 1;
      this.counted = true;
      const answer = await fetch(this.url, { signal: this.cutting.signal });
      if (!answer.ok) throw new Failed(await P.reason(answer));
      const reader = answer.body.getReader();
      let head = new Uint8Array(0), kind = null;
      while (!kind) {
        const { value, done } = await reader.read();
        if (done || head.length > 1e6) throw new Failed("no_stream");
        head = joined(head, value);
        kind = coding(head);
      }
      if (!MediaSource.isTypeSupported(kind)) throw new Failed("codec");
      await this.feed(kind, head, reader, wrong);
    }

    async feed(kind, head, reader, wrong) {
      const source = new MediaSource(), opened = new Promise((done) => source.addEventListener("sourceopen", done, { once: true }));
      this.video.src = URL.createObjectURL(source);
      await opened;
      URL.revokeObjectURL(this.video.src);
      const buffer = source.addSourceBuffer(kind), video = this.video;
      this.video.addEventListener("error", () => { wrong(new Failed("codec")); this.ended("codec"); });
      this.play();
      const settled = () => new Promise((done) => (buffer.updating ? buffer.addEventListener("updateend", done, { once: true }) : done()));
      this.pump(async (part) => {
        buffer.appendBuffer(part);
        await settled();
        const ranges = buffer.buffered, last = ranges.length - 1;
        if (last < 0) return;
        if (this.past) { if (video.currentTime < ranges.start(0)) video.currentTime = ranges.start(0); }
        else if (video.currentTime < ranges.start(last) || ranges.end(last) - video.currentTime > BEHIND_S) video.currentTime = Math.max(ranges.start(last), ranges.end(last) - 0.3);
        if (video.currentTime - ranges.start(0) > KEEP_S) { buffer.remove(ranges.start(0), video.currentTime - KEEP_S / 2); await settled(); }
        if (this.past && ranges.end(last) - video.currentTime > AHEAD_S) await new Promise((done) => setTimeout(done, SIP_MS));
      }, head, reader, source);
    }

    /* Of a recording the media element itself says when it has been seen to its end. */
    async pump(append, head, reader, source) {
      try {
        await append(head);
        for (let read = await reader.read(); !read.done; read = await reader.read()) await append(read.value);
        if (this.past) source.endOfStream();
        else this.ended("no_stream");
      } catch (error) { if (!this.cutting.signal.aborted) this.ended("no_stream"); }
    }

    stop() {
      if (this.counted) P.streams -= 1;
      this.counted = false;
      super.stop();
    }
  }

  function joined(first, second) { const made = new Uint8Array(first.length + second.length); made.set(first); made.set(second, first.length); return made; }

  /* The coding that a movie's head (ISO/IEC 14496-12 `moov`, 14496-15 `avcC` and `hvcC`) declares, as RFC 6381 writes it; null while it is not all there. */
  function coding(bytes) {
    const view = new DataView(bytes.buffer), at = (name) => { for (let i = 4; i + 8 <= bytes.length; i++) if (bytes[i] === name.charCodeAt(0) && bytes[i + 1] === name.charCodeAt(1) && bytes[i + 2] === name.charCodeAt(2) && bytes[i + 3] === name.charCodeAt(3)) return i; return -1; };
    const moov = at("moov");
    if (moov < 0 || moov - 4 + view.getUint32(moov - 4) > bytes.length) return null;
    const avc = at("avcC"), hex = (n) => n.toString(16).padStart(2, "0"), sound = at("mp4a") > 0 ? ", mp4a.40.2" : at("Opus") > 0 ? ", opus" : "";
    if (avc > 0) return `video/mp4; codecs="avc1.${hex(bytes[avc + 5])}${hex(bytes[avc + 6])}${hex(bytes[avc + 7])}${sound}"`;
    return at("hvcC") > 0 ? PROBE.replace('"hvc1', `"${at("hev1") > 0 ? "hev1" : "hvc1"}`) : 'video/mp4; codecs="unknown"';
  }

  const KINDS = { whep: Whep, hls: Hls, fmp4: Fmp4 };

  document.dispatchEvent(new Event("citydeck:ways"));
})();
