"""Takes the pictures of docs/screens/ from a city that runs already: each face at the sizes it is made for, and each scene of the wall at
every wall's size and in both languages (docs/screens/scenes/).

    python bench/screens.py --url http://127.0.0.1:8050 --accounts var/accounts.json

It starts no city, and opens every page in Chromium as somebody who works with it. The pictures are WebP, each under 300 kB.
"""

import argparse
import base64
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from config.walls import load_walls
from tests.chromium import ARGUMENTS

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "screens"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LARGEST_BYTES = 300_000
QUALITIES = (82, 70, 55, 40, 25)


class Shot(NamedTuple):
    """One picture: the page, the size of the screen, whose screen it is, and what is clicked before."""

    name: str
    page: str
    width: int
    height: int
    role: str
    click: str = ""


SHOTS = (
    Shot("big", "/big?scene=overview", 1920, 1080, "duty_officer"),
    Shot("big-wide", "/big?scene=overview", 3840, 1080, "duty_officer"),
    Shot("mid", "/mid", 1440, 900, "leader"),
    Shot("desk", "/desk", 1440, 900, "duty_officer", click=".desk-queue .ag-row[row-index='0'] .cell-title"),
    Shot("mobile-phone", "/mobile", 390, 844, "duty_officer"),
    Shot("mobile-tablet", "/mobile", 820, 1180, "duty_officer"),
    Shot("remote", "/remote", 820, 1180, "duty_officer"),
    Shot("remote-phone", "/remote", 390, 844, "duty_officer"),
    Shot("duty", "/duty", 1440, 900, "duty_officer"),
)
WALLS = {"": (1920, 1080, "zh"), "-en": (1920, 1080, "en"), "-3840x1080": (3840, 1080, "zh"), "-7680x2160": (7680, 2160, "zh")}
"""What a scene's picture is called after it -> its size and language."""


def scenes() -> tuple[Shot, ...]:
    """Each scene that config/displays.yaml has, told ones apart, as every wall shows it."""
    return tuple(
        Shot(f"scenes/{scene}{name}", f"/big?scene={scene}&lang={lang}", width, height, "duty_officer")
        for scene in load_walls().scenes
        for name, (width, height, lang) in WALLS.items()
    )


def take(browser: Browser, url: str, accounts: dict[str, dict[str, str]], shot: Shot, wait_s: float) -> bytes:
    """The picture, after the page has been live for `wait_s` seconds. Raises RuntimeError when nobody may sign in."""
    context = browser.new_context(viewport={"width": shot.width, "height": shot.height}, ignore_https_errors=True)
    try:
        answer = context.request.post(f"{url}/api/v1/session", data=accounts[shot.role])
        if answer.status != 204:
            raise RuntimeError(f"{shot.role} can't sign in: {answer.status} {answer.text()[:200]}")
        page = context.new_page()
        page.goto(url + shot.page, wait_until="domcontentloaded")
        page.wait_for_selector('[data-link="live"]', state="attached", timeout=60_000)
        if shot.click:
            page.click(shot.click)
        page.wait_for_timeout(wait_s * 1000)
        return compressed(page)
    finally:
        context.close()


def compressed(page: Page) -> bytes:
    """The page as WebP, at the best quality that keeps it small."""
    devtools = page.context.new_cdp_session(page)
    for quality in QUALITIES:
        answer = devtools.send("Page.captureScreenshot", {"format": "webp", "quality": quality})
        picture = base64.b64decode(answer["data"])
        if len(picture) <= LARGEST_BYTES:
            break
    return picture


def main(arguments: Sequence[str]) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(description="Take the pictures of docs/screens/ from a running city.")
    parser.add_argument("--url", default="http://127.0.0.1:8050")
    parser.add_argument("--accounts", type=Path, default=Path("var/accounts.json"), help="the city's accounts.json")
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--only", action="append", help="pictures whose name begins so; may be given again")
    parser.add_argument("--wait", type=float, default=12.0, help="seconds that each page is live before its picture is taken")
    options = parser.parse_args(arguments)
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        print("no Chromium was found", file=sys.stderr)
        return 1
    accounts = json.loads(options.accounts.read_text())
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "scenes").mkdir(exist_ok=True)
    wanted = [shot for shot in (*SHOTS, *scenes()) if not options.only or shot.name.startswith(tuple(options.only))]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        for shot in wanted:
            picture = take(browser, options.url, accounts, shot, options.wait)
            (options.out / f"{shot.name}.webp").write_bytes(picture)
            print(f"{shot.name}.webp {shot.width}x{shot.height} {len(picture) / 1000:.0f} kB", flush=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
