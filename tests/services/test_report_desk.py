"""Information reports on PostgreSQL: drafted from the incident, signed by three people, given out as PDF and Word; and performance."""

import io
import zipfile
from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from docx import Document
from sqlalchemy import Engine, text

from config.incident_files import load_clocks
from config.languages import load_catalogues
from data_adapters.documents import Documents
from data_adapters.incident_wiring import source_names
from data_adapters.sql.notice_repository import NoticeRepository
from data_adapters.sql.report_repository import ReportRepository
from data_adapters.sql.told_repository import told_about
from domain.access import Actor, Forbidden
from domain.duty import Shift
from domain.incidents import Refused
from domain.notices import CallRule
from services.alarm_incidents import RULE_ACTOR
from services.briefs import Briefs, Names
from services.incident_board import IncidentBoard
from services.notices import Notices
from services.report_desk import ReportDesk
from services.report_ports import ReportTaken
from services.reviews import Reviews
from services.signing import Signing
from tests.domain.incident_cast import DISPATCHER, HANDLER, LEADER, LIMITS, OPERATOR, SHIFT_LEADER, T0
from tests.services.incident_fakes import REGIONS
from tests.services.test_alarm_incidents import DEVICE
from tests.services.test_incident_desk import TRAFFIC_SEAT, WEST, City

AUDITOR = Actor("auditor", frozenset({"auditor"}))
ZH = load_catalogues()["zh"]
DEPARTMENTS, FEEDS = {"": "本中心", "water": "水务局"}, {"old": "政务热线", "new": "设备直连"}
CALLED = {HANDLER.username: "水务值班"}
NAMES = {"class": "城市内涝", "region": "东城街道", "source": "12345热线"}


class Scene(City):
    """The desk with its reports."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        reports = ReportRepository(engine, self.store)
        papers = (Documents(), lambda id, values: ZH[id].format(**values), "Asia/Shanghai")
        self.reports = ReportDesk(reports, self.desk, load_clocks(), lambda _: NAMES, *papers, LIMITS.needed)
        self.notices = Notices(NoticeRepository(engine), {"default": CallRule(1, 300, ("app",), "test")})
        sky: Any = Sky()
        names = Names(str, str, DEPARTMENTS.__getitem__, lambda spine, state: state, str, FEEDS.__getitem__)
        self.briefs = Briefs(self.board, sky, sky, names, LIMITS.major, *papers)
        self.reviews = Reviews(
            self.desk,
            reports,
            lambda incident_id: told_about(engine, incident_id),
            load_clocks(),
            lambda _: NAMES,
            Documents(),
            ZH,
            "Asia/Shanghai",
            partial(source_names, engine),
            lambda who: CALLED.get(who, who),
        )

    def act(self, actor: Actor, report: Any, deed: str, **said: Any) -> Any:
        return self.reports.act(actor, report.report_id, deed, report.version, said, self.now)


class Sky:
    """A picture with one alarm and two feeds, of which one is late."""

    def snapshot(self, actor: Actor, at: int | None = None) -> Any:
        if not actor.may("see_picture"):
            raise Forbidden("see_picture")
        moment = at or T0
        feeds = {"new": {"last_message_at": moment, "interval_s": 60}, "old": {"last_message_at": 1, "interval_s": 60}}
        return SimpleNamespace(alarms=[{"severity": "critical", "state": "active"}], notes={"feeds": feeds})

    def on_duty(self, actor: Actor, now: int, at: int | None = None) -> list[Any]:
        return [Shift("s", "seat", "water", "seat", "值守", "0000", 0, now)]


@pytest.fixture
def scene(engine: Engine) -> Iterator[Scene]:
    yield Scene(engine)


def test_a_report_is_drafted_reviewed_and_signed_and_stands_in_the_incident(scene: Scene) -> None:
    one = scene.report(class_code="flood")
    draft = scene.reports.draft(OPERATOR, one.incident_id, scene.now)
    assert draft.fields["nature"] == "城市内涝" and draft.fields["place"] == "东城街道"
    draft = scene.act(OPERATOR, draft, "edit", fields={"trend": "水位趋稳"})
    with pytest.raises(Refused):
        scene.act(OPERATOR, draft, "review")
    issued = scene.act(LEADER, scene.act(SHIFT_LEADER, draft, "review"), "sign")
    assert issued.state == "issued" and scene.reports.of(OPERATOR, one.incident_id) == [issued]
    assert scene.store.events(one.incident_id)[-1].deed == "file_report"
    assert scene.reports.draft(OPERATOR, one.incident_id, scene.now).kind == "follow_up"


class Leaders:
    """Three leaders, of whom `there` is on duty."""

    def __init__(self, *there: str) -> None:
        self.there = there

    def of(self, role: str, departments: Any = (), region: str = "") -> list[str]:
        return ["zhao", "qian", "sun"] if role == "leader" else []

    def chain(self, at: int, department: str = "") -> Any:
        raise NotImplementedError

    def leaders(self, at: int) -> tuple[str, ...]:
        return self.there


@pytest.mark.parametrize(("there", "told"), [(("qian",), {"qian"}), ((), {"zhao", "qian", "sun"})])
def test_whoever_has_to_sign_is_told_once_that_a_reviewed_report_waits(
    scene: Scene, engine: Engine, there: tuple[str, ...], told: set[str]
) -> None:
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE reports, outbox CASCADE"))
    people, one = Leaders(*there), scene.report(class_code="flood")
    signing = Signing(ReportRepository(engine, scene.store), scene.notices, people, people)
    draft = scene.reports.draft(OPERATOR, one.incident_id, scene.now)
    assert signing.round(scene.now) == 0, "nobody signs a draft"
    reviewed = scene.act(SHIFT_LEADER, scene.act(OPERATOR, draft, "edit", fields={"trend": "稳"}), "review")
    assert signing.round(scene.now) == len(told) and signing.round(scene.now + 5_000) == 0
    found = {name: scene.notices.mine(Actor(name)) for name in ("zhao", "qian", "sun")}
    assert {name for name, held in found.items() if held} == told
    notice = found["qian"][0]
    assert (notice.template, notice.link, notice.params["number"]) == ("report_to_sign", f"/desk?incident={one.incident_id}", one.number)
    again = scene.act(SHIFT_LEADER, scene.act(LEADER, reviewed, "return", reason="补充损失"), "review")
    assert signing.round(scene.now) == len(told), "reviewed again, it waits again"
    scene.act(LEADER, again, "sign")
    assert signing.round(scene.now) == 0


def test_it_says_which_report_comes_next_and_an_exercise_is_told_in_the_title(scene: Scene) -> None:
    one = scene.report(class_code="flood", exercise=True)
    assert scene.reports.owed(OPERATOR, one.incident_id)[:3] == ("first", 0, "")
    draft = scene.reports.draft(OPERATOR, one.incident_id, scene.now)
    assert scene.reports.owed(OPERATOR, one.incident_id).refused == "report_open"
    word, _, _ = scene.reports.document(OPERATOR, draft.report_id, "docx", scene.now)
    assert Document(io.BytesIO(word)).paragraphs[0].text.startswith(ZH["report.exercise"])


def test_two_who_write_at_once_overwrite_nothing(scene: Scene) -> None:
    one = scene.report(class_code="flood")
    draft = scene.reports.draft(OPERATOR, one.incident_id, scene.now)
    scene.act(OPERATOR, draft, "edit", fields={"trend": "a"})
    with pytest.raises(Refused) as caught:
        scene.act(SHIFT_LEADER, draft, "edit", fields={"trend": "b"})
    assert caught.value.code == "changed"
    with pytest.raises((Refused, ReportTaken)):
        scene.reports.draft(OPERATOR, one.incident_id, scene.now)


def test_the_documents_hold_what_the_report_says_whatever_was_written(scene: Scene) -> None:
    one = scene.report(title="积水 <b>&路</b>", class_code="flood")
    draft = scene.reports.draft(OPERATOR, one.incident_id, scene.now)
    scene.act(OPERATOR, draft, "edit", fields={"measures": "抽排" * 900 + "<para>"})
    pdf, kind, name = scene.reports.document(OPERATOR, draft.report_id, "pdf", scene.now)
    assert pdf.startswith(b"%PDF-") and kind == "application/pdf" and name.endswith("-first.pdf")
    word, _, _ = scene.reports.document(OPERATOR, draft.report_id, "docx", scene.now)
    said = "\n".join(line.text for line in Document(io.BytesIO(word)).paragraphs)
    assert "城市内涝" in said and "<b>&路</b>" in said and zipfile.is_zipfile(io.BytesIO(word))
    with pytest.raises(LookupError):
        scene.reports.document(OPERATOR, draft.report_id, "exe", scene.now)


def test_a_review_weighs_each_clock_and_says_what_was_late_and_who_was_told(scene: Scene) -> None:
    one = scene.dispatched()
    scene.notices.tell(["handler"], f"incident:{one.incident_id}:{one.version}:dispatched", "dispatched", {}, "", scene.now)
    scene.now += 5 * 3_600_000
    found = scene.reviews.of(OPERATOR, one.incident_id, scene.now)
    states = {target.name: target.state for target in found.targets}
    assert states["verify"] == "met" and states["handle"] == "overdue" and found.late == [("clock", "handle")]
    handle = next(target for target in found.targets if target.name == "handle")
    assert handle.allowed_ms == 4 * 3_600_000 and handle.used_ms == 5 * 3_600_000
    assert [(told.username, told.template) for told in found.told] == [("handler", "dispatched")]
    told = printed(scene.reviews.document(OPERATOR, one.incident_id, "docx", scene.now)[0])
    assert "水务值班 站内 " in told, "over which channel"
    pdf, _, name = scene.reviews.document(OPERATOR, one.incident_id, "pdf", scene.now)
    assert pdf.startswith(b"%PDF-") and name.endswith("-review.pdf")


def printed(word: bytes) -> str:
    """All that stands in a Word document."""
    document = Document(io.BytesIO(word))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*cells, *(line.text for line in document.paragraphs)])


def test_the_printed_review_says_spans_people_deeds_and_what_was_said_in_words(scene: Scene) -> None:
    one = scene.do(HANDLER, scene.do(HANDLER, scene.dispatched(), "sign"), "extend", amount=2, unit="natural_hours", reason="水泵在途")
    one = scene.do(SHIFT_LEADER, one, "refuse:extend", reason="就近调泵")
    scene.desk.act(RULE_ACTOR, one.incident_id, "say", {"text": "水位仍在上涨"}, None, scene.now)
    scene.now += 5 * 3_600_000
    said = printed(scene.reviews.document(OPERATOR, one.incident_id, "docx", scene.now)[0])
    assert "4 小时" in said and "5 小时" in said and "0 小时" not in said
    assert "水务值班 报批：延期：水泵在途" in said and "shift-leader 驳回：延期：就近调泵" in said
    assert "系统 留言：水位仍在上涨" in said and "rule:" not in said


def test_the_printed_review_calls_what_was_opened_by_its_name(scene: Scene, engine: Engine) -> None:
    with engine.begin() as tx:
        tx.execute(text(DEVICE), {"id": "water-7", "lon": 113.8})
    one = scene.report()
    for source in ("water-7", "nobody-knows"):
        scene.desk.act(OPERATOR, one.incident_id, "open_source", {"source": source}, None, scene.now)
    word, _, _ = scene.reviews.document(OPERATOR, one.incident_id, "docx", scene.now)
    written = printed(word)
    assert "鸿福路涵洞" in written and "water-7" not in written and "nobody-knows" in written


def test_a_brief_says_what_came_in_what_is_major_and_leaves_exercises_out(scene: Scene) -> None:
    scene.now = T0 + 200 * 24 * 3_600_000 + int(uuid4().int % 100_000) * 60_000
    began = scene.now
    major = scene.report(title="河堤溃口", class_code="flood", urgency="critical")
    scene.report(title="演练溃口", class_code="flood", urgency="critical", exercise=True)
    found = scene.briefs.of(OPERATOR, began - 1, scene.now + 1, scene.now + 2)
    assert found.totals["received"] == 1 and found.by_class == {"flood": 1} and found.by_town == {"441900003": 1}
    assert major.number in {one.number for one in found.major} and "演练溃口" not in {one.title for one in found.major}
    assert found.alarms == {"critical": 1} and found.feeds == ["old"]
    word, _, name = scene.briefs.document(OPERATOR, "situation", "docx", began - 1, scene.now + 1, scene.now + 2)
    said = "\n".join(line.text for line in Document(io.BytesIO(word)).paragraphs)
    assert "河堤溃口" in said and "演练" not in said and name.startswith("situation-")
    duty = printed(scene.briefs.document(OPERATOR, "duty", "docx", began - 1, scene.now + 1, scene.now + 2)[0])
    assert "政务热线" in duty and "水务局 值守" in duty, "late feeds and seats by their names"
    with pytest.raises(ValueError):
        scene.briefs.of(OPERATOR, scene.now, began - 9, scene.now)


Act = Any
ACTS: dict[str, Act] = {
    "reports.of": lambda scene, actor, one, report: scene.reports.of(actor, one.incident_id),
    "reports.owed": lambda scene, actor, one, report: scene.reports.owed(actor, one.incident_id),
    "reports.draft": lambda scene, actor, one, report: scene.reports.draft(actor, one.incident_id, scene.now),
    "reports.act": lambda scene, actor, one, report: scene.reports.act(actor, report.report_id, "edit", 1, {}, scene.now),
    "reports.document": lambda scene, actor, one, report: scene.reports.document(actor, report.report_id, "pdf", scene.now),
    "reviews.of": lambda scene, actor, one, report: scene.reviews.of(actor, one.incident_id, scene.now),
    "reviews.document": lambda scene, actor, one, report: scene.reviews.document(actor, one.incident_id, "pdf", scene.now),
    "briefs.of": lambda scene, actor, one, report: _counted(scene.briefs.of(actor, T0 - 1, scene.now + 1, scene.now + 2)),
    "briefs.document": lambda scene, actor, one, report: _counted(scene.briefs.of(actor, T0 - 1, scene.now + 1, scene.now + 2)),
    "incident_board.between": lambda scene, actor, one, report: _nothing(scene.board.between(actor, T0 - 1, scene.now + 1), one),
    "incident_board.performance": lambda scene, actor, one, report: _none(scene.board.performance(actor, "lead", T0 - 1, scene.now + 1)),
}
HELD = set(ACTS)


def _nothing(found: Any, one: Any) -> None:
    if one.incident_id not in {incident.incident_id for incident in found}:
        raise LookupError(one.incident_id)


def _counted(found: Any) -> None:
    if not found.totals["received"]:
        raise LookupError("nothing received in scope")


def _none(found: Any) -> None:
    if "water" not in {row.key for row in found.rows}:
        raise LookupError("no such unit in scope")


@pytest.mark.parametrize("stranger", [WEST, TRAFFIC_SEAT, AUDITOR], ids=lambda one: one.username)
@pytest.mark.parametrize("name", sorted(HELD))
def test_nobody_outside_the_scope_reads_or_writes_reports(scene: Scene, name: str, stranger: Actor) -> None:
    one = scene.dispatched()
    report = scene.reports.draft(OPERATOR, one.incident_id, scene.now)
    with pytest.raises((LookupError, Forbidden)):
        ACTS[name](scene, stranger, one, report)


def test_performance_counts_what_was_reported_in_the_time_asked_for(scene: Scene) -> None:
    scene.now = T0 + 90 * 24 * 3_600_000 + int(uuid4().int % 1000) * 3_600_000
    began = scene.now
    done = scene.do(HANDLER, scene.dispatched(), "sign")
    for actor, deed, said in ((HANDLER, "feed_back", {"note": "-"}), (OPERATOR, "check", {"note": "-"}), (SHIFT_LEADER, "close", {})):
        done = scene.do(actor, done, deed, **said)
    rows = scene.board.performance(DISPATCHER, "lead", began, scene.now).rows
    assert [(row.key, row.incidents, row.on_time) for row in rows] == [("water", 1, 1.0)]
    assert scene.board.performance(DISPATCHER, "region", began - 2, began - 1).rows == []


def test_towns_are_compared_per_head_where_their_people_are_known(scene: Scene) -> None:
    scene.now = T0 + 9_000 * 24 * 3_600_000 + int(uuid4().int % 1000) * 3_600_000
    began = scene.now
    scene.report(), scene.report(place={"lon": 113.7, "lat": 23.0})
    peopled = {**REGIONS, "441900003": REGIONS["441900003"]._replace(population=50_000)}
    board = IncidentBoard(scene.store, lambda: peopled, scene.handbook.group, LIMITS)
    rows = board.performance(DISPATCHER, "region", began, scene.now + 1).rows
    assert {row.key: row.per_10k for row in rows} == {"441900003": 0.2, "441900004": None}
    assert board.performance(DISPATCHER, "lead", began, scene.now + 1).rows == []
