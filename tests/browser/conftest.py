"""What the browser tests share: one Chromium, one running demo city, and a seat at it for each role.

A second `sync_playwright()` beside this one raises: modules that need a browser of their own launch it from `playwright`.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from data_adapters.demo.pack import build_demo_pack
from tests.chromium import ARGUMENTS, PROGRAM
from tests.law.real_city import RealCity

WAIT = 60_000
READY = {"/desk": ".queue-tab", "/mobile": "[data-field=work][data-ready=yes]"}
"""Face -> what stands there once somebody can work."""
DESK, TABLET, PHONE = {"width": 1440, "height": 900}, {"width": 820, "height": 1180}, {"width": 390, "height": 844}
expect.set_options(timeout=WAIT)


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    held = playwright.chromium.launch(executable_path=PROGRAM, args=list(ARGUMENTS))
    yield held
    held.close()


@pytest.fixture(scope="package")
def running_city(reachable_dir: Path) -> Iterator[RealCity]:
    folder = reachable_dir / "browser"
    folder.mkdir()
    with RealCity(folder, build_demo_pack(folder / "pack")) as running:
        yield running.wait_ready(120)


@pytest.fixture
def city(running_city: RealCity) -> RealCity:
    """The demo's city, the same for all modules: whatever a test before has killed in it works again."""
    return running_city.wait_ready(120)


@pytest.fixture
def signed_in(browser: Browser, city: RealCity) -> Iterator[Callable[..., BrowserContext]]:
    """A browser context of its own, signed in as a role; what it asks of the API comes from this server."""
    contexts = []

    def context(role: str, **options: Any) -> BrowserContext:
        made = browser.new_context(**{"viewport": DESK, "extra_http_headers": {"Origin": city.url}, **options})
        contexts.append(made)
        assert made.request.post(f"{city.url}/api/v1/session", data=city.account(role)).status == 204
        return made

    yield context
    for one in contexts:
        one.close()


@pytest.fixture
def seat(signed_in: Callable[..., BrowserContext], city: RealCity) -> Callable[..., Page]:
    """Sit down as a role and open a face. `drawn`: with its map, which four desks at once would wait for."""

    def sit(role: str, path: str = "/desk", drawn: bool = False, ready: str = "", **options: Any) -> Page:
        page = signed_in(role, **options).new_page()
        page.set_default_timeout(WAIT)
        page.wrong = []  # type: ignore[attr-defined]
        page.on("pageerror", lambda error: page.wrong.append(str(error)))  # type: ignore[attr-defined]
        if not drawn:
            page.route("**/vendor/maplibre-gl.js*", lambda route: route.abort())
        page.goto(city.url + path)
        page.wait_for_selector(ready or READY[path.partition("?")[0]], state="attached")
        return page

    return sit
