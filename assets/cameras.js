/* The page of cameras: its tree opens level by level, a search or a group lists cameras, one opens as a sheet with its player and, for those
   who may, the buttons that turn it. Everything is read from /api/v1/cameras. */
(function () {
  "use strict";
  const API = "/api/v1", SEARCH_MS = 250, EVERY_MS = 15000, PAGE = 100, STEP = 0.5;
  const DIRECTIONS = [["↖", -1, 1], ["↑", 0, 1], ["↗", 1, 1], ["←", -1, 0], ["■", 0, 0], ["→", 1, 0], ["↙", -1, -1], ["↓", 0, -1], ["↘", 1, -1]];
  const past = new URLSearchParams(location.search).get("at");
  let face = null, words = {}, regions = {}, chosen = { platform: "", path: [] }, status = "", text = "", one = null, asked = 0, timer = null;

  const t = (name, values = {}) => (words[name] || name).replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
  const $ = (selector) => face.querySelector(selector);
  function make(tag, properties = {}, ...children) {
    const { data, ...rest } = properties, made = Object.assign(document.createElement(tag), rest);
    Object.assign(made.dataset, data || {});
    made.append(...children.filter((child) => child !== null && child !== ""));
    return made;
  }
  const clock = (at) => new Intl.DateTimeFormat("sv-SE", { timeZone: words.zone, dateStyle: "short", timeStyle: "short" }).format(at);

  async function get(path, values = []) {
    const query = new URLSearchParams([...values, ...(past ? [["at", past]] : [])]);
    try {
      const answer = await fetch(`${API}${path}?${query}`);
      const said = await answer.json();
      return answer.ok ? said : { refused: said.detail || String(answer.status) };
    } catch (error) { return { refused: t("lost") }; }
  }

  async function send(method, path, body) {
    try {
      const answer = await fetch(API + path, { method, headers: { "Content-Type": "application/json" }, body: body ? JSON.stringify(body) : undefined, keepalive: true });
      const said = answer.status === 204 ? {} : await answer.json();
      return answer.ok ? said : { refused: words[`refused.${said.code}`] || said.detail || String(answer.status) };
    } catch (error) { return { refused: t("lost") }; }
  }

  /* What a platform is called; the list that the city itself keeps has no name of its own. */
  const called = (platform) => words["platform." + platform] || platform;

  /* ---- the tree ---- */

  const groups = (path) => path.map((name) => ["group", name]);

  async function branch(platform, path) {
    const found = await get("/cameras/tree", [["platform", platform], ...groups(path)]);
    if (found.refused) return make("p", { className: "state", textContent: found.refused });
    return make("ul", { className: "cameras-branch" }, ...found.nodes.map((node) => leaf(platform || node.name, platform ? [...path, node.name] : [], node)));
  }

  function leaf(platform, path, node) {
    const opener = make("button", { type: "button", className: "cameras-opener", textContent: "▸", ariaExpanded: "false" });
    opener.setAttribute("aria-label", t("open", { name: node.name }));
    const name = make("button", { type: "button", className: "cameras-node" }, make("span", { textContent: platform === node.name && !path.length ? called(node.name) : node.name }), make("small", { textContent: t("count", { online: node.online, all: node.cameras }) }));
    const item = make("li", {}, opener, name);
    name.setAttribute("aria-pressed", String(chosen.platform === platform && chosen.path.join("\n") === path.join("\n")));
    name.addEventListener("click", () => choose({ platform, path }, name));
    opener.addEventListener("click", () => toggle(item, opener, platform, path));
    return item;
  }

  async function toggle(item, opener, platform, path) {
    const below = item.querySelector(":scope > ul");
    if (below) below.remove(); else item.append(await branch(platform, path));
    opener.setAttribute("aria-expanded", String(!below));
    opener.textContent = below ? "▸" : "▾";
  }

  function choose(to, button) {
    chosen = to;
    face.querySelectorAll(".cameras-node[aria-pressed=true]").forEach((other) => other.setAttribute("aria-pressed", "false"));
    button.setAttribute("aria-pressed", "true");
    list();
  }

  async function platforms() {
    const found = await get("/cameras/platforms"), box = $(".cameras-nodes"), root = await branch("", []);
    const troubled = (found.items || []).filter((state) => state.failing_since !== null);
    box.replaceChildren(...troubled.map((state) => make("p", { className: "cameras-trouble", textContent: t("failing", { name: called(state.platform), at: clock(state.failing_since), why: words[`refused.${state.reason}`] || state.reason }) })), root);
    if (root.children.length === 1) root.querySelector(".cameras-opener").click(); // a lone root hides nothing
    if (!root.children.length) box.append(make("div", { className: "state", textContent: t("none") }));
  }

  /* ---- the list ---- */

  async function list(after = null) {
    const turn = (asked += 1);
    const found = await get("/cameras", [["limit", PAGE], ["text", text], ["status", status], ["platform", chosen.platform], ...groups(chosen.path), ...(after ? [["after", after]] : [])]);
    if (turn !== asked) return;
    const box = $(".cameras-rows");
    if (found.refused) return void box.replaceChildren(make("div", { className: "state", textContent: found.refused }));
    const rows = found.items.map(row), more = found.next ? [make("button", { type: "button", className: "button button-quiet cameras-more", textContent: t("more") })] : [];
    more.forEach((button) => button.addEventListener("click", () => list(found.next)));
    if (after) { box.querySelectorAll(".cameras-more").forEach((old) => old.remove()); box.append(...rows, ...more); }
    else box.replaceChildren(...(rows.length ? [...rows, ...more] : [make("div", { className: "state", textContent: t("none_fits") })]));
  }

  function row(camera) {
    const made = make("button", { type: "button", className: `cameras-row is-${camera.status}`, data: { camera: camera.camera_id } },
      make("i", { className: "cameras-dot", title: t(`status.${camera.status}`) }), make("span", { textContent: camera.name }),
      past || face.dataset.mayView !== "yes" ? "" : window.citydeckStill(camera.camera_id, camera.status === "online"),
      make("small", { textContent: [t(`ptz.${camera.ptz}`), camera.vehicle ? t("moving") : "", regions[camera.region] || camera.path.join(" / ")].filter(Boolean).join(" · ") }));
    made.setAttribute("aria-pressed", String(camera.camera_id === one));
    made.addEventListener("click", () => open(camera.camera_id));
    return made;
  }

  /* ---- one camera ---- */

  async function open(id) {
    const fresh = id !== one;
    one = id;
    face.querySelectorAll(".cameras-row").forEach((other) => other.setAttribute("aria-pressed", String(other.dataset.camera === id)));
    const camera = await get(`/cameras/${encodeURIComponent(id)}`);
    if (id !== one) return;
    const box = $(".cameras-one");
    if (camera.refused) return void box.replaceChildren(make("div", { className: "state", textContent: camera.refused }));
    if (fresh || !box.querySelector(".cameras-facts")) box.replaceChildren(make("h3", {}), picture(camera), make("p", { className: "cameras-said", role: "status" }), pad(camera), facts(camera));
    else box.querySelector(".cameras-facts").replaceWith(facts(camera));
    box.querySelector("h3").replaceChildren(camera.name, make("span", { className: `tag cameras-status is-${camera.status}`, textContent: t(`status.${camera.status}`) }));
    if (fresh && turnable(camera)) presets(camera);
  }

  const turnable = (camera) => !past && face.dataset.mayTurn === "yes" && camera.turns && camera.status === "online";

  function picture(camera) {
    if (face.dataset.mayView !== "yes" || camera.status === "gone") return "";
    return make("div", { className: "player cameras-player", data: { player: camera.camera_id, name: camera.name, face: "cameras", ...(past ? { moment: past, momentOf: "moment", past: "yes" } : {}) } });
  }

  function facts(camera) {
    const names = (camera.code_names || {})[face.dataset.lang] || [], number = (value, unit) => (value === null ? "" : `${Math.round(value * 10) / 10}${unit}`);
    const lines = [
      ["since", clock(camera.since)], ["rate", camera.online_rate === null ? "" : `${(camera.online_rate * 100).toFixed(1)} %`], ["held", camera.hold ? camera.hold.name : ""],
      ["region", regions[camera.region] || camera.region], ["path", camera.path.join(" / ")], ["platform", called(camera.platform)], ["code", camera.code], ["code_names", names.join(" · ")],
      ["place", camera.lon === null ? t("nowhere") : `${camera.lon.toFixed(5)}, ${camera.lat.toFixed(5)}${camera.placed_at ? ` · ${clock(camera.placed_at)}` : ""}`], ["vehicle", camera.vehicle || ""],
      ["direction", number(camera.direction, "°")], ["field", number(camera.field_of_view, "°")], ["range", number(camera.range_m, " m")], ["kind", t(`ptz.${camera.ptz}`)], ["codec", camera.codec.toUpperCase()],
    ];
    return make("dl", { className: "cameras-facts" }, ...lines.filter(([, said]) => said).flatMap(([name, said]) => [make("dt", { textContent: t(`fact.${name}`) }), make("dd", { textContent: said })]));
  }

  /* ---- turning ---- */

  const say = (refused) => { const box = $(".cameras-said"); if (box) box.textContent = refused || ""; };

  async function turn(camera, pan, tilt, zoom) { say((await send("POST", `/cameras/${encodeURIComponent(camera.camera_id)}/ptz`, { pan, tilt, zoom })).refused); }

  /* It turns as long as the button is pressed, and stands still however it is let go. */
  function pressed(camera, label, name, pan, tilt, zoom) {
    const button = make("button", { type: "button", className: "button button-quiet", textContent: label, title: t(name) });
    let turning = false;
    const start = (event) => { event.preventDefault(); if (turning) return; turning = true; turn(camera, pan * STEP, tilt * STEP, zoom * STEP); };
    const stop = () => { if (turning) turn(camera, 0, 0, 0); turning = false; };
    button.setAttribute("aria-label", t(name));
    button.addEventListener("pointerdown", (event) => { button.setPointerCapture(event.pointerId); start(event); });
    for (const end of ["pointerup", "pointercancel", "blur"]) button.addEventListener(end, stop);
    button.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") start(event); });
    button.addEventListener("keyup", stop);
    return button;
  }

  function pad(camera) {
    if (!turnable(camera)) return "";
    const ways = DIRECTIONS.map(([label, pan, tilt]) => pressed(camera, label, `turn.${pan}_${tilt}`, pan, tilt, 0));
    const zoom = [pressed(camera, "+", "turn.in", 0, 0, 1), pressed(camera, "−", "turn.out", 0, 0, -1)];
    return make("div", { className: "cameras-turning" }, make("div", { className: "cameras-pad" }, ...ways), make("div", { className: "cameras-zoom" }, ...zoom), make("div", { className: "cameras-presets" }));
  }

  async function presets(camera) {
    const found = await get(`/cameras/${encodeURIComponent(camera.camera_id)}/presets`), box = $(".cameras-presets");
    if (!box || found.refused || camera.camera_id !== one) return;
    box.replaceChildren(...found.items.map((preset) => {
      const button = make("button", { type: "button", className: "button button-quiet", textContent: preset.name });
      button.addEventListener("click", async () => say((await send("POST", `/cameras/${encodeURIComponent(camera.camera_id)}/presets/${preset.number}`, {})).refused));
      return button;
    }));
  }

  /* ---- the page ---- */

  function statuses() {
    for (const option of face.querySelectorAll(".cameras-statuses option")) {
      const button = make("button", { type: "button", className: "button button-quiet", textContent: option.textContent, data: { status: option.value } });
      button.setAttribute("aria-pressed", String(option.value === status));
      button.addEventListener("click", () => {
        status = option.value;
        face.querySelectorAll("[data-status]").forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
        list();
      });
      option.replaceWith(button);
    }
  }

  async function begin(found) {
    face = found;
    words = JSON.parse($(".cameras-words").textContent);
    statuses();
    const box = make("input", { type: "search", className: "field", placeholder: $(".cameras-search").dataset.placeholder, autocomplete: "off", maxLength: 100 });
    box.setAttribute("aria-label", box.placeholder);
    box.addEventListener("input", () => { text = box.value.trim(); clearTimeout(timer); timer = setTimeout(() => list(), SEARCH_MS); });
    $(".cameras-search").replaceChildren(box);
    const known = await get("/regions");
    for (const region of known.items || []) regions[region.code] = face.dataset.lang === "en" && region.name_en ? region.name_en : region.name;
    platforms();
    list();
    const wanted = new URLSearchParams(location.search).get("camera");
    if (wanted) open(wanted);
  }

  function look() {
    const found = document.querySelector(".face-cameras");
    if (found && found !== face) begin(found);
  }
  let waiting = null;
  new MutationObserver(() => { waiting = waiting || setTimeout(() => { waiting = null; look(); }, 50); }).observe(document, { childList: true, subtree: true });
  setInterval(() => { if (face && face.isConnected && one && !document.hidden && !past) open(one); }, EVERY_MS);
  look();
})();
