"""The page of the catalogue in a real browser: found by pinyin; a file brought, previewed, confirmed and undone; nothing sticks out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from tests.browser.axe import in_both_themes
from tests.browser.fake_faces import serving, signed_in
from tests.callbacks.test_catalogue_page import NOW, City
from tests.fakes import make_city
from tests.services.test_order_tables import Inbox, tables

pytestmark = [pytest.mark.browser, pytest.mark.light]
ORDERS = "工单编号,受理时间,标题,状态\nDG1,2026/11/22 8:05:09,路灯不亮,办理中\n,2026/11/22 8:06:09,无号,办理中\n"
FILE = "镇街,日期,在校生数\n莞城,2026-05-01,100\n东城,2026-05-01,很多\n"


@pytest.fixture
def page(browser: Browser, engine: Engine) -> Iterator[Page]:
    """A data steward at a fake city whose catalogue and imports are real."""
    real, city = City(engine), make_city()
    real.round.round(NOW)
    city.catalogue, city.imports = real.catalogue, real.imports  # type: ignore[attr-defined]
    inbox = Inbox()
    city.order_tables = tables(inbox)  # type: ignore[attr-defined]
    with serving(city) as address:
        context = signed_in(browser, address, "data_steward", 1440, 900, base_url=address)
        page = context.new_page()
        page.handed_in = inbox.payloads  # type: ignore[attr-defined]
        yield page
        context.close()


def test_a_steward_finds_a_resource_by_pinyin_and_imports_a_file_and_takes_it_back(page: Page, tmp_path: Path) -> None:
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto("/catalogue")
    search = page.get_by_placeholder("名称、摘要")
    search.fill("meiyou")
    expect(page.locator(".catalogue-list")).to_contain_text("没有符合条件的资源")
    search.fill("zxxs")
    expect(page.locator(".catalogue-row")).to_have_count(1)
    expect(page.locator(".catalogue-detail")).to_contain_text("school.pupils")
    assert in_both_themes(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
    page.get_by_role("button", name="人工导入").click()
    page.locator("[data-panel=import] .dash-dropdown").click()
    page.get_by_text("在校学生 (school.pupils)").last.click()
    (tmp_path / "pupils.csv").write_text(FILE, encoding="gbk")
    page.locator("[data-panel=import] input[type=file]").set_input_files(tmp_path / "pupils.csv")
    expect(page.locator("[data-panel=import] .import-preview")).to_contain_text("不是数值")
    page.get_by_role("button", name="跳过 1 行错误并导入").click()
    expect(page.locator("[data-panel=imports]")).to_contain_text("已导入")
    page.get_by_role("button", name="撤销导入").click()
    expect(page.locator("[data-panel=imports]")).to_contain_text("已撤销")
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="gbk")
    hotline = page.locator("[data-panel=order-tables]")
    hotline.locator("input[type=file]").set_input_files(tmp_path / "orders.csv")
    expect(hotline).to_contain_text("1 件工单，1 行错误")
    expect(hotline).to_contain_text("没有工单号")
    hotline.get_by_role("button", name="跳过 1 行错误，导入 1 件工单").click()
    expect(hotline).to_contain_text("已交给接入 1 件工单")
    assert len(page.handed_in) == 1 and "DG1" in page.handed_in[0].decode() and "无号" not in page.handed_in[0].decode()
    page.goto("/catalogue?tab=state&lang=en")
    expect(page.locator("[data-panel=libraries]")).to_contain_text("Education library")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440 and wrong == []
