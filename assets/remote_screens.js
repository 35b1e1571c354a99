/* Approving a wall's browser by the code it shows, and the list of those that are paired. */
(function () {
  "use strict";
  if (!/\/remote\/?$/.test(location.pathname)) return;
  const remote = () => window.citydeckRemote, LOOK_MS = 10000;
  let waiting = null, sure = "", lookedAt = 0;

  const when = (at) => remote().when(at);
  const shown = () => { const part = document.querySelector("[data-remote-part='screens']"); return part && !part.hidden; };
  const WRONG = { 404: "wrong_code", 429: "too_many" };
  const wrong = (status, said) => remote().word(WRONG[status] || (said.code === "scope" ? "bad_scope" : "refused"));

  function field(name, input) {
    return remote().make("label", "remote-field", [remote().make("span", "", remote().word(name)), input]);
  }

  function ask() {
    const { make, word, part } = remote();
    const code = make("input", "field remote-code", undefined, { maxlength: 9, autocomplete: "off", autocapitalize: "characters", spellcheck: "false", inputmode: "text", "aria-label": word("code"), placeholder: "ABC-234" });
    const find = async (event) => {
      event.preventDefault();
      const found = code.value.trim() && (await remote().send("GET", `/api/v1/pairing/${encodeURIComponent(code.value.trim())}`, null, wrong));
      if (found) { waiting = found; approve(); }
    };
    part("pair").replaceChildren(make("form", "remote-form", [field("code", code), make("button", "button button-main", word("look"))], { submit: find }));
  }

  function choice(items, all) {
    const { make } = remote();
    return make("select", "field", [make("option", "", all, { value: "" }), ...items.map(([code, name]) => make("option", "", name, { value: code }))]);
  }

  function approve() {
    const { make, word, part, pick, walls, places } = remote();
    const name = make("input", "field", undefined, { maxlength: 64, required: "", autocomplete: "off" });
    const wall = make("select", "field", walls.map((one) => make("option", "", pick(one), { value: one.wall })));
    const region = choice(places.regions, word("all")), department = choice(places.departments, word("all"));
    const give = async (event) => {
      event.preventDefault();
      const body = { name: name.value, wall: wall.value, regions: region.value ? [region.value] : [], departments: department.value ? [department.value] : [] };
      if (!(await remote().send("POST", `/api/v1/pairing/${encodeURIComponent(waiting.code)}`, body, wrong))) return;
      waiting = null;
      remote().say(word("approved"));
      ask();
      list();
    };
    const about = make("p", "remote-about", [make("b", "", waiting.code), make("span", "", `${word("from")} ${waiting.address || "–"}`), make("small", "", waiting.agent)]);
    part("pair").replaceChildren(about, make("form", "remote-form", [field("name", name), field("wall", wall), field("scope", region), field("department", department), make("button", "button button-main", word("approve"))], { submit: give }));
    name.focus();
  }

  async function list() {
    lookedAt = Date.now();
    const said = await remote().send("GET", "/api/v1/screens");
    if (!said) return;
    remote().fill("paired", [said.items, sure], () => (said.items.length ? said.items.map(row) : [remote().make("p", "remote-none", remote().word("none_paired"))]));
  }

  /* Two taps end a screen: the second one within a moment, at the same place. */
  function row(one) {
    const { make, word, walls, pick, places } = remote(), wall = walls.find((each) => each.wall === one.wall);
    const asked = sure === one.screen_id, names = new Map([...places.regions, ...places.departments]);
    const scope = [...one.regions, ...one.departments].map((code) => names.get(code) || code).join(", ") || word("all");
    const revoke = async () => {
      sure = asked ? "" : one.screen_id;
      if (asked && (await remote().send("DELETE", `/api/v1/screens/${one.screen_id}`)) === null) return;
      list();
      setTimeout(() => { if (sure === one.screen_id) { sure = ""; list(); } }, 5000);
    };
    const parts = [`${word("scope")} ${scope}`, `${word("by")} ${one.paired_by} · ${when(one.paired_at)}`, `${word("seen")} ${when(one.last_seen_at)} · ${one.address}`];
    return make("article", "remote-screen", [
      make("div", "", [make("strong", "", one.name), make("span", "tag", wall ? pick(wall) : one.wall), ...parts.map((text) => make("small", "", text))]),
      make("button", asked ? "button is-sure" : "button", word(asked ? "sure" : "revoke"), { "data-key": one.screen_id, click: revoke }),
    ]);
  }

  document.addEventListener("citydeck:remote", () => {
    if (!shown()) return;
    if (!remote().part("pair").childElementCount) ask();
    list();
  });
  setInterval(() => shown() && !document.hidden && Date.now() - lookedAt > LOOK_MS && list(), 2000);
})();
