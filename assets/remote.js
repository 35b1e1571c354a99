/* The remote for walls: which are chosen, what they show and are asked for, and the asking. One wall or several at once. */
(function () {
  "use strict";
  if (!/\/remote\/?$/.test(location.pathname)) return;
  const LOOK_MS = 3000, SILENT_MS = 45000, API = "/api/v1/walls", KEY = "citydeck:remote";
  const remote = (window.citydeckRemote = { walls: [], scenes: [], told: [], chosen: new Set(), words: {}, lang: "zh", offset: 0 });
  let cameras = [], looking = false;

  const part = (remote.part = (name) => document.querySelector(`[data-remote="${name}"]`));
  const pick = (remote.pick = (one) => (remote.lang === "en" ? one.en : one.zh) || one.zh);
  const word = (remote.word = (name) => remote.words[name] || name);

  /* An element from tag, class, text, and what else it carries. */
  const make = (remote.make = (tag, className, content, more = {}) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (Array.isArray(content)) made.append(...content.filter(Boolean));
    else if (content !== undefined) made.textContent = content;
    for (const [name, value] of Object.entries(more)) typeof value === "function" ? made.addEventListener(name, value) : made.setAttribute(name, value);
    return made;
  });

  remote.say = (text) => {
    part("said").textContent = text;
    clearTimeout(remote.silence);
    remote.silence = setTimeout(() => (part("said").textContent = ""), 4000);
  };

  /* The answer's JSON, or null when nothing came of it; `wrong(answer)` may say why. */
  remote.send = async (method, path, body, wrong) => {
    try {
      const options = { method, cache: "no-store", ...(body ? { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : {}) };
      const answer = await fetch(path, options);
      if (answer.status === 401) location.assign("/login?next=/remote");
      const said = answer.status === 204 ? {} : await answer.json();
      if (answer.ok) return said;
      if (method !== "GET" || wrong) remote.say((wrong && wrong(answer.status, said)) || word("refused"));
    } catch (error) {
      remote.say(word("lost"));
    }
    return null;
  };

  /* ---- asking ---- */

  const mine = (remote.mine = () => remote.walls.filter((one) => remote.chosen.has(one.wall)));

  async function ask(change) {
    if (!mine().length) return remote.say(word("unchosen"));
    for (const wall of mine()) Object.assign(wall, change);
    draw();
    await Promise.all(mine().map((wall) => remote.send("PATCH", `${API}/${encodeURIComponent(wall.wall)}`, change)));
    look();
  }

  remote.ask = ask;

  async function look() {
    if (looking || document.hidden) return;
    looking = true;
    const said = await remote.send("GET", API);
    looking = false;
    if (!said) return;
    Object.assign(remote, { walls: said.items, scenes: said.scenes, told: said.told });
    if (!remote.begun) begin();
    draw();
  }

  function begin() {
    remote.begun = true;
    const kept = (localStorage.getItem(KEY) || "").split(",").filter((code) => remote.walls.some((one) => one.wall === code));
    const online = remote.walls.filter((one) => one.shown.length).map((one) => one.wall);
    for (const code of kept.length ? kept : [...online, ...remote.walls.map((one) => one.wall)].slice(0, 1)) remote.chosen.add(code);
    document.dispatchEvent(new CustomEvent("citydeck:remote"));
  }

  /* ---- drawing: a box is only made anew when what it says has changed, so that nothing moves under a thumb ---- */

  function fill(name, mark, content) {
    const box = part(name), key = JSON.stringify(mark);
    if (!box || box.dataset.mark === key || box.contains(document.activeElement) && document.activeElement.type === "range") return;
    const here = document.activeElement && box.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    box.dataset.mark = key;
    box.replaceChildren(...content().filter(Boolean));
    if (here) [...box.querySelectorAll("[data-key]")].filter((one) => one.dataset.key === here).forEach((one) => one.focus());
  }

  remote.fill = fill;
  /* A moment in the city's time, wherever the tablet thinks that it is. */
  remote.when = (at) => new Date(at).toLocaleString(remote.lang === "en" ? "en-GB" : "zh-CN", { hour12: false, timeZone: document.querySelector("[data-zone]").dataset.zone });
  const now = () => (window.citydeck && window.citydeck.now ? window.citydeck.now() : Date.now());
  const sceneName = (code) => { const one = remote.scenes.find((each) => each.scene === code); return one ? pick(one) : code; };

  function draw() {
    const first = mine()[0];
    fill("walls", [remote.walls.map((one) => [one.wall, one.version, one.shown.map((each) => [each.name, each.shown, now() - each.at > SILENT_MS])]), [...remote.chosen]], walls);
    const asked = first ? [first.scene, first.hold, first.brightness, first.cameras, first.focus, first.told, first.step, [...remote.chosen]] : null;
    fill("scenes", [asked && [asked[0], first.shown.map((one) => one.shown.scene), asked[7]], remote.scenes.length], () => scenes(first));
    fill("picture", asked && [asked[1], asked[2], asked[7]], () => picture(first));
    fill("focus", [asked && asked[4], matters().map((one) => [one.id, one.title])], () => focus(first));
    fill("cameras", [asked && asked[3], cameras.map((one) => one.camera_id)], () => views(first));
    fill("told", [asked && [asked[5], asked[6]], first && first.shown.map((one) => one.shown.waiting)], () => told(first));
  }

  function walls() {
    if (!remote.walls.length) return [make("p", "remote-none", word("none"))];
    return remote.walls.map((wall) => {
      const on = remote.chosen.has(wall.wall), live = wall.shown.filter((one) => now() - one.at <= SILENT_MS);
      const lines = live.map((one) => make("span", "remote-shows", [
        make("i", "remote-lamp"), make("b", "", sceneName(one.shown.scene)), one.name ? make("small", "", one.name) : null,
        one.shown.taken ? make("span", "tag", word("taken")) : null, one.shown.awake === "none" ? make("span", "tag", "☾", { title: word("awake_none") }) : null,
      ]));
      const asked = wall.version ? `${word("asked")} ${wall.told ? word("told") : wall.scene ? sceneName(wall.scene) : word(wall.rotates ? "playlist" : "own")}${wall.hold ? " · " + word("hold") : ""}${wall.by ? " · " + wall.by_name : ""}` : "";
      const shown = lines.length ? lines : [make("span", "remote-shows is-off", [make("i", "remote-lamp"), make("span", "", word("nobody"))])];
      const choose = () => { on ? remote.chosen.delete(wall.wall) : remote.chosen.add(wall.wall); localStorage.setItem(KEY, [...remote.chosen].join(",")); draw(); document.dispatchEvent(new CustomEvent("citydeck:remote")); };
      return make("button", "remote-wall", [make("strong", "", pick(wall)), ...shown, make("small", "remote-asked", asked)], { "aria-pressed": String(on), "data-key": wall.wall, click: choose });
    });
  }

  function scenes(first) {
    if (!first) return [make("p", "remote-none", word("unchosen"))];
    const shown = new Set(first.shown.map((one) => one.shown.scene));
    const own = remote.scenes.filter((one) => mine().some((wall) => wall.scenes.includes(one.scene)) || one.scene === first.scene);
    const button = (code, name) => make("button", "remote-scene", [make("span", "", name), shown.has(code) ? make("i", "remote-lamp", undefined, { title: word("shows") }) : null], { "aria-pressed": String(first.scene === code && !first.told), "data-key": code || "playlist", click: () => ask({ scene: code, told: "" }) });
    return [button("", word(first.rotates ? "playlist" : "own")), ...own.map((one) => button(one.scene, pick(one)))];
  }

  function picture(first) {
    if (!first) return [make("p", "remote-none", word("unchosen"))];
    const hold = make("button", "remote-switch", [make("i", "remote-knob"), make("span", "", [make("b", "", word("hold")), make("small", "", word("hold_hint"))])], { role: "switch", "aria-checked": String(first.hold), "data-key": "hold", click: () => ask({ hold: !first.hold }) });
    const value = make("output", "", `${Math.round(first.brightness * 100)} %`);
    const slider = make("input", "", undefined, { type: "range", min: 10, max: 100, step: 5, value: Math.round(first.brightness * 100), "aria-label": word("brightness"), input: (event) => (value.textContent = `${event.target.value} %`), change: (event) => { event.target.blur(); ask({ brightness: event.target.value / 100 }); } });
    return [hold, make("label", "remote-slider", [make("span", "", word("brightness")), slider, value])];
  }

  /* What a wall can be turned to: open incidents, the gravest first, and critical alarms. */
  const URGENT = { critical: 0, emergency: 0, urgent: 1, high: 1 };
  function matters() {
    const model = window.citydeckModel;
    if (!model) return [];
    const held = new Map([...model.incidents.values()].map((one) => [one.incident_id, one]));
    const incidents = [...held.values()].sort((a, b) => (a.grade || 9) - (b.grade || 9) || (URGENT[a.urgency] ?? 5) - (URGENT[b.urgency] ?? 5)).map((one) => ({ kind: "incident", id: one.incident_id, title: one.title || one.number, note: one.number, lon: one.lon, lat: one.lat }));
    const alarms = [...model.alarms.values()].filter((one) => one.severity === "critical" && one.state === "active").map((one) => ({ kind: "alarm", id: one.alarm_id, title: nameOf(one.device_id), note: one.number || "", device: one.device_id, lon: one.lon ?? null, lat: one.lat ?? null }));
    return [...alarms, ...incidents].slice(0, 40);
  }

  remote.matters = matters;

  /* An alarm knows its device's id; people know its name. */
  const names = new Map();
  function nameOf(device) {
    if (names.has(device)) return names.get(device);
    names.set(device, device);
    fetch(`/api/v1/devices/${encodeURIComponent(device)}`).then((answer) => (answer.ok ? answer.json() : null)).then((one) => one && names.set(device, one.name || device)).catch(() => names.delete(device));
    return device;
  }

  function focus(first) {
    const held = first && first.focus, all = matters();
    const row = (one) => make("button", "remote-matter", [one.kind === "alarm" ? make("span", "mark mark-critical") : make("span", "remote-ring"), make("span", "", one.title), make("small", "", one.note)], { "aria-pressed": String(Boolean(held && (held.id === one.id || held.id === one.device))), "data-key": one.id, click: () => ask({ focus: one.kind === "alarm" ? { kind: "device", id: one.device, lon: null, lat: null } : { kind: one.kind, id: one.id, lon: one.lon, lat: one.lat } }) });
    return [held ? make("button", "remote-matter", word("no_focus"), { "data-key": "none", click: () => ask({ focus: null }) }) : null, ...(all.length ? all.map(row) : [make("p", "remote-none", word("nothing"))])];
  }

  function views(first) {
    if (!cameras.length) return [make("p", "remote-none", word("no_cameras"))];
    const held = first ? first.cameras : [];
    const turn = (id) => ask({ cameras: held.includes(id) ? held.filter((one) => one !== id) : [...held, id].slice(-16) });
    const tiles = cameras.map((one) => make("button", "remote-camera", [held.includes(one.camera_id) ? make("b", "remote-number", String(held.indexOf(one.camera_id) + 1)) : null, make("span", "", one.name), window.citydeckStill(one.camera_id, one.online !== false)], { "aria-pressed": String(held.includes(one.camera_id)), "data-key": one.camera_id, click: () => turn(one.camera_id) }));
    return [held.length ? make("button", "remote-camera", word("clear"), { "data-key": "clear", click: () => ask({ cameras: [] }) }) : null, ...tiles];
  }

  function told(first) {
    const running = first && remote.told.find((one) => one.code === first.told);
    if (!running) return remote.told.map((one) => make("button", "remote-told", [make("b", "", pick(one)), make("small", "", `${one.captions.length} × ${one.seconds} s`)], { "data-key": one.code, click: () => ask({ told: one.code, step: 0, scene: "" }) }));
    const step = Math.min(first.step, running.captions.length - 1), waiting = Math.max(0, ...first.shown.map((one) => one.shown.waiting || 0));
    const button = (name, to, off) => make("button", "button", word(name), { "data-key": name, ...(off ? { disabled: "" } : {}), click: to });
    return [
      waiting ? make("p", "remote-waiting", [make("span", "mark mark-critical"), remote.words.waiting.replace("{n}", waiting)]) : null,
      make("p", "remote-caption", [make("small", "", `${step + 1} / ${running.captions.length}`), pick(running.captions[step])]),
      make("div", "remote-row", [button("back", () => ask({ step: step - 1 }), step === 0), button("next", () => ask({ step: step + 1 }), step === running.captions.length - 1), button("end", () => ask({ told: "", step: 0 }))]),
    ];
  }

  /* ---- beginning ---- */

  function tabs(event) {
    const tab = event.target.closest("[data-remote-tab]");
    if (!tab) return;
    for (const one of document.querySelectorAll("[data-remote-tab]")) one.setAttribute("aria-selected", String(one === tab));
    for (const one of document.querySelectorAll("[data-remote-part]")) one.hidden = one.dataset.remotePart !== tab.dataset.remoteTab;
    document.dispatchEvent(new CustomEvent("citydeck:remote"));
  }

  const ready = setInterval(async () => {
    const page = document.querySelector("[data-face='remote']");
    if (!page) return;
    clearInterval(ready);
    remote.words = JSON.parse(page.dataset.words);
    remote.places = JSON.parse(page.dataset.places);
    remote.lang = page.dataset.lang;
    document.addEventListener("click", tabs);
    document.addEventListener("citydeck:wall-news", look);
    setInterval(look, LOOK_MS);
    setInterval(() => remote.begun && draw(), LOOK_MS);
    look();
    const said = await remote.send("GET", "/api/v1/wall/cameras");
    cameras = said ? said.items : [];
  }, 100);
})();
