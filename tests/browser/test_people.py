"""People's pages in a real browser: administrators stay on theirs, the own account, and a device taken into the register."""

import pytest

from domain.portfolio import Portfolio
from tests.browser.structure import faults
from tests.browser.test_faces import address, city, settled, visit

__all__ = ["address", "city", "visit"]
pytestmark = [pytest.mark.browser, pytest.mark.light]
ADMINISTRATORS = ("system_admin", "security_admin", "auditor")
SIZES = ((1280, 800), (1920, 1080))
STAYS_MS = 4_000
"""A page that would be thrown back is, within this."""


def signs_in(visit, address, role):
    page = visit("/login", role=None)
    page.locator("#login-username").fill(role)
    page.locator("#login-password").fill("whatever it is")
    page.locator("[data-login=submit]").click()
    page.wait_for_url(f"{address}/admin")
    page.wait_for_selector(".face-admin [role=tab]", timeout=30_000)
    return page


def test_an_administrator_who_signs_in_comes_to_the_administration_and_stays(visit, address):
    pages = [signs_in(visit, address, role) for role in ADMINISTRATORS]
    pages[-1].wait_for_timeout(STAYS_MS)
    assert [(page.url, page.wrong) for page in pages] == [(f"{address}/admin", [])] * len(pages)
    assert not [url for page in pages for url in page.asked if url.partition("?")[0].endswith("/live")]


def test_an_administrator_on_the_desk_is_told_and_not_thrown_back_to_sign_in(visit, address):
    pages = [visit("/desk", role=role) for role in ADMINISTRATORS]
    for page in pages:
        page.wait_for_selector(".face-notice", timeout=30_000)
    pages[-1].wait_for_timeout(STAYS_MS)
    assert [page.url for page in pages] == [f"{address}/desk"] * len(pages)
    assert all(page.locator(".face-notice a", has_text="管理").is_visible() for page in pages)


@pytest.mark.parametrize(("path", "role"), [*(("/admin", role) for role in ADMINISTRATORS), ("/account", "operator"), ("/account", "new")])
def test_nothing_is_cut_and_nothing_lies_outside(visit, path, role):
    page = settled(visit(path, role=role, size=SIZES[0]))
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(200)
        assert faults(page) == {}, (width, height)
    assert not page.wrong


def test_the_own_account_fits_a_phone_and_loads_no_heavy_library(visit):
    page = settled(visit("/account", role="handler", size=(390, 844)))
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert not [url for url in page.asked if any(part in url for part in ("plotly", "dash_ag_grid", "dash_mantine", "maplibre"))]


@pytest.mark.parametrize("path", ["/desk", "/big", "/", "/admin"])
def test_somebody_with_an_initial_password_gets_no_other_page_than_the_one_that_changes_it(visit, address, path):
    page = visit(path, role="new", size=(1280, 800))
    page.wait_for_selector(".account-must", timeout=30_000)
    assert page.url == f"{address}/account"
    assert page.locator("[data-panel]").count() == 1


def test_a_new_password_typed_differently_twice_is_not_sent(visit):
    page = settled(visit("/account", role="operator", size=(1280, 800)))
    for name, value in (("old", "x"), ("new", "a New one 1"), ("again", "a New one 2")):
        page.locator(f"#password-{name}").fill(value)
    page.keyboard.press("Enter")
    assert page.locator("[data-password=error]").text_content() == "两次输入的新密码不一致"
    assert not [url for url in page.asked if url.endswith("/session/password")]


def test_an_account_is_made_and_its_password_shown_once(visit, city):
    page = settled(visit("/admin", role="system_admin", size=(1280, 800)))
    fields = page.locator(".admin-identity input")
    fields.nth(0).fill("li")
    fields.nth(1).fill("李四")
    page.get_by_role("button", name="建立账号").click()
    page.wait_for_selector(".secret", timeout=15_000)
    assert page.locator(".secret").text_content() == "initial-Password-1"
    assert ("system_admin", "create", "li", "李四") in city.user_desk.done


def test_rights_of_the_chosen_account_are_filled_in_and_given(visit, city):
    page = settled(visit("/admin", role="security_admin", size=(1280, 800)))
    page.locator(".ag-center-cols-container [role=row]", has_text="zhang").click()
    page.wait_for_function("() => document.querySelector('.admin-chosen').textContent.includes('张三')", timeout=15_000)
    page.get_by_role("button", name="保存授权").click()
    page.wait_for_function("() => document.querySelector('.admin-rights .admin-answer').textContent !== ''", timeout=15_000)
    (given,) = [deed for deed in city.user_desk.done if deed[:3] == ("security_admin", "set_scope", "zhang")]
    assert given[3].regions == {"441900121"}


def test_what_a_leader_answers_for_is_set_by_the_administrator_who_looks_after_them(visit, city):
    page = settled(visit("/admin", role="security_admin", size=(1280, 800)))
    save = page.get_by_role("button", name="保存分管")
    page.locator(".ag-center-cols-container [role=row]", has_text="zhang").click()
    page.wait_for_function("() => document.querySelector('.admin-chosen').textContent.includes('张三')", timeout=15_000)
    assert save.is_disabled(), "who is no leader answers for nothing"
    page.locator(".ag-center-cols-container [role=row]", has_text="leader").click()
    page.wait_for_function("() => !document.querySelector('.admin-portfolio button[disabled]')", timeout=15_000)
    for field, text in ((0, "民生"), (1, "虎门")):
        page.locator(".admin-portfolio input:not([type=hidden])").nth(field).fill(text)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    save.click()
    page.wait_for_function("() => document.querySelector('.admin-portfolio .admin-answer').textContent.includes('leader')", timeout=15_000)
    assert city.portfolios.kept == Portfolio(("livelihood",), ("441900121",)) and city.portfolios.set_by == [("security_admin", "leader")]
    assert not page.wrong


def test_the_auditor_searches_on_the_server_and_leafs_through_what_was_found(visit, city):
    page = settled(visit("/admin", role="auditor", size=(1280, 800)))
    page.wait_for_function("() => document.querySelector('.admin-audit .panel-note').textContent.includes('300')", timeout=20_000)
    page.locator(".audit-form input").nth(1).fill("user29")
    page.get_by_role("button", name="查询").click()
    page.wait_for_function("() => document.querySelector('.admin-audit .panel-note').textContent.includes('11')", timeout=20_000)
    page.wait_for_selector(".ag-center-cols-container [role=row]:has-text('user290')", timeout=20_000)
    assert city.audit.asked[-1].actor == "user29"
    assert "actor=user29" in page.locator("a[download]").get_attribute("href")


def test_tabs_and_buttons_are_reached_with_the_keyboard(visit):
    page = settled(visit("/admin", role="system_admin", size=(1280, 800)))
    page.locator("[role=tab]").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".admin-health", state="visible", timeout=10_000)
    assert page.locator("[role=tab][aria-selected=true]").text_content() == "系统运行"


def test_a_browser_is_signed_out_and_a_token_made_on_the_own_page(visit, city):
    page = settled(visit("/account", role="data_steward", size=(1280, 800)))
    page.wait_for_selector(".account-sessions .session-line", timeout=15_000)
    page.locator(".account-sessions .session-line button").last.click()
    page.wait_for_function("() => document.querySelectorAll('.account-sessions .session-line').length === 1", timeout=15_000)
    page.locator(".account-tokens input").first.fill("大屏取数")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="建立令牌").click()
    page.wait_for_selector(".account-made .secret", timeout=15_000)
    assert city.own_account.held[-1].label == "大屏取数" and city.own_account.held[-1].scope == "read"


def test_a_steward_is_warned_of_a_place_outside_the_city_and_may_insist(visit, city):
    page = settled(visit("/desk", role="data_steward", size=(1600, 900)))
    page.locator(".desk-unadopted .ag-center-cols-container [role=row]", has_text="rain-new-01").click()
    for index, choice in ((0, "雨量站"), (1, "虎门镇")):
        page.locator(".desk-unadopted .adopt-form .mantine-Select-input").nth(index).fill(choice)
        page.get_by_role("option", name=choice).first.click()
    numbers = page.locator(".desk-unadopted .adopt-form .mantine-NumberInput-input")
    for index, value in ((0, "100"), (1, "20"), (2, "300")):
        numbers.nth(index).fill(value)
    page.get_by_role("button", name="纳管").click()
    page.wait_for_function(
        "() => document.querySelector('.desk-unadopted > .panel-note').textContent.includes('本市范围之外')", timeout=15_000
    )
    assert city.store.waiting
    page.get_by_role("button", name="纳管").click()
    page.wait_for_function("() => document.querySelector('.desk-unadopted > .panel-note').textContent.includes('已纳管')", timeout=15_000)
    assert not city.store.waiting
