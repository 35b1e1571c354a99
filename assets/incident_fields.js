/* The controls of the forms of the desk, of duty and of plans: each `.field-slot` that Python renders gets its native control here. A control
   reads and writes the value as the API takes it; `changed` is called at each keystroke. */
(function () {
  "use strict";
  const desk = window.citydeckDesk || window.citydeckForms;
  if (!desk) return;
  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const options = (slot) => JSON.parse(slot.dataset.options || "[]");

  function plain(slot, type) {
    const input = type === "lines" ? make("textarea", { rows: 2 }) : make("input", { type, autocomplete: "off", spellcheck: false });
    if (slot.dataset.hint) input.placeholder = slot.dataset.hint;
    if (type === "number") input.step = "any";
    slot.append(input);
    const read = type === "number" ? () => (input.value === "" ? null : Number(input.value)) : () => input.value.trim();
    return { read, write: (value) => { input.value = value === null || value === undefined ? "" : value; } };
  }

  function select(slot) {
    const box = make("select", {}, make("option", { value: "", textContent: slot.dataset.hint || "–" }), ...options(slot).map(([value, textContent]) => make("option", { value, textContent })));
    slot.append(box);
    const number = slot.dataset.field === "score";
    return { read: () => (box.value === "" ? null : number ? Number(box.value) : box.value), write: (value) => { box.value = value === null || value === undefined ? "" : String(value); } };
  }

  function yesNo(slot) {
    const inner = select(slot);
    return { read: () => { const value = inner.read(); return value === null ? null : value === "true"; }, write: inner.write };
  }

  function checks(slot) {
    const boxes = options(slot).map(([value, name]) => make("input", { type: "checkbox", value, title: name }));
    slot.append(...boxes.map((box) => make("label", { className: "check" }, box, make("span", { textContent: box.title }))));
    return { read: () => boxes.filter((box) => box.checked).map((box) => box.value), write: (values) => boxes.forEach((box) => { box.checked = (values || []).includes(box.value); }) };
  }

  /* A text that means one of the options: the name, with or without its group, or a part that only one of them has. */
  function named(slot, known) {
    const list = make("datalist", { id: "list-" + desk.uid() }), input = make("input", { type: "text", autocomplete: "off" });
    input.setAttribute("list", list.id);
    if (slot.dataset.hint) input.placeholder = slot.dataset.hint;
    const fill = () => list.replaceChildren(...known().map(([, name]) => make("option", { value: name })));
    fill();
    slot.append(input, list);
    const read = () => {
      const said = input.value.trim(), fits = known().filter(([code, name]) => name === said || code === said || name.split(" · ")[0] === said);
      const part = fits.length ? fits : known().filter(([, name]) => said && name.includes(said));
      return part.length === 1 ? part[0][0] : null;
    };
    return { input, fill, read, wrong: () => input.value.trim() !== "" && read() === null, write: (value) => { input.value = (known().find(([code]) => code === value) || [null, value || ""])[1]; } };
  }

  function incident(slot) {
    let found = [];
    const control = named(slot, () => found);
    control.input.addEventListener("input", async () => {
      const answer = await fetch("/api/v1/incidents?open=true&limit=8&text=" + encodeURIComponent(control.input.value.trim())).catch(() => null);
      if (!answer || !answer.ok) return;
      const mine = slot.closest("[data-incident]");
      const more = (await answer.json()).items.filter((one) => one.incident_id !== (mine && mine.dataset.incident)).map((one) => [one.incident_id, `${one.number} ${one.title}`]);
      found = [...more, ...found.filter(([id]) => !more.some(([other]) => other === id))].slice(0, 40);
      control.fill();
    });
    return control;
  }

  /* A moment of the city's clock, as epoch ms. */
  function moment(slot) {
    const input = make("input", { type: "datetime-local" });
    slot.append(input);
    const zone = (document.querySelector(".desk-incident[data-zone]") || document.querySelector("[data-zone]")).dataset.zone;
    const local = (at) => new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" }).format(at).replace(" ", "T");
    const read = () => {
      if (!input.value) return null;
      const guess = Date.parse(input.value + "Z");
      return guess - (Date.parse(local(guess) + "Z") - guess);
    };
    return { read, write: (at) => { input.value = at ? local(at) : ""; } };
  }

  function file(slot) {
    const input = make("input", { type: "file", accept: "image/*,video/*,audio/*,application/pdf" });
    slot.append(input);
    return { read: () => input.files[0] || null, write: () => {}, unkept: true };
  }

  /* Where: a text, and a point from the map, from a device on it or from the own position. */
  function place(slot) {
    const words = slot.dataset, address = make("input", { type: "text", placeholder: words.textAddress, autocomplete: "off" });
    const at = make("small", { className: "place-at" }), pickButton = make("button", { type: "button", className: "desk-button", textContent: words.textPick });
    const own = make("button", { type: "button", className: "desk-button", textContent: words.textOwn });
    let point = {};
    const show = () => { at.textContent = point.device_id ? `${words.textDevice} ${point.device_id}` : point.lon === undefined ? words.textNone : `${point.lon.toFixed(5)}, ${point.lat.toFixed(5)}`; };
    const set = (found) => { point = found; show(); slot.dispatchEvent(new Event("input", { bubbles: true })); };
    pickButton.addEventListener("click", () => pick(words.textPicking, set));
    own.addEventListener("click", () => {
      const failed = () => { at.textContent = words.textNoOwn; };
      if (!navigator.geolocation) return failed();
      navigator.geolocation.getCurrentPosition(({ coords }) => set({ lon: coords.longitude, lat: coords.latitude }), failed, { timeout: 8000 });
    });
    slot.append(address, make("span", { className: "place-tools" }, pickButton, own, at));
    show();
    const read = () => {
      const found = { ...point, ...(address.value.trim() ? { address: address.value.trim() } : {}) };
      return Object.keys(found).length ? found : null;
    };
    const write = (value) => {
      const { address: said, ...where } = value || {};
      address.value = said || "";
      point = where.lon === null ? {} : where;
      show();
    };
    return { read, write };
  }

  /* A sheet over the map takes the next click; a device under it is the place. */
  let sheet = null;
  function pick(words, done) {
    const panel = document.querySelector(".panel-map"), city = (document.querySelector(".city-map") || {}).cityMap;
    if (!panel || !city || sheet) return;
    sheet = make("div", { className: "map-picking", textContent: words });
    sheet.addEventListener("click", (event) => {
      const box = city.element.getBoundingClientRect(), at = { x: event.clientX - box.left, y: event.clientY - box.top };
      const device = city.picks && city.picks.deviceAt(at), { lng, lat } = city.map.unproject([at.x, at.y]);
      const [lon, height] = device ? city.points.get(device) : [lng, lat];
      leave();
      done({ lon: Math.round(lon * 1e6) / 1e6, lat: Math.round(height * 1e6) / 1e6, ...(device ? { device_id: device } : {}) });
    });
    sheet.addEventListener("wheel", (event) => city.map.getCanvas().dispatchEvent(new WheelEvent("wheel", event)), { passive: true });
    panel.append(sheet);
  }

  function leave() {
    if (!sheet) return false;
    sheet.remove();
    sheet = null;
    return true;
  }

  desk.closeAll.push(leave);

  const KINDS = {
    text: (slot) => plain(slot, "text"), search: (slot) => plain(slot, "search"), lines: (slot) => plain(slot, "lines"), number: (slot) => plain(slot, "number"),
    select, yes_no: yesNo, checks, class: (slot) => named(slot, () => options(slot)), incident, moment, file, place,
  };

  /* Give every slot that has none its control; returns the slots that got one. */
  desk.mount = function (root) {
    const fresh = [...root.querySelectorAll(".field-slot")].filter((slot) => !slot.control);
    for (const slot of fresh) {
      slot.replaceChildren();
      slot.control = KINDS[slot.dataset.kind](slot);
      const first = slot.querySelector("input, select, textarea");
      if (first) first.setAttribute("aria-label", slot.dataset.label);
      if (slot.dataset.value) slot.control.write(JSON.parse(slot.dataset.value));
    }
    return fresh;
  };
})();
