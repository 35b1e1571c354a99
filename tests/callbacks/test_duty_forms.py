"""The duty page's forms on PostgreSQL: opened with the choices of now, done with what was typed, and refused in words."""

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, text

from callbacks import duty as page
from callbacks import sheet
from callbacks.duty import Look, do, rendered
from callbacks.duty_forms import SHEETS
from config.languages import load_catalogues
from data_adapters.sql.notice_repository import NoticeRepository
from data_adapters.sql.outbox_repository import OutboxRepository
from data_adapters.sql.task_repository import TaskRepository
from layouts import duty
from layouts.words import Words
from services.duty_ports import NotTaken
from services.outbox import Outbox
from services.tasks import TaskDesk
from tests.layouts.test_panels import components, texts
from tests.services.test_duty import ACTORS, HOUR, NOW, ROLES, Duty, Units

CATALOGUES = load_catalogues()


class Register(Units):
    """The two departments and three regions of the duty tests."""

    def city(self) -> dict[str, str]:
        return {"name": "东莞市", "timezone": "Asia/Shanghai"}


class Page:
    """What people do on /duty, on real services."""

    def __init__(self, engine: Engine) -> None:
        self.duty, notices = Duty(engine), NoticeRepository(engine)
        self.city = SimpleNamespace(
            roster=self.duty.roster, duty_changes=self.duty.changes, duty_room=self.duty.room, duty_book=self.duty.book,
            notices=self.duty.notices, outbox=Outbox(OutboxRepository(engine), notices, 60), register=Register(),
        )  # fmt: skip

    def look(self, who: str, now: int = NOW) -> Look:
        faces: Any = SimpleNamespace(city=self.city, words=lambda _: Words("zh", CATALOGUES["zh"]), catalogues=CATALOGUES)
        made = Look(faces, ACTORS[who], None)
        made.now = now
        return made

    def open(self, who: str, form: str, thing: str = "") -> Any:
        """The form, and what is said where it does not open."""
        body, _, told, _ = sheet.opened(SHEETS, self.look(who), {"form": form, "thing": thing})
        return body, getattr(told, "children", "")

    def send(self, who: str, form: str, thing: str = "", now: int = NOW, **said: Any) -> str:
        """What is said under the sheet; empty once it is done."""
        body, answer, _, kept = sheet.done(SHEETS, self.look(who, now), {"form": form, "thing": thing, "said": said})
        wrong = str(getattr(answer, "children", answer))
        assert (body is None) == (wrong == "") and (kept == now) == (wrong == "")
        return wrong

    def shift(self, who: str, starts: int = 0, ends: int = 8, post: str = "watch_officer", unit: str = "") -> str:
        said = {"post": post, "unit": unit, "person": who, "phone": "8881", "starts": NOW + starts * HOUR, "ends": NOW + ends * HOUR}
        assert self.send("chen", "shift", **said) == ""
        return next(one.shift_id for one in self.duty.store.shifts(NOW + starts * HOUR, NOW + ends * HOUR) if one.username == who)


@pytest.fixture
def at(engine: Engine) -> Iterator[Page]:
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE outbox, callings, duty_shifts, duty_changes, duty_handovers, contacts, roll_calls"))
        tx.execute(text("DELETE FROM addresses"))
        for name, role in ROLES.items():
            tx.execute(text("INSERT INTO users (username, password_hash) VALUES (:n, '') ON CONFLICT DO NOTHING"), {"n": name})
            values = {"n": name, "roles": [role]}
            tx.execute(text("INSERT INTO user_scopes VALUES (:n, '{}', '{}', :roles, '2020-01-01', NULL) ON CONFLICT DO NOTHING"), values)
    yield Page(engine)


def begun(form: Any) -> dict[str, Any]:
    """What each field of a form begins with."""
    slots = [one for one in components([form]) if hasattr(one, "data-field")]
    return {getattr(one, "data-field"): json.loads(getattr(one, "data-value", "null")) for one in slots}


def things(parts: Any) -> set[str]:
    """What the buttons of these parts are about."""
    return {getattr(one, "data-thing") for one in components(parts) if hasattr(one, "data-thing")}


def test_a_shift_is_set_changed_and_cancelled_in_the_sheet(at: Page) -> None:
    made = at.shift("li")
    form, *_ = at.open("chen", "shift", made)
    assert (begun(form)["person"], begun(form)["starts"], begun(form)["post"]) == ("li", NOW, "watch_officer")
    said = {"post": "watch_officer", "person": "wang", "starts": NOW, "ends": NOW + 8 * HOUR}
    assert at.send("chen", "shift", made, NOW + 1, **said) == ""
    assert [one.username for one in at.duty.roster.on_duty(ACTORS["li"], NOW)] == ["wang"]
    assert "取消：wang" in texts([at.open("chen", "shift_remove", made)[0]])
    assert at.send("li", "shift_remove", made) == "你的账号无权这样做"
    assert at.send("chen", "shift_remove", made, NOW + 2) == "" and not at.duty.roster.on_duty(ACTORS["li"], NOW)


def test_what_cannot_be_a_shift_is_said_and_the_sheet_stays(at: Page) -> None:
    at.shift("li")
    said = {"post": "seat", "unit": "water", "person": "li", "starts": NOW, "ends": NOW + HOUR}
    assert at.send("chen", "shift", **said) == "同一人同一时间已有排班"
    assert at.send("chen", "shift", **{**said, "starts": None}) == "时间不可用"
    assert at.open("chen", "shift", "0" * 8 + "-0000-7000-8000-000000000001")[1] == "没有这一项，或不在你的范围内"
    assert at.open("chen", "nonsense") == (None, "")


BAD, UNKNOWN = "'; drop table", "没有这一项，或不在你的范围内"


@pytest.mark.parametrize("form", ["shift", "shift_remove", "contact", "contact_remove"])
def test_what_is_no_id_is_nothing_of_the_page_and_no_error(at: Page, form: str) -> None:
    said = {"post": "seat", "unit": "water", "person": "li", "starts": NOW, "ends": NOW + HOUR, "name": "a", "phone": "1"}
    assert at.open("chen", form, BAD)[1] == at.send("chen", form, BAD, **said) == "没有这一项，或不在你的范围内"
    assert (
        at.send("li", "swap", mine=BAD, colleague="wang")
        == at.send("li", "swap", mine=at.shift("li"), other=BAD)
        == "没有这一项，或不在你的范围内"
    )


@pytest.mark.parametrize("deed", ["to_incident", "sign", "change_yes", "task_acknowledge"])
def test_a_button_about_what_is_no_id_is_answered_in_words(at: Page, deed: str) -> None:
    at.city.tasks = TaskDesk(TaskRepository(at.duty.engine, lambda: "441900"), lambda *_: None, lambda: {})
    assert do(at.look("chen"), deed, BAD, {}) == (UNKNOWN, False)


def test_what_is_too_long_to_be_kept_is_said_and_the_sheet_stays(at: Page) -> None:
    said = {"post": "seat", "unit": "water", "person": "li", "starts": NOW, "ends": NOW + HOUR}
    assert "太长" in at.send("chen", "shift", **said, phone="1" * 65) and at.send("chen", "shift", **said, phone="1" * 64) == ""
    assert "太长" in at.send("chen", "contact", unit="water", name="李" * 201, phone="1")
    assert "太长" in at.send("li", "swap", mine=at.shift("li", 10, 12), colleague="wang", reason="病" * 4_001)
    told, done = do(at.look("li"), "write_log", "", {"log_text": "a" * 4_001})
    assert "太长" in told and not done and do(at.look("li"), "write_log", "", {"log_text": "a" * 4_000})[1]
    assert "不能保存" in do(at.look("li"), "take_call", "", {"call_text": "积水", "caller": "a\0b"})[0]


def test_a_gap_opens_the_form_with_its_post_and_its_time(at: Page) -> None:
    (thing,) = [one for one in things(rendered(at.look("chen"), "gaps")) if "shift_leader" in one]
    held = begun(at.open("chen", "shift", thing)[0])
    assert held["post"] == "shift_leader" and held["starts"] == NOW and held["ends"] > NOW
    at.send("chen", "shift", thing, post="shift_leader", person="chen", starts=held["starts"], ends=held["ends"])
    assert not [one for one in things(rendered(at.look("chen"), "gaps")) if "shift_leader" in one]
    assert not things(rendered(at.look("li"), "gaps"))


def test_a_swap_is_asked_in_the_sheet_agreed_and_approved_on_the_page(at: Page) -> None:
    mine, theirs = at.shift("li", 10, 18), at.shift("wang", 20, 28)
    form, *_ = at.open("li", "swap")
    assert begun(form)["mine"] == mine, "one's only shift is chosen already"
    assert at.send("li", "swap", mine=mine, other=theirs, colleague="zhao") == "请选一位同事，或对方的一个班（两者须为同一人）"
    assert at.send("li", "swap", mine=mine, other=theirs, reason="体检") == ""
    (asked,) = at.city.duty_changes.open(ACTORS["wang"])
    assert do(at.look("wang"), "change_yes", asked.change_id, {})[1] and do(at.look("chen", NOW + 1), "change_yes", asked.change_id, {})[1]
    swapped = {one.shift_id: one.username for one in at.duty.store.shifts(NOW, NOW + 40 * HOUR)}
    assert swapped == {mine: "wang", theirs: "li"}
    assert at.send("wang", "swap", mine=mine, colleague="li") == "", "without a shift of theirs it is a stand-in"
    (again,) = at.city.duty_changes.open(ACTORS["wang"])
    assert again.kind == "stand_in" and do(at.look("wang"), "change_withdraw", again.change_id, {})[1]
    assert not at.city.duty_changes.open(ACTORS["wang"])


def test_numbers_are_added_changed_imported_and_removed(at: Page) -> None:
    assert at.send("chen", "contact", name="总值班室", phone="22830000") == ""
    (held,) = at.duty.book.pages(ACTORS["li"], NOW)[0].contacts
    assert begun(at.open("chen", "contact", held.contact_id)[0])["phone"] == "22830000"
    assert at.send("chen", "contact", held.contact_id, name="总值班室", phone="22831111") == ""
    assert at.send("chen", "contact", name="x") == "请先填写内容"
    heading = "post,department,username,phone,starts,ends\n"
    assert "没有此人" in at.send("chen", "roster", file=heading + "seat,,nobody,,2027-01-01T08:00,2027-01-01T20:00\n")
    assert at.send("chen", "roster", file=heading + "seat,,li,,2027-01-01T08:00,2027-01-01T20:00\n") == ""
    assert "第 2 行" in at.send("chen", "contacts", file="department,name,post,phone\nnowhere,a,,1\n")
    assert at.send("chen", "contacts", file="department,name,post,phone\nwater,水务值班,,22\n") == ""
    shown = texts(rendered(at.look("chen"), "book"))
    assert "22831111" in shown and "水务值班" in shown and "22830000" not in shown
    (now_held,) = at.duty.book.pages(ACTORS["li"], NOW)[0].contacts
    assert at.send("chen", "contact_remove", now_held.contact_id) == ""
    assert "22831111" not in texts(rendered(at.look("chen"), "book"))


def test_a_duty_check_is_begun_and_its_answer_has_a_time(at: Page) -> None:
    at.shift("li", 0, 8)
    at.shift("sun", 0, 8, "seat", "water")
    assert at.open("li", "roll")[1] == "你的账号无权这样做"
    assert begun(at.open("chen", "roll")[0])["kind"] == "roll_call"
    assert at.send("chen", "roll", kind="duty_check", units=["center", "water"]) == ""
    (seen,) = at.duty.book.rolls(ACTORS["chen"], NOW)
    assert seen.roll.kind == "duty_check" and [one.person for one in seen.called] == ["li", "sun"]
    assert at.duty.notices.answer(ACTORS["sun"], f"roll:{seen.roll.roll_id}:water", NOW + 40_000)
    look = at.look("chen", NOW + 60_000)
    assert "应答 1 / 2，最长 40 s" in texts(rendered(look, "rolls")) and "已等 1 min" in texts(rendered(look, "rolls"))
    assert at.send("chen", "roll", kind="roll_call") == ""
    assert {one.department for one in at.duty.book.rolls(ACTORS["chen"], NOW)[0].called} == {"", "water"}, "everywhere where somebody is"


def test_where_one_is_reached_is_written_down_and_tried(at: Page) -> None:
    assert at.send("li", "reached", email="nonsense", http="", lang="zh") == "电子邮箱格式不对"
    assert at.send("li", "reached", email="li@city.example", http="13800000000", lang="en") == ""
    assert begun(at.open("li", "reached")[0]) == {"email": "li@city.example", "http": "13800000000", "lang": "en"}
    assert do(at.look("li"), "test", "", {}) == ("已完成", True)
    assert do(at.look("li"), "test", "", {}) == ("一分钟内只能测试一次", False)
    shown = texts(rendered(at.look("li"), "reached"))
    assert "li@city.example" in shown and "待发" in shown and "未读" in shown


def test_who_asked_sees_on_the_page_who_has_read_it(at: Page) -> None:
    mine = at.shift("li", 10, 18)
    at.send("li", "swap", mine=mine, colleague="wang")
    assert "换班申请" in texts(rendered(at.look("li"), "sent")) and "已读 0 / 1" in texts(rendered(at.look("li"), "sent"))
    at.duty.notices.read(ACTORS["wang"], [one.notice_id for one in at.duty.notices.mine(ACTORS["wang"])], NOW + 1)
    assert "已读 1 / 1" in texts(rendered(at.look("li"), "sent"))
    assert set(page.RENDER) == set(duty.PARTS)


@pytest.mark.parametrize("typed", [577_210_320_000_000, float("inf"), float("nan"), -1, True, "2026", None])
def test_a_year_with_a_digit_too_many_is_no_time(typed: object) -> None:
    with pytest.raises(NotTaken) as refused:
        SHEETS.send["shift"](SimpleNamespace(), "", {"starts": typed, "ends": typed})
    assert refused.value.code == "wrong_time"
