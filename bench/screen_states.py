"""Takes the pictures of docs/screens/states/: each face in each state, language and size that it must be looked at in, from a city
without engines.

    python bench/screen_states.py [--only big-storm]

The cities are those of tests/fake_work.py; the pictures are WebP, nearly all of them under 150 kB. A page is opened once for each face,
state and language, and then drawn in its other sizes.
"""

import argparse
import base64
import logging
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.screens import BROWSERS, FOLDER
from tests.browser.fake_faces import serving, signed_in
from tests.chromium import ARGUMENTS
from tests.fake_states import STATES
from tests.fake_work import working_city
from tests.fakes import FakeCity

SIZES = {
    "big": ((1920, 1080), (3840, 1080), (7680, 2160)),
    "mid": ((1440, 900), (1280, 800), (2560, 1440)),
    "desk": ((1440, 900), (1280, 800), (1920, 1080), (2560, 1440)),
    "mobile": ((390, 844), (820, 1180), (844, 390)),
}
"""Face -> its sizes; in the first it is shown in both languages."""
VISITORS = ("lost", "no-right")
"""States that are done to whoever looks: the server goes away; they may not see the picture."""
LANGUAGES = ("zh", "en")
ROLES = {"mid": "leader"}
TABS = {"well": "towns", "stale": "towns"}
"""State -> the tab of the phone that shows it, where it isn't the work tab."""
STANDS_MS, RESIZED_MS, LOST_MS = 3000, 1500, 7000
"""How long a page stands before its picture is taken: after it is whole, after another size, after its server was lost."""
PATIENCE_MS = 120_000
WHOLE = """() => { const link = document.querySelector('main:not([data-face=mobile]) [data-link]');
  const drawn = [...document.querySelectorAll('main .dash-graph')].every((one) => one.querySelector('.main-svg'));
  return drawn && !document.querySelector('main .state-loading') && (!link || link.dataset.link === 'live'); }"""
TAKEN_OVER = ".wall-now[data-scene=command]"
NOTICED = "main:not([data-face=mobile]) [data-link=lost], .field-strip[data-state=offline]"
"""What a page has once it knows that nobody answers."""
QUALITIES = 72, 45
LARGEST_BYTES, WIDEST = 150_000, 3840
"""What is wider than WIDEST is kept at half its size."""


class Look(NamedTuple):
    """One picture: a face in a state, a language and a size."""

    face: str
    state: str
    lang: str
    size: tuple[int, int]

    @property
    def name(self) -> str:
        """As its file is called, without the suffix."""
        width, height = self.size
        return f"{self.face}-{self.state}" + ("-en" if self.lang == "en" else "") + (f"-{width}x{height}" if self.other else "")

    @property
    def other(self) -> bool:
        """Whether it is in another size than the face's first."""
        return self.size != SIZES[self.face][0]

    @property
    def page(self) -> str:
        """Its address. A wall keeps to its overview, except where it is to be seen how the one critical alarm takes it over."""
        scene = {"scene": "overview"} if self.face == "big" and self.state != "critical" else {}
        tab = f"#{TABS[self.state]}" if self.face == "mobile" and self.state in TABS else ""
        return f"/{self.face}?{urlencode({**scene, 'lang': self.lang})}{tab}"

    @property
    def role(self) -> str:
        """Who looks."""
        return "auditor" if self.state == "no-right" else ROLES.get(self.face, "duty_officer")


def looks() -> list[Look]:
    """Every face in every state, in both languages in its first size and in Chinese in the others."""
    return [
        Look(face, state, lang, size)
        for face, sizes in SIZES.items()
        for state in (*STATES, *VISITORS)
        for lang in LANGUAGES
        for size in (sizes if lang == "zh" else sizes[:1])
    ]


@contextmanager
def served(state: str) -> Iterator[tuple[str, FakeCity]]:
    """A city in that state, and the address it answers at."""
    city = working_city("evening" if state in VISITORS else state, int(time.time() * 1000))
    with serving(city) as address:
        yield address, city


def take(browser: Browser, same: Sequence[Look]) -> Iterator[tuple[Look, bytes]]:
    """The pictures of one face in one state and language, size by size."""
    first = same[0]
    with served(first.state) as (url, city):
        context = signed_in(browser, url, first.role, *first.size)
        page = context.new_page()
        page.goto(url + first.page)
        if (first.face, first.state) == ("big", "critical"):
            page.wait_for_selector(TAKEN_OVER, state="attached", timeout=PATIENCE_MS)
        stands(page)
        if first.face == "desk" and first.state not in ("empty", "no-right"):
            open_first(page)
        if first.state == "lost":
            city.lost = True
            page.wait_for_selector(NOTICED, state="attached", timeout=PATIENCE_MS)
            page.wait_for_timeout(LOST_MS)
        for look in same:
            if look.size != first.size:
                page.set_viewport_size({"width": look.size[0], "height": look.size[1]})
                page.wait_for_timeout(RESIZED_MS)
            if look.state != "lost":
                whole(page)
            yield look, picture(page, look.size)
        context.close()


def stands(page: Page) -> None:
    """Wait until the page is whole, and what came last has its place."""
    page.wait_for_selector("main")
    whole(page)
    page.wait_for_timeout(STANDS_MS)


def whole(page: Page) -> None:
    """Wait until no panel is loading and the page is live, or has no live picture."""
    page.wait_for_function(WHOLE, timeout=PATIENCE_MS)


def open_first(page: Page) -> None:
    """The desk with its gravest incident open."""
    rows = page.locator(".desk-queue .ag-center-cols-container .ag-row")
    gravest = page.locator(".desk-queue .ag-center-cols-container .ag-row.is-critical")
    (gravest if gravest.count() else rows).first.click()
    page.wait_for_selector(".incident-parts", timeout=30_000)
    page.wait_for_timeout(RESIZED_MS)


def picture(page: Page, size: tuple[int, int]) -> bytes:
    """The page as WebP, at the better quality of two unless that is too large."""
    width, height = size
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 0.5 if width > WIDEST else 1}
    devtools = page.context.new_cdp_session(page)
    for quality in QUALITIES:
        answer = devtools.send("Page.captureScreenshot", {"format": "webp", "quality": quality, "clip": clip})
        made = base64.b64decode(answer["data"])
        if len(made) <= LARGEST_BYTES:
            break
    return made


def visits(wanted: Iterable[Look]) -> list[list[Look]]:
    """What one opening of a page shows; a wall is opened at each size, for it is as large as its screen from the start."""
    return [
        list(same) for _, same in groupby(wanted, key=lambda look: (look.face, look.state, look.lang, look.face == "big" and look.size))
    ]


def main(arguments: Sequence[str]) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(description="Take the pictures of docs/screens/states/.")
    parser.add_argument("--out", type=Path, default=FOLDER / "states")
    parser.add_argument("--only", action="append", help="pictures whose name begins so; may be given again")
    options = parser.parse_args(arguments)
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        print("no Chromium was found", file=sys.stderr)
        return 1
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    options.out.mkdir(parents=True, exist_ok=True)
    wanted = [look for look in looks() if not options.only or look.name.startswith(tuple(options.only))]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        for same in visits(wanted):
            for look, made in take(browser, same):
                (options.out / f"{look.name}.webp").write_bytes(made)
                print(f"{look.name}.webp {len(made) / 1000:.0f} kB", flush=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
