"""How fast the queue of the desk is searched, filtered and sorted: 50,000 incidents in PostgreSQL, asked for through IncidentBoard.

The last line is JSON: p50, p95 and p100 over all questions, and each question's p95. Aim: p95 under 200 ms.
"""

import time
from typing import Any

from common import REGIONS, engines, options, quantile, report
from sqlalchemy import Engine, text

from config.incident_limits import load_incident_limits
from data_adapters.sql.database import make_engine
from data_adapters.sql.incident_repository import IncidentRepository
from domain.access import Actor
from domain.registry import Region
from layouts.incidents.queue import query_of
from services.incident_board import IncidentBoard
from services.incident_ports import Query

ROWS = 50_000
TARGET_MS = 200.0
FILL = """
INSERT INTO incidents (incident_id, origin_center, number, version, spine, state, open, source, class_code, title, description, urgency,
    grade, response_level, region, lon, lat, address, device_id, owner, lead, departments, reported_at, reported_by, changed_at, ended_at,
    clock, due_at, near_at, paused, supervised, carried, deferred_until, proposals, alarms, handled_by, returns, exercise, recorded_at)
SELECT gen_random_uuid(), '441900', 'C-441900-' || lpad(n::text, 7, '0'), 5, 'case', (CAST(:states AS text[]))[1 + n % 10], n % 10 < 8,
    'hotline', (CAST(:classes AS text[]))[1 + n % 6], (CAST(:titles AS text[]))[1 + n % 6] || '，' || (CAST(:roads AS text[]))[1 + n % 7],
    repeat('市民来电反映该处问题持续两天未处理，影响通行，请尽快派人到现场查看。', 1 + n % 3), (CAST(:urgencies AS text[]))[1 + n % 3],
    'ungraded', '', (CAST(:regions AS text[]))[1 + n % 33], 113.5 + (n % 700) * 0.001, 22.7 + (n % 400) * 0.001,
    (CAST(:roads AS text[]))[1 + n % 7] || n % 900 || '号', '', '', (CAST(:departments AS text[]))[1 + n % 5],
    ARRAY[(CAST(:departments AS text[]))[1 + n % 5]], t.now - make_interval(secs => n * 60), 'operator', t.now, NULL, 'handle',
    t.now + make_interval(secs => (n % 2000 - 300) * 60), t.now + make_interval(secs => (n % 2000 - 400) * 60), n % 11 = 0, n % 50 = 0,
    false, NULL, CASE WHEN n % 40 = 0 THEN ARRAY['file'] ELSE ARRAY[]::text[] END, ARRAY[]::uuid[], ARRAY[]::text[], 0, false, t.now
FROM generate_series(1, :n) AS n, (SELECT CAST(:now AS timestamptz)) AS t (now)"""
LISTS: dict[str, list[str]] = {
    "states": ["reported", "accepted", "verified", "filed", "dispatched", "handling", "fed_back", "checked", "closed", "evaluated"],
    "classes": ["standing_water", "manhole_cover_missing", "street_light_out", "exposed_rubbish", "tree_fallen", "construction_noise"],
    "titles": ["道路积水", "井盖缺失", "路灯不亮", "暴露垃圾无人清运", "树木倒伏压住车辆", "夜间施工噪音扰民"],
    "roads": ["鸿福路", "东城中路", "莞太路", "体育路", "石龙大桥北侧", "环城西路", "松山湖大道"],
    "urgencies": ["critical", "urgent", "normal"],
    "departments": ["water", "urban_management", "transport", "ecology", "public_security"],
    "regions": REGIONS,
}
FILTERS = {"tab": "all", "class_code": "tree_fallen", "urgency": "critical", "since": "week", "text": "环城"}
TABS = ("mine", "intake", "dispatch", "approval", "overdue", "all", "ended")
TEXTS = ("积水", "鸿福路", "0012345", "没有这样的事", "来电")
OFFICER = Actor("officer", frozenset({"duty_officer"}))
TOWN = Actor("town", frozenset({"duty_officer"}), regions=frozenset({REGIONS[3]}))
SEAT = Actor("seat", frozenset({"handler"}), departments=frozenset({"water"}))


def questions() -> dict[str, tuple[Actor, dict[str, Any]]]:
    """What people ask of the queue all day: actor, and the request as the desk's script makes it."""
    tabs = {
        f"tab {tab}": (OFFICER, {"filter": {"tab": tab}}) for tab in ("mine", "intake", "dispatch", "approval", "overdue", "all", "ended")
    }
    sorts = {
        f"sort {name} {way}": (OFFICER, {"filter": {"tab": "all"}, "sort": [{"colId": name, "sort": way}]})
        for name in ("urgency", "title", "due_at", "reported_at")
        for way in ("asc", "desc")
    }
    texts = {
        f"text {said}": (OFFICER, {"filter": {"tab": "all", "text": said}})
        for said in ("积水", "鸿福路", "0012345", "没有这样的事", "来电")
    }
    return {
        **tabs, **sorts, **texts,
        "a town": (TOWN, {"filter": {"tab": "all", "text": "井盖"}}),
        "a department": (SEAT, {"filter": {"tab": "mine"}, "sort": [{"colId": "due_at", "sort": "asc"}]}),
        "filters": (OFFICER, {"filter": FILTERS}),
        "far down": (OFFICER, {"filter": {"tab": "all"}, "start": 30_000}),
    }  # fmt: skip


def fill(engine: Engine, rows: int) -> None:
    """The rows that lists read; their events would not be asked for."""
    with engine.begin() as tx:
        tx.execute(text(FILL), {**LISTS, "n": rows, "now": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as tx:
        tx.execute(text("VACUUM ANALYZE incidents"))


def measure(board: IncidentBoard, rounds: int) -> dict[str, list[float]]:
    """Question -> milliseconds of each time it was asked."""
    taken: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, (actor, request) in questions().items():
            now = int(time.time() * 1000)
            query: Query = query_of(request, actor, now)
            began = time.perf_counter()
            board.search(actor, query, now)
            taken.setdefault(name, []).append((time.perf_counter() - began) * 1000)
    return taken


def main() -> None:
    """Fill, warm up, ask."""
    asked = options(__doc__ or "", rows=ROWS)
    regions = {code: Region(code, code, None, "town") for code in REGIONS}
    with engines({"database"}) as urls:
        engine = make_engine(str(urls.database))
        fill(engine, asked.rows)
        board = IncidentBoard(IncidentRepository(engine, lambda: "441900"), lambda: regions, lambda code: "event", load_incident_limits())
        measure(board, 1)
        taken = measure(board, 3 if asked.quick else 20)
        engine.dispose()
    every = [one for values in taken.values() for one in values]
    figures = {f"p{round(share * 100)}_ms": round(quantile(every, share), 1) for share in (0.5, 0.95, 1.0)}
    by_question = {name: round(quantile(values, 0.95), 1) for name, values in taken.items()}
    met = quantile(every, 0.95) <= TARGET_MS
    report("incidents", incidents=asked.rows, searches=len(every), **figures, by_question=by_question, target_ms=TARGET_MS, met=met)


if __name__ == "__main__":
    main()
