/* Names of towns as text over the map, in the page's own font: no glyph is ever asked for. Each name takes the first free place
   around its point, so that alarm marks never cover it; a name that finds none among the other names is left out. Under the name of a town
   with more alarms than its area can show stands one mark with their number (crowd); such a name is never left out. */
(function () {
  "use strict";
  const AROUND = [[0, 0], [0, -1.2], [0, 1.2], [0, -1.7], [0, 1.7], [0.95, 0], [-0.95, 0], [0.8, -1.2], [-0.8, -1.2], [0.8, 1.2], [-0.8, 1.2], [0, 2.4]];

  /* Places for a name with a number below it, the nearest first, in its own widths and heights. */
  const STEPS = [-6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6];
  const NEARBY = STEPS.flatMap((dx) => STEPS.map((dy) => [dx * 0.25, dy * 0.3])).sort(([a, b], [c, d]) => Math.hypot(a, b) - Math.hypot(c, d));

  class Labels {
    constructor(map, features, english) {
      this.map = map;
      this.box = Object.assign(document.createElement("div"), { className: "map-names" });
      map.getCanvasContainer().appendChild(this.box);
      this.labels = features.map((feature) => this.make(feature.properties, english));
      this.measure();
    }

    make(region, english) {
      const element = document.createElement("span");
      element.className = "map-name";
      element.textContent = (english && region.name_en) || region.name;
      this.box.appendChild(element);
      return { element, code: region.code, at: [region.lon, region.lat], rank: 0 };
    }

    measure(labels = this.labels) {
      for (const label of labels) {
        label.width = label.element.offsetWidth + 4;
        label.height = label.element.offsetHeight + 2;
      }
    }

    /* Where the names that are shown stand, [[left, top, right, bottom], whether alarms are counted there]. */
    boxes() {
      return this.labels.filter((label) => label.box).map((label) => [label.box, Boolean(label.said)]);
    }

    /* `crowds`: code of a town -> { severity, taken, n } for the one mark that stands for its alarms. */
    crowd(crowds) {
      const changed = this.labels.filter((label) => {
        const found = crowds.get(label.code), said = found ? `${found.severity} ${found.taken} ${found.n}` : "";
        if (said === label.said) return false;
        label.said = said;
        label.element.querySelector(".map-crowd")?.remove();
        if (found) label.element.append(this.count(found));
        return true;
      });
      if (changed.length) this.measure(changed);
    }

    count({ severity, taken, n }) {
      const line = Object.assign(document.createElement("b"), { className: `map-crowd is-${severity}${taken ? " is-taken" : " is-waiting"}` });
      line.append(Object.assign(document.createElement("i"), { className: `mark mark-${severity}` }), String(n));
      return line;
    }

    rank(code, worst) {
      const label = this.labels.find((one) => one.code === code);
      if (!label) return;
      label.rank = worst;
      label.element.classList.toggle("is-raised", worst >= 3);
    }

    /* `marks`: pixel boxes of the alarm marks, [x, y, half size]. The names of towns with alarms choose first. */
    place(marks) {
      const taken = [];
      const obstacles = marks.map(([x, y, half]) => [x - half, y - half, x + half, y + half]);
      for (const label of [...this.labels].sort((a, b) => Boolean(b.said) - Boolean(a.said) || b.rank - a.rank)) {
        const point = this.map.project(label.at);
        const found = this.free(label, point, [...obstacles, ...taken]) || this.free(label, point, taken) || (label.said && this.free(label, point, []));
        label.element.classList.toggle("is-hidden", !found);
        label.box = found;
        if (!found) continue;
        taken.push(found);
        label.element.style.transform = `translate(${Math.round(found[0])}px, ${Math.round(found[1])}px)`;
      }
    }

    free(label, point, others) {
      const { clientWidth, clientHeight } = this.map.getContainer();
      for (const [dx, dy] of label.said ? NEARBY : AROUND) {
        const x = point.x + dx * label.width - label.width / 2, y = point.y + dy * label.height - label.height / 2;
        const box = [x, y, x + label.width, y + label.height];
        if (box[0] < 0 || box[1] < 0 || box[2] > clientWidth || box[3] > clientHeight) continue;
        if (!others.some((o) => box[0] < o[2] && box[2] > o[0] && box[1] < o[3] && box[3] > o[1])) return box;
      }
      return null;
    }
  }

  window.CitydeckLabels = Labels;
})();
