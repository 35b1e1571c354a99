/* What a camera recorded, in its player: one tap plays the minute before the alarm, the report or the moment that data-moment names (epoch ms,
   data-moment-of says of what), a field any other time. Whether there is anything to play is asked when somebody wants it, and said in words.
   With data-past="yes" nothing plays before that. Nothing of it on a wall. */
(function () {
  "use strict";
  const P = window.citydeckPlayer, { make, t } = P, OWN_WORDS = new Set(["not_offered", "no_right"]), DAY_MS = 86400000;

  async function asked(camera) {
    try {
      const answer = await fetch(`/api/v1/cameras/${encodeURIComponent(camera)}/recordings`);
      return answer.ok ? { ...(await answer.json()), askedAt: Date.now() } : { code: await P.reason(answer) };
    } catch (error) { return { code: "lost" }; }
  }

  const span = (ms) => (ms % 60000 ? t("past.seconds", { n: ms / 1000 }) : t("past.minutes", { n: ms / 60000 }));

  function chip(className, text, deed) {
    const made = make("button", className, text);
    made.type = "button";
    made.addEventListener("click", (event) => { event.stopPropagation(); deed(); });
    return made;
  }

  class Past {
    constructor(player) {
      this.player = player;
      this.opener = chip("player-live player-rewind", t("past.open"), () => this.toggle());
      this.live = chip("player-live", t("live"), () => { this.shut(); player.play(); });
      this.strip = make("div", "player-past");
      player.box.querySelector(".player-large").before(this.live, this.opener);
      player.box.append(this.strip);
      this.strip.addEventListener("click", (event) => event.stopPropagation());
      player.box.addEventListener("citydeck:player", () => this.mark());
      this.shut();
      if (player.box.dataset.past === "yes") { player.held = true; this.toggle(); }
    }

    mark() { this.live.hidden = !this.player.span && !this.player.held; }

    shut() {
      this.strip.hidden = true;
      this.opener.setAttribute("aria-expanded", "false");
      this.mark();
    }

    async toggle() {
      if (!this.strip.hidden) return this.shut();
      this.strip.hidden = false;
      this.opener.setAttribute("aria-expanded", "true");
      this.say(t("loading"));
      this.known = await asked(this.player.camera);
      const { code } = this.known;
      if (code) this.say(t(`failed.${OWN_WORDS.has(code) ? "past." : ""}${code}`));
      else this.fill();
    }

    say(text) {
      const said = make("span", "player-past-says", text);
      said.setAttribute("role", "status");
      this.strip.replaceChildren(said);
    }

    /* The server's time, by which recordings are kept. */
    get now() { return this.known.until + Date.now() - this.known.askedAt; }

    fill() {
      const { moment, momentOf } = this.player.box.dataset, { before_ms: before, after_ms: after } = this.known, at = moment ? Number(moment) : this.now;
      const first = chip("player-chip is-main", t(`past.before_${moment ? momentOf || "moment" : "now"}`, { span: span(before) }), () => this.play(at - before, moment ? at + after : at));
      const earlier = chip("player-chip", t("past.earlier", { span: span(before) }), () => this.play(this.player.reached - before, this.player.span.end));
      this.wrong = make("span", "player-past-says");
      this.wrong.setAttribute("role", "status");
      this.strip.replaceChildren(first, ...(this.player.span ? [earlier] : []), this.field(at - before), this.wrong);
    }

    field(at) {
      const form = make("form", "player-time-form"), input = make("input"), send = make("button", "player-chip", t("past.play"));
      Object.assign(input, { type: "datetime-local", step: 1, required: true, value: P.local(at).replace(" ", "T") });
      input.setAttribute("aria-label", t("past.time"));
      form.append(input, send);
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const guess = Date.parse(input.value + "Z"), start = guess - (Date.parse(P.local(guess).replace(" ", "T") + "Z") - guess);
        this.play(start, start + this.known.longest_ms);
      });
      return form;
    }

    play(start, end) {
      const until = Math.min(end, this.now, start + this.known.longest_ms), { since } = this.known;
      if (!(start >= since && start < until)) { this.wrong.textContent = t("past.range", { days: Math.round((this.known.until - since) / DAY_MS) }); return; }
      this.shut();
      this.player.play(start, until);
    }
  }

  P.past = (player) => { if (player.box.dataset.face !== "big") new Past(player); };
})();
