/* Consultation from the remote: hold a wall's picture, draw upon the map with a finger or the mouse, write down what is decided. */
(function () {
  "use strict";
  if (!/\/remote\/?$/.test(location.pathname)) return;
  const remote = () => window.citydeckRemote, API = "/api/v1/consultations", TOOLS = ["move", "line", "arrow", "area", "circle", "mark", "text"], PENS = ["a", "b", "c"];
  const FINEST_PX = 6, MOST = 400;
  let held = null, tool = "move", pen = "a", points = null, mark = "", given = [];

  const wall = () => remote().mine()[0];
  const shown = () => { const part = document.querySelector("[data-remote-part='consult']"); return part && !part.hidden; };
  const map = () => { const element = document.querySelector(".remote-map .city-map[data-ready=yes]"); return element && element.cityMap.map; };
  const time = (at) => remote().when(at);
  const wrong = (status, said) => remote().word({ held: "busy" }[said.code] || "refused");

  async function look() {
    if (!shown() || document.hidden) return;
    const said = wall() ? await remote().send("GET", `/api/v1/walls/${encodeURIComponent(wall().wall)}`) : { consultation: null };
    if (said) take(said.consultation);
  }

  function take(now) {
    held = now;
    if (!points) window.citydeckDraw.show(held ? held.shapes : []);
    const key = JSON.stringify([wall() && wall().wall, held && held.consultation_id, tool, pen, given.length, held && held.shapes.length > 0]);
    remote().part("sheet").hidden = !held || tool === "move";
    if (key === mark) return;
    mark = key;
    remote().part("consult").replaceChildren(...(held ? desk() : wall() ? beginning() : [remote().make("p", "remote-none", remote().word("unchosen"))]).filter(Boolean));
  }

  const field = (name, input) => remote().make("label", "remote-field", [remote().make("span", "", remote().word(name)), input]);

  function beginning() {
    const { make, word, pick, matters } = remote();
    const title = make("input", "field", undefined, { maxlength: 80, required: "", autocomplete: "off" });
    const about = make("select", "field", [make("option", "", word("no_incident"), { value: "" }), ...matters().filter((one) => one.kind === "incident").map((one) => make("option", "", `${one.note} ${one.title}`, { value: one.id }))]);
    const ago = (minutes) => (minutes < 60 ? word("minutes_ago").replace("{n}", minutes) : word("hours_ago").replace("{n}", minutes / 60));
    const at = make("select", "field", [0, 5, 15, 30, 60, 120, 360].map((minutes) => make("option", "", minutes ? ago(minutes) : word("now"), { value: minutes })));
    const start = async (event) => {
      event.preventDefault();
      const now = window.citydeck && window.citydeck.now ? window.citydeck.now() : Date.now();
      const body = { wall: wall().wall, title: title.value, ...(Number(at.value) ? { at: Math.round(now - at.value * 60000) } : {}), ...(about.value ? { incident_id: about.value } : {}) };
      given = [];
      if (await remote().send("POST", API, body, wrong)) look();
    };
    return [make("h2", "panel-title", `${word("consult")} · ${pick(wall())}`), make("form", "remote-form", [field("topic", title), field("about", about), field("moment", at), make("button", "button button-main", word("start"))], { submit: start })];
  }

  function desk() {
    const { make, word } = remote();
    const draw = (deed) => remote().send("POST", `${API}/${held.consultation_id}/drawing`, deed).then((said) => said && take(said));
    const choose = (name) => { tool = name; take(held); };
    const tools = TOOLS.map((name) => make("button", "button", word(name), { "aria-pressed": String(tool === name), click: () => choose(name) }));
    const pens = PENS.map((name) => make("button", `button remote-pen remote-pen-${name}`, [make("i", "")], { "aria-pressed": String(pen === name), "aria-label": `${word("pen")} ${name}`, click: () => { pen = name; take(held); } }));
    const back = [make("button", "button", word("undo"), { click: () => draw({ undo: true }) }), make("button", "button", word("clear"), { click: () => draw({ clear: true }) })];
    const end = async () => { if (await remote().send("POST", `${API}/${held.consultation_id}/end`, {})) look(); };
    return [
      make("h2", "panel-title", held.title), make("p", "remote-held", `${word("held")} ${time(held.held_at)} · ${held.opened_by}`),
      make("div", "remote-row", tools), make("div", "remote-row", [...pens, ...back]),
      ...(remote().word("may_give") === "yes" ? minutes() : []),
      make("button", "button", word("finish"), { click: end }),
    ];
  }

  function minutes() {
    const { make, word, places } = remote();
    const said = make("textarea", "field", undefined, { maxlength: 500, required: "", rows: 3 });
    const department = make("select", "field", places.departments.map(([code, name]) => make("option", "", name, { value: code })));
    const due = make("input", "field", undefined, { type: "datetime-local" });
    const give = async (event) => {
      event.preventDefault();
      const item = { department: department.value, text: said.value, due_at: due.value ? new Date(due.value).getTime() : null };
      const made = await remote().send("POST", `${API}/${held.consultation_id}/minutes`, { items: [item] });
      if (!made) return;
      given.push(`${department.selectedOptions[0].textContent}：${item.text}`);
      take(held);
    };
    const list = given.length ? make("ul", "remote-given", given.map((text) => make("li", "", text))) : null;
    return [make("h3", "panel-title", word("minutes")), list, make("form", "remote-form", [field("decision", said), field("department", department), field("due", due), make("button", "button button-main", word("give"))], { submit: give })];
  }

  /* ---- drawing ---- */

  const place = (event) => { const box = remote().part("sheet").getBoundingClientRect(), at = map().unproject([event.clientX - box.left, event.clientY - box.top]); return [at.lng, at.lat]; };
  const FEWEST = { line: 2, arrow: 2, area: 3, circle: 2, mark: 1, text: 1 };

  function down(event) {
    if (!map() || !held) return;
    event.preventDefault();
    remote().part("sheet").setPointerCapture(event.pointerId);
    points = { list: [place(event)], x: event.clientX, y: event.clientY };
  }

  function move(event) {
    if (!points || Math.hypot(event.clientX - points.x, event.clientY - points.y) < FINEST_PX) return;
    Object.assign(points, { x: event.clientX, y: event.clientY });
    if (tool === "line" || tool === "area") { if (points.list.length < MOST) points.list.push(place(event)); }
    else points.list[1] = place(event);
    if (points.list.length >= FEWEST[tool]) window.citydeckDraw.show([...held.shapes, { kind: tool, pen, points: points.list, text: "" }]);
  }

  async function up() {
    if (!points) return;
    const list = tool === "mark" || tool === "text" ? points.list.slice(0, 1) : points.list;
    points = null;
    if (list.length < FEWEST[tool]) return window.citydeckDraw.show(held.shapes);
    const text = tool === "text" ? (window.prompt(remote().word("text")) || "").trim().slice(0, 40) : "";
    if (tool === "text" && !text) return;
    const said = await remote().send("POST", `${API}/${held.consultation_id}/drawing`, { shape: { kind: tool, pen, points: list, text } });
    take(said || held);
  }

  document.addEventListener("citydeck:remote", () => { mark = ""; look(); });
  document.addEventListener("citydeck:wall-news", look);
  const ready = setInterval(() => {
    const sheet = document.querySelector("[data-remote='sheet']");
    if (!sheet || !remote()) return;
    clearInterval(ready);
    sheet.addEventListener("pointerdown", down);
    sheet.addEventListener("pointermove", move);
    sheet.addEventListener("pointerup", up);
    sheet.addEventListener("pointercancel", () => (points = null));
  }, 200);
  setInterval(look, 5000);
})();
