"""How fast the resource catalogue is searched: 1,071 resources with 12,492 fields of 62 departments (DOMAIN: scale to expect), made up, in
PostgreSQL; asked for by Chinese, pinyin and initials through the service, and through the HTTP interface with its JSON.

The last line is JSON: p50, p95 and p100 of both, how long the index takes to be made. Aim: p95 under 50 ms over HTTP.
"""

import time
from collections.abc import Callable
from itertools import product
from types import SimpleNamespace
from typing import Any

import flask
from common import engines, options, quantile, report

from api import catalogue as api
from api import problems
from api.session import COOKIE, EXTENSION
from data_adapters.sql.catalogue_repository import CatalogueRepository
from data_adapters.sql.database import make_engine
from data_adapters.sql.layer_repository import LayerRepository
from data_adapters.topics.pinyin import spelled
from domain.access import Actor
from domain.catalogue import CYCLES, SHARES, Resource, ResourceField
from services.catalogue import Catalogue
from services.catalogue_ports import LibraryState

RESOURCES, FIELDS, DEPARTMENTS = 1_071, 12_492, 62
TARGET_MS = 50.0
OF = (
    "企业",
    "个体工商户",
    "社会组织",
    "学校",
    "医院",
    "养老机构",
    "建筑工地",
    "排污单位",
    "出租屋",
    "残疾人",
    "退役军人",
    "公交线路",
    "停车场",
    "河道断面",
)
WHAT = (
    "基本信息",
    "登记信息",
    "变更记录",
    "行政许可",
    "行政处罚",
    "检查记录",
    "年度报告",
    "信用评价",
    "投诉举报",
    "统计月报",
    "补贴发放",
    "资质证书",
)
KINDS = (
    "统一社会信用代码",
    "名称",
    "法定代表人",
    "住所",
    "登记日期",
    "状态",
    "联系电话",
    "行政区划代码",
    "经营范围",
    "注册资本",
    "有效期至",
    "发证机关",
)
MORE = ("检查日期", "检查结果", "检查人员", "整改期限", "整改情况", "金额", "数量", "同比", "备注", "更新时间", "经度", "纬度")
WORDS = (
    "", "企业", "行政许可", "xingzhengxuke", "xzxk", "qiye", "qy", "统一社会信用代码", "tyshxydm", "jiancha", "经度", "学校 补贴",
    "xuexiao butie", "yljg", "没有这样的资源", "zhengshu", "j", "shuju", "company", "登记 日期 企业",
)  # fmt: skip
WATCH, SEAT = Actor("watch", frozenset({"operator"})), Actor("seat", frozenset({"handler"}), departments=frozenset({"d7"}))


def resources() -> list[tuple[Resource, bool]]:
    """The catalogue: every resource with eleven or twelve fields, one title in Chinese each."""
    names, fields = list(product(OF, WHAT)), (*KINDS, *MORE)
    made = []
    for n in range(RESOURCES):
        of, what = names[n % len(names)]
        many = FIELDS // RESOURCES + (n < FIELDS % RESOURCES)
        own = tuple(ResourceField(f"f{k}", f"{of}{fields[(n + k) % len(fields)]}", "text", k == 0) for k in range(many))
        title, department = f"{of}{what}{n // len(names) + 1:02}", f"d{n % DEPARTMENTS}"
        words = ("政务", "电子", "数据库表", "部门数据库", "数据库", SHARES[n % 3], "", "接口", False)
        cycle = list(CYCLES)[n % len(CYCLES)]
        of_all = (title, f"{title}，由部门按{cycle}更新", department, department, *words, cycle, "1.0", "2026-01-05", (), own)
        made.append((Resource(f"lib.r{n}", "lib", f"r{n}", *of_all), False))
    return made


def serve(catalogue: Catalogue) -> Callable[[Actor, str], int]:
    """Asks over HTTP; returns how many bytes the answer has."""
    who: dict[str, Actor] = {"watch": WATCH, "seat": SEAT}
    server, accounts = flask.Flask("bench"), SimpleNamespace(actor_of=lambda token, _now: who.get(token))
    city: Any = SimpleNamespace(catalogue=catalogue, imports=None, accounts=accounts)
    server.extensions[EXTENSION] = city
    for part in (problems, api):
        server.register_blueprint(part.blueprint(city))
    client = server.test_client()

    def ask(actor: Actor, words: str) -> int:
        client.set_cookie(COOKIE, actor.username)
        answer = client.get("/api/v1/catalogue", query_string={"q": words})
        assert answer.status_code == 200, answer.text
        return len(answer.data)

    return ask


def timed(work: Callable[[Actor, str], object], rounds: int) -> list[float]:
    """Milliseconds of each question."""
    taken = []
    for _ in range(rounds):
        for words, actor in product(WORDS, (WATCH, SEAT)):
            began = time.perf_counter()
            work(actor, words)
            taken.append((time.perf_counter() - began) * 1000)
    return taken


def figures(name: str, taken: list[float]) -> dict[str, float]:
    """The quantiles under names."""
    return {f"{name}_p{round(share * 100)}_ms": round(quantile(taken, share), 1) for share in (0.5, 0.95, 1.0)}


def main() -> None:
    """Fill, index, ask."""
    asked = options(__doc__ or "")
    with engines({"database"}) as urls:
        engine = make_engine(str(urls.database))
        store = LayerRepository(engine, spelled)
        store.declare([LibraryState("lib", "库", "Library", "sql", "base", "d0", "d0", 3600.0)])
        store.describe("lib", resources(), int(time.time() * 1000))
        catalogue = Catalogue(CatalogueRepository(engine))
        began = time.perf_counter()
        found = catalogue.search(WATCH, most=10_000)
        index_ms = (time.perf_counter() - began) * 1000
        fields = sum(len(match.entry.resource.fields) for match in found.matches)
        rounds = 2 if asked.quick else 20
        service, http = timed(catalogue.search, rounds), timed(serve(catalogue), rounds)
        engine.dispose()
    sizes = {"resources": found.total, "fields": fields, "questions": len(http), "index_ms": round(index_ms, 1)}
    met = quantile(http, 0.95) <= TARGET_MS
    report("catalogue", **sizes, **figures("service", service), **figures("http", http), target_ms=TARGET_MS, met=met)


if __name__ == "__main__":
    main()
