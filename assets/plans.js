/* The steps of a plan's draft: one row each, made, moved and removed here, read as the API takes them when the sheet is sent. */
(function () {
  "use strict";
  const forms = window.citydeckForms;
  if (!forms) return;
  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  forms.opened = (box) => box.querySelectorAll(".plan-editor").forEach(build);
  forms.readers.plan = (box) => ({ steps: [...box.querySelectorAll(".plan-row")].map(read) });

  function build(editor) {
    const held = JSON.parse(editor.dataset.plan), rows = make("div", { className: "plan-rows" });
    const add = make("button", { type: "button", className: "button button-quiet", textContent: held.words.add });
    add.addEventListener("click", () => {
      const made = row(held, {});
      rows.append(made);
      made.querySelector("input").focus();
    });
    rows.append(...(held.steps.length ? held.steps : [{}]).map((step) => row(held, step)));
    editor.replaceChildren(make("h3", { textContent: held.words.steps }), rows, add);
  }

  function labelled(text, control) {
    return make("label", { className: "plan-field" }, make("span", { className: "field-label", textContent: text }), control);
  }

  function choice(options, value) {
    const box = make("select", {}, ...options.map(([code, textContent]) => make("option", { value: code, textContent })));
    box.value = value || "";
    return box;
  }

  function row(held, step) {
    const { words } = held, element = make("div", { className: "plan-row field-slot" });
    const parts = (element.parts = {
      zh: make("input", { type: "text", value: step.zh || "", autocomplete: "off" }),
      en: make("input", { type: "text", value: step.en || "", autocomplete: "off" }),
      department: choice(held.departments, step.department),
      post: choice(held.posts, step.post),
      within_min: make("input", { type: "number", min: 1, step: "any", value: step.within_min || 30 }),
    });
    const levels = (element.levels = held.levels.map(([value]) => make("input", { type: "checkbox", value, checked: !step.code || (step.levels || []).includes(value) })));
    element.code = step.code || "step_" + forms.uid().slice(0, 8);
    const checks = make("span", { className: "plan-levels" }, ...levels.map((box, n) => make("label", { className: "check" }, box, make("span", { textContent: held.levels[n][1] }))));
    const fields = [labelled(words.zh, parts.zh), labelled(words.en, parts.en), labelled(words.department, parts.department), labelled(words.post, parts.post), labelled(words.within, parts.within_min)];
    element.append(...fields, make("div", { className: "plan-field is-levels" }, make("span", { className: "field-label", textContent: words.levels }), checks), tools(words, element));
    return element;
  }

  function tools(words, element) {
    const tool = (textContent, title, go) => {
      const button = make("button", { type: "button", className: "button button-quiet", textContent, title });
      button.setAttribute("aria-label", title);
      button.addEventListener("click", go);
      return button;
    };
    const up = () => element.previousElementSibling && element.previousElementSibling.before(element);
    const down = () => element.nextElementSibling && element.nextElementSibling.after(element);
    return make("div", { className: "plan-tools" }, tool("↑", words.up, up), tool("↓", words.down, down), tool("✕", words.remove, () => element.remove()));
  }

  function read(element) {
    const { parts, levels, code } = element;
    const said = Object.fromEntries(Object.entries(parts).map(([name, control]) => [name, control.value.trim()]));
    return { ...said, code, within_min: Number(said.within_min) || 0, levels: levels.filter((box) => box.checked).map((box) => box.value) };
  }
})();
