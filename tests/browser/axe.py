"""axe-core over a page as it stands: what it finds that is grave."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe().axe_script
GRAVE = ("serious", "critical")
THEIRS = [[".dash-dropdown"], [".dash-options-list-option"], [".dash-dropdown-focus-target"]]
"""Made by Dash itself: its dropdowns label themselves with ids that aren't there, and its options hold a second thing to focus."""
ALL = {"resultTypes": ["violations"]}
CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
THE_REST = {"rules": {"color-contrast": {"enabled": False}}, "resultTypes": ["violations"]}
LIGHT = "() => { localStorage.setItem('citydeck:theme:', 'light'); window.dispatchEvent(new Event('storage')); }"


def faults(page: Page, options: dict[str, Any]) -> list[tuple[str, str]]:
    """The rule, and where. What Dash made is judged for contrast only."""
    context = {"include": [["body"]], "exclude": [] if options is CONTRAST else THEIRS}
    found = Axe("" if page.evaluate("'axe' in window") else AXE).run(page, context=context, options=options).response["violations"]
    return [(one["id"], node["html"][:160]) for one in found if one["impact"] in GRAVE for node in one["nodes"]]


def in_both_themes(page: Page) -> list[tuple[str, str]]:
    """Everything as it stands, and the contrast once more in the light theme, in which the page is left; a wall stays dark."""
    found = faults(page, ALL)
    page.evaluate(LIGHT)
    light = page.evaluate("document.documentElement.dataset.theme") == "light"
    assert light is not bool(page.locator(".face-big").count())
    return found + (faults(page, CONTRAST) if light else [])
