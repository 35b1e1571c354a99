"""A hotline's exported table, brought by hand: each row is an order or says why not, and what is handed in is what its feed reads."""

import io
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest

from data_adapters.topics.reading import open_file
from domain.access import Actor
from domain.messages import Event, RawMessage
from services.manual_import import NotImported
from services.order_tables import AT_ONCE, OrderTables
from services.webhooks import Webhooks
from tests.data_adapters.feeds.hostile import NOW
from tests.data_adapters.feeds.hotline.test_hotline_feed import feed

STEWARD = Actor("steward", frozenset({"data_steward"}))
NAMES = ["工单编号", "受理时间", "标题", "状态"]
LATER = NOW + 86_400_000


class Inbox:
    """Keeps what was put into it."""

    def __init__(self) -> None:
        self.payloads: list[bytes] = []

    def put(self, feed: str, topic: str, payload: bytes, partition_key: str) -> int:
        self.payloads.append(payload)
        return len(self.payloads)


def tables(inbox: Inbox) -> OrderTables:
    """Tables for one hotline, in front of this inbox."""
    nobody: Any = SimpleNamespace(device=None)
    posts: Any = SimpleNamespace(accepted=lambda feed: None, refused=lambda feed, why: None)
    return OrderTables({"hotline": feed()}, open_file, Webhooks(inbox, nobody, {"hotline": lambda topic: topic}, posts))


def comma(*rows: list[str], encoding: str = "gb18030") -> bytes:
    return "\n".join(",".join(row) for row in (NAMES, *rows)).encode(encoding)


def workbook(*rows: list[Any]) -> bytes:
    book, held = openpyxl.Workbook(), io.BytesIO()
    for row in (NAMES, *rows):
        book.active.append(row)
    book.save(held)
    return held.getvalue()


def test_each_row_is_an_order_or_says_in_which_row_what_is_wrong() -> None:
    content = comma(["DG1", "2026/11/22 8:05:09", "路灯不亮", "办理中"], [], ["", "2026/11/22", "无号", ""], ["DG3", "昨天", "停水", ""])
    seen = tables(Inbox()).look(STEWARD, "hotline", "orders.csv", content, LATER)
    assert (seen.good, seen.wrong, seen.orders[0].number, seen.orders[0].title) == (1, 2, "DG1", "路灯不亮")
    assert [(one.row, one.reason) for one in seen.errors] == [(4, "no_number"), (5, "bad_time")]


def test_wrong_rows_are_left_out_only_when_somebody_says_so() -> None:
    inbox = Inbox()
    content = comma(["DG1", "2026/11/22 8:05:09", "路灯不亮", "办理中"], ["", "2026/11/22", "无号", ""])
    with pytest.raises(NotImported, match="has_errors"):
        tables(inbox).hand_in(STEWARD, "hotline", content, False, LATER)
    assert inbox.payloads == []
    assert tables(inbox).hand_in(STEWARD, "hotline", content, True, LATER) == 1
    (order,) = feed().parse(RawMessage("x", inbox.payloads[0], LATER), {})[0]
    assert isinstance(order, Event) and order.facts["number"] == "DG1"


def test_a_workbook_says_the_same_as_the_table_that_was_saved_from_it() -> None:
    book = workbook([202611220001, datetime(2026, 11, 22, 8, 5, 9), "路灯不亮", "办理中"])
    seen = [
        tables(Inbox()).look(STEWARD, "hotline", "orders", content, LATER).orders
        for content in (book, comma(["202611220001", "2026-11-22 08:05:09", "路灯不亮", "办理中"]))
    ]
    assert seen[0] == seen[1] and seen[0][0].number == "202611220001"


def test_a_large_table_goes_in_pieces_that_each_have_the_heading() -> None:
    inbox = Inbox()
    content = comma(*(["DG" + str(n), "2026/11/22 8:05:09", "路灯不亮", "办理中"] for n in range(AT_ONCE + 1)))
    assert tables(inbox).hand_in(STEWARD, "hotline", content, False, LATER) == AT_ONCE + 1
    assert len(inbox.payloads) == 2 and all(one.startswith("工单编号".encode()) for one in inbox.payloads)


@pytest.mark.parametrize(("content", "why"), [(b"", "empty_file"), (comma(), "no_rows"), (b"\xd0\xcf\x11\xe0" + b"0" * 600, "old_excel")])
def test_why_a_table_cannot_be_brought_is_said(content: bytes, why: str) -> None:
    with pytest.raises(NotImported, match=why):
        tables(Inbox()).hand_in(STEWARD, "hotline", content, True, LATER)
    with pytest.raises(LookupError):
        tables(Inbox()).look(STEWARD, "gossip", "x", comma(["a", "b", "c", "d"]), LATER)
