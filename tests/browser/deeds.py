"""What people do at the faces, said once: take down a call, open an incident, do a deed, work a tablet, read what happened.

Everything waits for what the screen shows, nothing asks the API or the database.
"""

import re
from contextlib import suppress

from playwright.sync_api import Locator, Page, TimeoutError, expect

AGAIN = ".incident-acts .answer.is-conflict [data-again]"
FORM = ".deed-form:not(.is-done)"
TRIES, PATIENCE = 30, 4_000
"""How often somebody tries whose server is away, and how long they wait each time (ms)."""


def report(page: Page, title: str, keyboard: bool = False, class_name: str = "道路积水", **more: str) -> str:
    """Take down a call; returns the number of the incident that then stands open. `more`: other fields of the form."""
    if keyboard:
        page.keyboard.press("n")
    else:
        page.locator("[data-intake='open']").click()
    expect(page.locator("[data-field='title'] input")).to_be_focused()
    page.keyboard.type(title)
    for name, value in {"place": "鸿福路 88 号", "class_code": class_name, **more}.items():
        page.locator(f".intake [data-field='{name}']").locator("input, textarea").first.fill(value)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".incident-head h2")).to_contain_text(title)
    return page.locator(".incident-number").text_content() or ""


def find(page: Page, number: str) -> None:
    """Search the queue for a number, and open it."""
    page.locator("[data-queue-tab='all']").click()
    page.locator(".queue-head input[type=search]").fill(number)
    page.locator(".desk-queue .ag-row", has_text=number.rpartition("-")[2]).first.click()
    expect(page.locator(".incident-number")).to_have_text(number)


def does(page: Page, deed: str, **said: str) -> None:
    """Choose a move, fill its form, and send it until it is taken."""
    choose(page, deed)
    for name, value in said.items():
        fill(page.locator(f"{FORM} [data-field='{name}']"), value)
    send(page)


def choose(page: Page, deed: str) -> None:
    """Press a move, until its form is there."""
    press(page.locator(f".incident-moves [data-deed='{deed}']"), page.locator(f"{FORM}[data-deed-form='{deed}']"))


def press(button: Locator, shows: Locator) -> None:
    """Press a button until the screen shows what it should: again where nothing comes, as people do whose server was away."""
    button.first.wait_for()
    for _ in range(TRIES):
        with suppress(TimeoutError):
            button.click(timeout=PATIENCE)
        with suppress(TimeoutError):
            return shows.first.wait_for(timeout=PATIENCE)
    raise AssertionError(f"{button} showed no {shows}")


def fill(slot: Locator, value: str) -> None:
    """Type into a field, or choose."""
    control = slot.locator("input, textarea, select").first
    if control.evaluate("e => e.tagName") == "SELECT":
        control.select_option(value)
    else:
        control.fill(value)


def send(page: Page) -> None:
    """Send the open form until it is taken: again after no answer, and, told of what others did meanwhile, all the same."""
    for _ in range(TRIES):
        again = page.locator(AGAIN)
        if again.is_visible():
            again.click()
        else:
            page.keyboard.press("Control+Enter")
        with suppress(TimeoutError):
            return page.locator(FORM).wait_for(state="detached", timeout=PATIENCE)
    raise AssertionError(f"not taken: {page.locator('.incident-acts').inner_text()}")


def owes(page: Page, text: str) -> None:
    """Wait until the open incident says that this is owed."""
    expect(page.locator(".incident-owed")).to_have_text(text)


def tab(page: Page, name: str) -> None:
    """Turn to a tab of the open incident: detail, order, around, reports, review."""
    page.locator(f"[data-dispatch-tab='{name}']").click()


def happened(page: Page, *parts: str) -> None:
    """Each of these stands in the timeline in one line, no more and no fewer."""
    for part in parts:
        expect(page.locator(".timeline-line", has_text=re.compile(part))).to_have_count(1)


def picks(page: Page, number: str) -> None:
    """Open an incident's card on the tablet or phone."""
    face = page.locator(".field-card[data-incident]", has_text=number).locator(".field-card-face").first
    face.wait_for()
    if face.get_attribute("aria-expanded") != "true":
        face.click()
    expect(face).to_have_attribute("aria-expanded", "true")


def thumb(page: Page, name: str) -> None:
    """Press a button of the tablet or phone by its name."""
    page.locator(f"[data-field-name='{name}']:visible").first.click()


def writes(page: Page, **said: str) -> None:
    """Fill the sheet over the work tab, and send it."""
    for name, value in said.items():
        page.locator(f".field-sheet [data-field-name='{name}']").fill(value)
    thumb(page, "send")
    expect(page.locator(".field-sheet")).to_have_count(0)


def offered(page: Page, *moves: str) -> list[str]:
    """Which of these moves the screen offers for the open incident."""
    return [deed for deed in moves if page.locator(f".incident-moves [data-deed='{deed}']").count()]


def nobody_closed_their_own(page: Page, closing: str) -> None:
    """Who asked for the closing and who approved it are not among those whom the facts name as its handlers."""
    handlers = (page.locator(".fact-handled").text_content() or "").split("、")
    lines = page.locator(".timeline-line", has_text=re.compile(closing))
    closers = set(lines.locator("strong").all_text_contents())
    assert handlers and closers and not closers.intersection(handlers), (handlers, closers)


def deaf(page: Page, path: str) -> None:
    """From now on questions to `path` are never answered; the page waits a second where it would wait longer, and notes how long."""
    page.evaluate(
        """() => { const real = AbortSignal.timeout.bind(AbortSignal); window.patience = [];
        AbortSignal.timeout = (ms) => { window.patience.push(ms); return real(Math.min(ms, 1000)); }; }"""
    )
    page.route(path, lambda route: None)
