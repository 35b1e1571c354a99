"""Papers of an incident in a real browser: a report drafted, reviewed and signed by three roles at once, a draft that outlives a reload,
documents whose text is what was signed, the review, and the player of the past that keeps its step."""

import io
import time

import docx
import pypdf
import pytest
from playwright.sync_api import expect

from tests.browser.deeds import deaf

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.long]
SIGNED = ("【演练】", "初报", "鸿福路内涝", "鸿福路 88 号", "水位趋稳", "已签发")


def pdf_text(data):
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def docx_text(data):
    paper = docx.Document(io.BytesIO(data))
    lines = [*paper.paragraphs, *(line for table in paper.tables for row in table.rows for cell in row.cells for line in cell.paragraphs)]
    return "\n".join(line.text for line in (*lines, *(line for part in paper.sections for line in part.footer.paragraphs)))


READ = {"pdf": pdf_text, "docx": docx_text}


def made(page, city, exercise=False):
    """An emergency, told over the API; its id."""
    said = {"title": "鸿福路内涝", "source": "hotline", "class_code": "flood", "place": {"lon": 113.75, "lat": 23.02}, "exercise": exercise}
    body = {"data": said, "request_id": f"{time.time_ns():032d}"}
    answer = page.context.request.post(f"{city.url}/api/v1/incidents", data=body)
    assert answer.status == 201, answer.text()
    return answer.json()["incident_id"]


def papers(page, city, incident, tab="reports"):
    """The incident's own window, on this tab."""
    page.goto(f"{city.url}/desk?incident={incident}")
    page.wait_for_selector(".incident-head")
    page.locator(f"[data-dispatch-tab='{tab}']").click()


def made_anew(page):
    """The server's next answer replaces the paper on the screen, as it may at any moment while somebody types in it."""
    page.locator(".report").evaluate("paper => { paper.dataset.old = 'yes'; }")
    page.evaluate("document.dispatchEvent(new CustomEvent('citydeck:incident', { detail: citydeckDesk.incident }))")
    expect(page.locator(".report[data-old]")).to_have_count(0)
    expect(page.locator(".report .field-slot :is(input, textarea)").first).to_be_attached()


def test_a_report_goes_from_its_draft_to_the_signature_and_its_papers_say_what_was_signed(seat, city):
    operator, shift_leader, leader = (seat(role, "/desk") for role in ("operator", "duty_officer", "leader"))
    incident = made(operator, city, exercise=True)
    for page in (operator, shift_leader, leader):
        papers(page, city, incident)
    expect(operator.locator(".papers-title")).to_contain_text("演练")
    operator.locator("[data-report-begin]").click()
    operator.locator(".report [data-field='trend'] textarea").fill("水位")
    made_anew(operator)
    operator.keyboard.insert_text("趋稳")
    expect(operator.locator(".report [data-field='trend'] textarea")).to_have_value("水位趋稳")
    operator.reload()
    expect(operator.locator(".report [data-field='trend'] textarea")).to_have_value("水位趋稳")
    operator.locator(".report [data-field='place'] input").fill("鸿福路 88 号")
    deaf(operator, "**/reports/*/deeds")
    operator.locator("[data-report-do='edit']").click()
    expect(operator.locator(".report .deed-status")).to_contain_text("没有应答")
    expect(operator.locator(".report [data-field='place'] input")).to_have_value("鸿福路 88 号")
    operator.unroute("**/reports/*/deeds")
    operator.locator("[data-report-do='edit']").click()
    expect(operator.locator(".report")).to_have_attribute("data-version", "2")
    expect(operator.locator("[data-report-do='review']")).to_have_count(0)
    expect(shift_leader.locator(".report")).to_have_attribute("data-version", "2")
    shift_leader.locator("[data-report-do='review']").click()
    expect(shift_leader.locator(".report-state")).to_have_text("待签发")
    leader.locator("[data-report-do='sign']").click()
    expect(operator.locator(".report-state")).to_have_text("已签发")
    for form, text_of in READ.items():
        with operator.expect_download() as kept:
            operator.locator(f".report [data-file='{form}']").click()
        text = text_of(kept.value.path().read_bytes())
        assert [said for said in SIGNED if said not in text] == [], text
    assert not [wrong for page in (operator, shift_leader, leader) for wrong in page.wrong]


def test_a_returned_report_says_why_the_review_leads_to_the_replay_and_the_replay_keeps_its_step(seat, city):
    operator, shift_leader = seat("operator", "/desk"), seat("duty_officer", "/desk")
    incident = made(operator, city)
    papers(operator, city, incident)
    operator.locator("[data-report-begin]").click()
    expect(operator.locator(".report")).to_have_count(1)
    papers(shift_leader, city, incident)
    shift_leader.locator(".report [data-field='place'] input").fill("鸿福路")
    shift_leader.locator("[data-report-do='review']").click()
    shift_leader.locator("[data-report-do='return']").click()
    expect(shift_leader.locator(".incident-papers .answer")).to_be_visible()
    shift_leader.locator(".report [data-field='reason'] input").fill("请补充影响范围")
    made_anew(shift_leader)
    shift_leader.locator("[data-report-do='return']").click()
    expect(operator.locator(".report-returned")).to_contain_text("请补充影响范围")
    operator.locator("[data-dispatch-tab='review']").click()
    expect(operator.locator(".review-targets tbody tr, .review-lessons").first).to_be_visible()
    assert f"replay={incident}" in (operator.locator("[data-replay-open]").get_attribute("href") or "")
    replayed(shift_leader, city, incident)
    assert not operator.wrong and not shift_leader.wrong


def replayed(page, city, incident):
    """The player on the leaders' face: every step is as long as its speed says, and its events can be jumped to."""
    now = time.time_ns() // 1_000_000
    page.goto(f"{city.url}/mid?at={now - 3_600_000}&from={now - 3_600_000}&to={now}&replay={incident}")
    page.wait_for_selector(".replay-events:not([hidden])")
    page.locator("[data-replay='speed']").select_option("60")
    page.locator("[data-replay='play']").click()
    page.wait_for_function("citydeckReplay.shown.length >= 3")
    page.locator("[data-replay='play']").click()
    steps = page.evaluate("citydeckReplay.shown.map((at, i, all) => i ? at - all[i - 1] : 0).slice(1)")
    assert all(step >= 60_000 and step % 60_000 == 0 for step in steps)
    page.locator("[data-replay-event='1']").click()
    page.wait_for_function(f"citydeckMoment.at >= {now - 60_000}")
    expect(page.locator(".replay-event")).not_to_have_text("–")
