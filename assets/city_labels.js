/* Names of towns as text over the map, in the page's own font: no glyph is ever asked for. Each name takes the first free place
   around its point, so that alarm marks never cover it; a name that finds none among the other names is left out. Under the name of a town
   with more alarms than its area can show stands one mark with their number (crowd); such a name is never left out, and a line leads to its
   town where it had to stand aside. */
(function () {
  "use strict";
  const AROUND = [[0, 0], [0, -1.2], [0, 1.2], [0, -1.7], [0, 1.7], [0.95, 0], [-0.95, 0], [0.8, -1.2], [-0.8, -1.2], [0.8, 1.2], [-0.8, 1.2], [0, 2.4]];

  /* Places for a name with a number below it, in its own widths and heights. */
  const STEPS = [-6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6];
  const NEARBY = STEPS.flatMap((dx) => STEPS.map((dy) => [dx * 0.25, dy * 0.3]));
  const ASIDE = 0.4; // from which share of its height beside its town a name has a line to it
  const ROUNDS = 6, OVER = 30; // how often names give way to each other; heights that one goes aside so as not to lie over another

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
      const leader = Object.assign(document.createElement("i"), { className: "map-leader", hidden: true });
      this.box.prepend(leader);
      return { element, leader, code: region.code, at: [region.lon, region.lat], rank: 0 };
    }

    measure(labels = this.labels) {
      for (const label of labels) {
        label.width = label.element.offsetWidth + 4;
        label.height = label.element.offsetHeight + 2;
        const far = ([dx, dy]) => Math.hypot(dx * label.width, dy * label.height);
        label.places = label.said ? [...NEARBY].sort((a, b) => far(a) - far(b)) : AROUND;
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
      if (label.element.classList.contains("is-raised") === worst >= 3) return;
      label.element.classList.toggle("is-raised", worst >= 3);
      this.measure([label]);
    }

    /* `obstacles`: pixel boxes of what a name had better not lie over, [left, top, right, bottom]. While the map flies each name goes with
       its town; where it stands is found when the map rests: counted ones together, then the other names, those of towns with alarms first. */
    place(obstacles, flying) {
      for (const label of this.labels) label.point = this.map.project(label.at);
      const counted = this.labels.filter((label) => label.said);
      if (!flying) this.settle(counted, obstacles);
      const taken = counted.map((label) => label.box).filter(Boolean);
      for (const label of flying ? [] : this.labels.filter((one) => !one.said).sort((a, b) => b.rank - a.rank)) {
        label.box = this.free(label, [...obstacles, ...taken]) || this.free(label, taken);
        if (label.box) taken.push(label.box);
      }
      for (const label of this.labels) this.show(label, flying);
    }

    show(label, flying) {
      const { box, point, element } = label;
      if (box && !flying) label.aside = [box[0] - point.x, box[1] - point.y];
      element.classList.toggle("is-hidden", !box);
      if (box) element.style.transform = `translate(${Math.round(point.x + label.aside[0])}px, ${Math.round(point.y + label.aside[1])}px)`;
      this.lead(label, flying);
    }

    /* Each goes where it is near its town and over no other one; again, as long as one that moved made room for another. */
    settle(labels, obstacles) {
      for (const label of labels) label.box = around(label, [0, 0]);
      for (let round = 0, moved = true; moved && round < ROUNDS; round++) {
        moved = false;
        for (const label of labels) {
          const others = labels.filter((one) => one !== label).map((one) => one.box);
          let best = null, least = Infinity;
          for (const place of label.places) {
            const far = Math.hypot(place[0] * label.width, place[1] * label.height) / label.height;
            if (far >= least) break;
            const box = around(label, place), over = covered(box, others), cost = this.inside(box) ? far + (over && 1 + over * OVER) + covered(box, obstacles) : Infinity;
            if (cost < least) [best, least] = [box, cost];
          }
          if (best && best.join() !== label.box.join()) [label.box, moved] = [best, true];
        }
      }
    }

    lead({ said, box, height, leader, point: { x, y } }, flying) {
      const [left, top, right, bottom] = box || [], at = [Math.min(Math.max(x, left), right), Math.min(Math.max(y, top), bottom)];
      const aside = Math.hypot(x - at[0], y - at[1]);
      leader.hidden = flying || !said || !box || aside < ASIDE * height;
      if (leader.hidden) return;
      leader.style.width = `${aside}px`;
      leader.style.transform = `translate(${at[0]}px, ${at[1]}px) rotate(${Math.atan2(y - at[1], x - at[0])}rad)`;
    }

    inside(box) {
      const { clientWidth, clientHeight } = this.map.getContainer();
      return box[0] >= 0 && box[1] >= 0 && box[2] <= clientWidth && box[3] <= clientHeight;
    }

    free(label, others) {
      for (const place of label.places) {
        const box = around(label, place);
        if (this.inside(box) && !others.some((other) => shared(box, other))) return box;
      }
      return null;
    }
  }

  function around({ point, width, height }, [dx, dy]) {
    const x = point.x + (dx - 0.5) * width, y = point.y + (dy - 0.5) * height;
    return [x, y, x + width, y + height];
  }

  /* The area that two boxes share, px². */
  function shared(a, b) {
    return Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
  }

  /* Which share of a box the others lie over. */
  function covered(box, others) {
    return others.reduce((sum, other) => sum + shared(box, other), 0) / ((box[2] - box[0]) * (box[3] - box[1]));
  }

  window.CitydeckLabels = Labels;
})();
