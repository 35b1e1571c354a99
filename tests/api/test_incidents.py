"""/api/v1/incidents as a page of the faces uses it, on the real services; and as somebody hostile does."""

import io
from typing import Any

import pytest
from PIL import Image

from tests.api.conftest import assert_problem
from tests.api.test_real_city import real, signed_in  # noqa: F401

REPORT = {
    "title": "鸿福路积水",
    "source": "hotline",
    "class_code": "standing_water",
    "region": "441900003",
    "place": {"lon": 113.7, "lat": 23.0},
}


def photograph(kind: str = "JPEG") -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (32, 24), (90, 120, 90)).save(held, kind)
    return held.getvalue()


class Desk:
    """Several people at one incident."""

    def __init__(self, real: Any) -> None:  # noqa: F811
        self.people = {role: signed_in(real, role) for role in ("operator", "dispatcher", "duty_officer", "handler", "auditor")}
        self.incident: dict[str, Any] = {}

    def report(self, **more: Any) -> Any:
        answer = self.people["operator"].send("POST", "/incidents", json={"data": {**REPORT, **more}})
        self.incident = answer.get_json()
        return answer

    def do(self, role: str, deed: str, **said: Any) -> Any:
        document = {"deed": deed, "version": self.incident["version"], "data": said}
        answer = self.people[role].send("POST", f"{self.path}/deeds", json=document)
        if answer.status_code == 200:
            self.incident = answer.get_json()
        return answer

    @property
    def path(self) -> str:
        return f"/incidents/{self.incident['incident_id']}"

    def attach(
        self, content: bytes, role: str = "operator", query: str = "name=a.jpg&phase=after", kind: str = "application/octet-stream"
    ) -> Any:
        return self.people[role].send("POST", f"{self.path}/attachments?{query}", data=content, headers={"Content-Type": kind})


@pytest.fixture
def desk(real: Any) -> Desk:  # noqa: F811
    found = Desk(real)
    assert found.report().status_code == 201
    return found


def test_a_case_is_filed_dispatched_and_closed_over_http(desk: Desk) -> None:
    for role, deed, said in (
        ("operator", "accept", {}),
        ("operator", "verify", {"note": "属实"}),
        ("operator", "file", {}),
        ("duty_officer", "approve:file", {}),
        ("dispatcher", "dispatch", {}),
        ("handler", "sign", {}),
        ("handler", "feed_back", {"note": "完成"}),
        ("operator", "check", {"note": "-"}),
        ("duty_officer", "close", {}),
    ):
        assert desk.do(role, deed, **said).status_code == 200, deed
    seen = desk.people["operator"].get(desk.path).get_json()
    assert seen["incident"]["state"] == "closed" and seen["standings"]["handle"]["state"] == "met"
    assert [event["deed"] for event in seen["events"]][-1] == "close" and {"deed": "evaluate", "needs": ["score"], "approval": ""} in seen[
        "moves"
    ]
    assert set(seen["people"]) == {event["actor"] for event in seen["events"]} and all(seen["people"].values())
    told = desk.people["duty_officer"].get("/performance?by=lead").get_json()
    (row,) = [one for one in told["items"] if one["key"] == seen["incident"]["lead"]]
    assert row["closed"] >= 1 and row["on_time"] is not None
    assert len(told["tiers"]) == 3 and row["key"] in [key for tier in told["tiers"] for key in tier]


def test_a_refused_move_names_its_reason_and_what_is_open(desk: Desk) -> None:
    answer = desk.do("operator", "close")
    assert_problem(answer, 422)
    assert answer.get_json()["code"] == "wrong_state" and "accept" in answer.get_json()["open"]


def test_the_second_of_two_is_told_what_happened_meanwhile(desk: Desk) -> None:
    before = dict(desk.incident)
    desk.do("operator", "accept")
    desk.incident = before
    answer = desk.do("duty_officer", "decline", reason="重复")
    assert_problem(answer, 409)
    assert [event["deed"] for event in answer.get_json()["events"]] == ["accept"] and answer.get_json()["version"] == 2


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_comes_back_as_it_was_sent(desk: Desk, kind: str) -> None:
    content = photograph(kind)
    made = desk.attach(content).get_json()
    answer = desk.people["operator"].get(f"{desk.path}/attachments/{made['attachment_id']}")
    assert (
        answer.data == content and answer.content_type == f"image/{kind.lower()}" and answer.headers["X-Content-Type-Options"] == "nosniff"
    )
    assert desk.people["operator"].get(desk.path).get_json()["events"][-1]["deed"] == "attach"
    assert_problem(desk.people["auditor"].get(f"{desk.path}/attachments/{made['attachment_id']}"), 404)


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script>",
        b"MZ" + b"\0" * 300,
        photograph()[:200],
        b"GIF89a" + b"\0" * 50,
        b"<svg xmlns='x'/>",
        b"PK\x03\x04" + b"\0" * 99,
    ],
    ids=["html", "exe", "half a jpeg", "gif", "svg", "zip"],
)
def test_what_is_not_what_it_should_be_is_not_taken(desk: Desk, content: bytes) -> None:
    answer = desk.attach(content)
    assert_problem(answer, 422)
    assert answer.get_json()["code"] == "bad_file"


def test_a_file_is_sent_as_bytes_small_enough_and_by_somebody_in_scope(desk: Desk) -> None:
    assert_problem(desk.attach(photograph(), kind="text/plain"), 415)
    assert_problem(desk.attach(photograph(), query="name=a&phase=selfie"), 422)
    assert_problem(desk.attach(b""), 422)
    assert desk.attach(b"\xff\xd8\xff" + b"0" * (20 * 1024 * 1024)).status_code == 413
    assert_problem(desk.attach(photograph(), role="auditor"), 404)


@pytest.mark.parametrize(
    ("document", "status"),
    [
        ({}, 422),
        ({"data": []}, 422),
        ({"data": {}}, 422),
        ({"data": {**REPORT, "place": {"lon": 999, "lat": 0}}}, 422),
        ({"data": {**REPORT, "title": "\x00"}}, 422),
        ({"data": {**REPORT, "to": "closed"}}, 422),
        ({"data": REPORT, "at": "now"}, 422),
        ({"data": {**REPORT, "class_code": "no such"}}, 422),
        ({"data": {**REPORT, "region": "9"}}, 422),
        ({"data": REPORT, "request_id": ""}, 422),
        ({"data": {**REPORT, "place": {"device_id": "nobody"}}}, 422),
        ({"data": {**REPORT, "handed_from": "x"}}, 422),
    ],
)
def test_a_report_that_is_none_is_refused_in_words(desk: Desk, document: dict[str, Any], status: int) -> None:
    assert_problem(desk.people["operator"].send("POST", "/incidents", json=document), status)


def test_lists_take_only_what_they_know(desk: Desk) -> None:
    people = desk.people["operator"]
    assert people.get("/incidents?text=鸿福路&open=true&state=reported&sort=urgency&limit=5").get_json()["total"] >= 1
    assert people.get("/incidents?overdue=true").get_json()["total"] == 0
    for wrong in ("offset=-1", "limit=0", "since=yesterday", "text=%00"):
        assert_problem(people.get(f"/incidents?{wrong}"), 400)
    assert people.get("/incidents/alike?lon=113.7&lat=23.0&class_code=standing_water").get_json()["items"][0]["likeness"]["share"] > 0.9
    for wrong in ("lon=nan&lat=0", "lon=1", "lon=181&lat=0"):
        assert_problem(people.get(f"/incidents/alike?{wrong}"), 400)
    assert_problem(people.get("/incidents/not-a-uuid"), 404)
    assert_problem(people.get("/incidents/past"), 400)


def test_the_same_request_from_a_tablet_reports_once(desk: Desk) -> None:
    document = {"data": REPORT, "request_id": "tablet-1"}
    first, again = (desk.people["handler"].send("POST", "/incidents", json=document).get_json() for _ in range(2))
    assert first["incident_id"] == again["incident_id"]
