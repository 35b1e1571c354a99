"""What is wrong with a page as the browser has laid it out: outside, cut, overlapping, spilling, empty, or too small for a thumb.

A wall is moved by a few pixels against burn-in: it is judged against its own corner. What scrolls up and down ([data-scroll=y]) may go on
below the frame, but not beside it, and its words are judged like all others; what is scrolled out of sight lies over nothing. Grids and
drawings (svg, canvas, the map) are left out, and what floats on purpose (dialogs, callouts) where words are compared with words.
"""

from playwright.sync_api import Page

DRAWN = ".grid, .ag-root-wrapper, svg, canvas, .city-map, [hidden]"
APART = f"{DRAWN}, dialog, .toast, .callout, video, .js-plotly-plot"
IN_PANELS = "svg, .city-map, .map-callout, .callout-leader, .trend-box, .player, .mosaic, [data-scroll], .grid"
"""What in a panel of a wall may be larger than what is seen of it."""
PARTS = (
    "[data-panel], .mobile-top, .mobile-status, .mobile-tabs, .field-dock, .mobile-nav, .bar-top, .desk-queue, .desk-incident, .panel-map, "
    ".desk-alarms, .desk-devices, .desk-detail, .desk-side, .board-units"
)
"""What stands beside one another and never lies over another."""
WHOLE = (
    ".tile-title, .tile-number, .tile-notes span, .line-what, .line-state, .line-time, .town-name, .feed-name, .panel-title, .panel-note, "
    ".header-alarms, .city-name, .wall-name, .wall-value, .wall-state, .wall-due, .bar-top :is(a, button, .clock-time), "
    ".queue-tab :is(span, b), .desk-button, .panel-head :is(h2, button), .mobile-top strong, .mobile-tool, .field-button, .mobile-nav a, "
    ".field-strip span, .card-head strong, .field-card-head strong, .office-town-line .office-name, .office-domain .sign-name"
)
"""What has room for all that it says, whatever is told of it elsewhere."""
THUMB_PX = 43.5
"""44 less what a zoom rounds away."""
ASKED = {"apart": APART, "drawn": DRAWN, "inPanels": IN_PANELS, "parts": PARTS, "whole": WHOLE, "thumbPx": THUMB_PX}
FUNCTIONS = """({apart, drawn, inPanels, parts, whole, thumb, thumbPx}) => {
  const shown = (one) => { const style = getComputedStyle(one);
    return style.visibility !== 'hidden' && style.clipPath !== 'inset(50%)' && +style.opacity > 0.05 && one.checkVisibility(); };
  const named = (one) => (one.className?.baseVal ?? one.className ?? one.tagName) + ': ' + one.textContent.trim().slice(0, 40);
  const all = (selector) => [...document.querySelectorAll(selector)].map((one) => [one, one.getBoundingClientRect()])
    .filter(([one, box]) => box.width && box.height && shown(one));
  const panels = all('[data-panel]').map(([one]) => one);
  const words = [...document.querySelectorAll('main *')].filter((one) => !one.closest(apart) && shown(one)
    && [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())).map((one) => {
      const range = document.createRange(); range.selectNodeContents(one);
      return {one, box: range.getBoundingClientRect()};
    }).filter(({box}) => box.width > 1 && box.height > 1);
  const moves = (one, axis) => one.dataset.scroll?.toUpperCase() === axis;
  const scrolled = (one, axis) => { for (let held = one.parentElement; held; held = held.parentElement) if (moves(held, axis)) return true;
    return false; };
  const within = (one, box) => {
    for (let held = one.parentElement?.closest('[data-scroll]'); held; held = held.parentElement?.closest('[data-scroll]')) {
      const edge = held.getBoundingClientRect();
      box = {left: Math.max(box.left, edge.left), right: Math.min(box.right, edge.right),
        top: Math.max(box.top, edge.top), bottom: Math.min(box.bottom, edge.bottom)};
    }
    return box;
  };
  const clip = (one, axis) => ['hidden', 'clip'].includes(getComputedStyle(one)['overflow' + axis]);
  const inked = (one, {left, top, right, bottom}) => {
    const spare = Math.max(0, bottom - top - parseFloat(getComputedStyle(one).fontSize)) / 2;
    const box = {left, right, top: top + Math.min(spare, (bottom - top) / 4), bottom: bottom - Math.min(spare, (bottom - top) / 4)};
    for (let held = one; held && held.tagName !== 'MAIN'; held = held.parentElement) {
      if (!clip(held, 'X')) continue;
      const edge = held.getBoundingClientRect();
      box.left = Math.max(box.left, edge.left);
      box.right = Math.min(box.right, edge.right);
    }
    return within(one, box);
  };
  const meet = (a, b) => [Math.min(a.right, b.right) - Math.max(a.left, b.left), Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)];
"""
OUTSIDE = """
  const wall = document.querySelector('.face-big'), frame = wall ? wall.getBoundingClientRect() : {left: 0, top: 0};
  const wide = frame.left + innerWidth, high = frame.top + innerHeight;
  const beside = (one, box) => !scrolled(one, 'X') && (box.right > wide + 1 || box.left < frame.left - 1);
  const beyond = (one, box) => !scrolled(one, 'Y') && (box.top < frame.top - 1 || box.bottom > high + 1);
  const slides = (one) => moves(one, 'Y') && one.scrollWidth > one.clientWidth + 1;
  return all('main, main *').filter(([one, box]) => !one.closest(drawn) && (beside(one, box) || beyond(one, box) || slides(one)))
    .map(([one]) => named(one));
}"""
CUT = """
  const short = all(whole).filter(([one]) => !one.closest(drawn) && one.clientWidth && one.scrollWidth > one.clientWidth + 1);
  return short.map(([one]) => named(one)).concat(words.filter(({one, box}) => {
    let low = true;
    for (let held = one; held && held.tagName !== 'MAIN'; held = held.parentElement) {
      const style = getComputedStyle(held);
      if (moves(held, 'X')) return false;
      low &&= !moves(held, 'Y');
      const edge = held.getBoundingClientRect();
      const told = one.closest('[title]') || style.textOverflow === 'ellipsis' && held.title;
      if (clip(held, 'X') && (box.right > edge.right + 1.5 || box.left < edge.left - 1.5) && !told) return true;
      if (low && clip(held, 'Y') && (box.bottom > edge.bottom + box.height * 0.3 || box.top < edge.top - box.height * 0.3)) return true;
    }
    return false;
  }).map(({one}) => named(one)));
}"""
OVERLAP = """
  const found = [], beside = all(parts).map(([one, box]) => [one, within(one, box)]);
  beside.forEach(([one, box], n) => beside.slice(n + 1).forEach(([other, its]) => {
    if (one.contains(other) || other.contains(one) || one.closest(apart) || other.closest(apart)) return;
    const [width, height] = meet(box, its);
    if (width > 1 && height > 1) found.push(`${one.className} over ${other.className}`);
  }));
  const tops = words.map(({one, box}) => ({one, box: inked(one, box), panel: one.closest('[data-panel]')}));
  tops.forEach((word, n) => tops.slice(n + 1).forEach((other) => {
    if (word.panel !== other.panel || word.one.contains(other.one) || other.one.contains(word.one)) return;
    const [width, height] = meet(word.box, other.box), lower = Math.min(...[word, other].map(({box}) => box.bottom - box.top));
    if (width > 2 && height > lower * 0.3) found.push(`${named(word.one)} over ${named(other.one)}`);
  }));
  return found;
}"""
SPILL = """
  const found = all('.face-big .panel').flatMap(([panel, edge]) => [...panel.querySelectorAll('*')]
    .filter((one) => !one.closest(inPanels) && one.offsetHeight && shown(one) && one.getBoundingClientRect().bottom > edge.bottom + 2)
    .slice(0, 1).map((one) => `${panel.className} <- ${named(one)}`));
  return found.concat(all('.player').flatMap(([player, edge]) => [...player.querySelectorAll('.player-line > *')]
    .map((one) => [one, one.getBoundingClientRect()])
    .filter(([, box]) => box.width && (box.right > edge.right + 1 || box.left < edge.left - 1)).map(([one]) => named(one))));
}"""
EMPTY = """
  return panels.filter((one) => {
    const box = one.getBoundingClientRect();
    const body = one.querySelector('.panel-body') ?? one;
    const drawing = body.querySelector('svg, canvas, img, video, .city-map');
    const holds = getComputedStyle(body).display !== 'none' && (body.innerText.trim() || drawing);
    return !holds || box.height < 8 || (!one.innerText.trim() && !one.matches('.panel-map'));
  }).map((one) => one.dataset.panel);
}"""
SMALL = """
  return all(thumb).filter(([, box]) => box.height < thumbPx || box.width < thumbPx)
    .map(([one, box]) => `${named(one)} ${box.width}x${box.height}`);
}"""
CHECKS = {"outside": OUTSIDE, "cut": CUT, "overlap": OVERLAP, "spill": SPILL, "empty": EMPTY, "small": SMALL}
TOUCHED = "a, button, input, summary, select, textarea"


def faults(page: Page, *kinds: str, thumb: str = "") -> dict[str, list[str]]:
    """Kind of fault -> where, of all kinds or of those asked for; a page without faults gives {}. `thumb`: what a thumb must hit, by its
    selector; without one nothing is too small."""
    asked = {**ASKED, "thumb": thumb}
    wanted = [kind for kind in kinds or CHECKS if thumb or kind != "small"]
    found = {kind: page.evaluate(FUNCTIONS + CHECKS[kind], asked) for kind in wanted}
    return {kind: places for kind, places in found.items() if places}
