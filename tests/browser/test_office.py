"""The leader's office in a browser on a fake city: three presses from a number to a case, one screen at every size, paper, a finger."""

import io
from unicodedata import normalize

import pytest
from pypdf import PdfReader

from tests.browser.structure import faults
from tests.browser.test_faces import address, city, settled, visit
from tests.fake_office import records
from tests.fake_states import storm, with_alarms

__all__ = ["address", "city", "visit"]
pytestmark = [pytest.mark.browser, pytest.mark.light]
SIZES = ((1280, 800), (1920, 1080), (2560, 1440))
SCROLLS = "() => { const face = document.querySelector('.face-mid'); return face.scrollHeight - face.clientHeight; }"


@pytest.fixture(autouse=True)
def busy(city):
    """A major incident, and cases of two towns, some of them late."""
    city.picture.incidents = records(city.picture.at)
    city.picture.version += 1
    yield
    city.picture.incidents = []


@pytest.fixture
def office(visit):
    def sit(size=(1280, 800), lang="zh"):
        page = settled(visit(f"/mid?lang={lang}", role="leader", size=size))
        page.wait_for_selector(".office-number", timeout=30_000)
        return page

    return sit


def test_from_a_number_to_its_case_are_three_presses(office):
    page, presses = office(), []

    def press(place):
        presses.append(place)
        page.locator(place).first.click()

    assert page.locator("[data-number=overdue] b").text_content() == "2"
    press("[data-number=overdue]")
    page.locator(".office-drill-town", has_text="虎门镇").wait_for()
    press(".office-drill-town")
    page.locator(".office-case", has_text="井盖缺失").wait_for()
    press(".office-case:has-text('井盖缺失')")
    page.wait_for_url("**/desk?incident=0190b000-0000-7000-8000-000000000002**")
    assert len(presses) <= 3 and not page.wrong


def test_a_town_leads_to_its_cases_and_escape_back_to_the_office(office):
    page = office()
    page.locator(".office-town-line", has_text="虎门镇").click()
    page.locator(".office-case").first.wait_for()
    assert page.locator(".office-case").count() == 3
    page.keyboard.press("Escape")
    page.wait_for_selector(".office-drill:not(.is-open)", state="attached")
    assert page.locator("[data-major] .office-facts").text_content().count("水泵一队") == 1
    assert page.locator("[data-major] a[href='tel:22000001']").is_visible()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_office_is_one_screen_at_every_size(office, lang):
    page = office(lang=lang)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(200)
        assert page.evaluate(SCROLLS) <= 1, (width, height)
        assert faults(page) == {}, (width, height)
    assert not page.wrong


def test_a_storm_is_counted_at_one_glance_at_every_size_and_three_presses_lead_to_an_alarm(office, city):
    kept = list(city.picture.alarms)
    storm(city)
    try:
        page = office()
        assert page.locator("[data-count='alarm:all'] b").text_content() == "500"
        assert page.locator(".office-storm").is_visible() and page.locator("[data-count='alarm:critical'] .mark-critical").is_visible()
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(200)
            assert page.evaluate(SCROLLS) <= 1 and faults(page) == {}, (width, height)
        for place in ("[data-count='alarm:critical']", ".office-drill-town", "[data-alarm-line]"):
            page.locator(place).first.click()
        page.wait_for_url("**/desk?view=watch**")
        assert not page.wrong
    finally:
        with_alarms(city, kept)


def test_on_paper_stands_everything_that_the_lists_hold_and_nothing_that_is_pressed(office):
    page = office()
    paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    said = normalize("NFKC", "".join("".join(one.extract_text() for one in paper.pages).split()))
    assert "松山湖" in said, "the last of the towns, which the screen's list only shows when it is scrolled"
    second = "".join(normalize("NFKC", paper.pages[1].extract_text()).split())
    assert "镇街体征每万人按期在办超时" in second, "a table that goes on has its heads again"
    assert all(part in said for part in ("隧道积水", "路灯亮灯率", "清淤排水", "带班领导甲"))
    assert "写批示" not in said and "值班工作台" not in said
    assert page.evaluate("document.documentElement.dataset.theme") == "dark", "the screen is as it was"


def test_a_leader_writes_an_instruction_and_reads_and_closes_its_answer(office, city):
    page = office()
    page.locator("[data-sheet-form=instruct]").first.click()
    page.locator(".sheet-form textarea").wait_for()
    for field, text in (("object", "虎门"), ("department", "水务")):
        page.locator(f".sheet-form [data-field={field}] input").first.fill(text)
        page.keyboard.press("Enter")
    page.locator(".sheet-form [data-field=text] textarea").fill("三日内报回清淤情况")
    page.locator("[data-sheet-send]").click()
    page.wait_for_selector(".sheet-form", state="detached")
    assert (city.instructions.held[-1].text, city.instructions.held[-1].department) == ("三日内报回清淤情况", "water")
    page.goto(page.url.replace("/mid", "/instructions"))
    page.locator(".office-instruction", has_text="汛期值班到位情况").click()
    page.locator(".ledger-events", has_text="三班 24 人在岗").wait_for()
    page.locator("[data-sheet-form=instruction_close]").click()
    page.locator("[data-sheet-send]").click()
    page.wait_for_selector(".ledger-events li:nth-child(3)")
    assert city.instructions.held[-1].state == "closed" and not page.wrong


def test_everything_that_a_finger_touches_is_large_enough(browser, address):
    context = browser.new_context(viewport={"width": 1280, "height": 800}, has_touch=True, is_mobile=True)
    context.add_cookies([{"name": "citydeck_session", "value": "leader", "url": address}])
    page = context.new_page()
    page.goto(f"{address}/mid")
    page.wait_for_selector(".office-number", timeout=30_000)
    page.wait_for_selector(".office-town-line")
    wrong = faults(page, thumb=".face-mid :is(button, a)")
    context.close()
    assert wrong == {}
