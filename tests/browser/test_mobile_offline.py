"""A crew's tablet over https on a name of the city's own: the network goes away in the middle of the work and comes back."""

import base64
import hashlib
import json
import ssl
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Playwright

from data_adapters.certificates import make_certificate
from tests.browser.conftest import TABLET
from tests.chromium import ARGUMENTS, PROGRAM
from tests.data_adapters.pack_files import write_pack
from tests.law.real_city import RealCity, eventually

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(280)]
HOST = "tablet.city.example"
UNITS = """unit_id,name,kind,region,department,lon,lat,capabilities,devices,members,phone
pump-1,水泵一队,crew,440000001,water,113.05,23.05,pumping,,handler,
"""
REPORT = {
    "title": "人民路下穿隧道积水",
    "source": "hotline",
    "class_code": "standing_water",
    "place": {"lon": 113.051, "lat": 23.051, "address": "人民路隧道"},
}
SETTLED = "[data-field=work][data-ready=yes]"


@pytest.fixture(scope="module")
def tls(reachable_dir: Path) -> Iterator[tuple[Path, Path]]:
    """What `make cert NAME=tablet.city.example` makes; this process trusts its authority."""
    folder = reachable_dir / "tls"
    with pytest.MonkeyPatch.context() as patch:
        made = make_certificate(HOST, folder, datetime.now(UTC))
        patch.setenv("SSL_CERT_FILE", str(folder / "ca.pem"))
        yield made


@pytest.fixture(scope="module")
def city(reachable_dir: Path, tls: tuple[Path, Path]) -> Iterator[RealCity]:
    pack = write_pack(reachable_dir / "pack")
    (pack / "units.csv").write_text(UNITS)
    (reachable_dir / "field").mkdir()
    with RealCity(reachable_dir / "field", pack, tls=tls) as running:
        yield running.wait_ready(150)


@pytest.fixture(scope="module")
def tablet(playwright: Playwright, city: RealCity, tls: tuple[Path, Path]) -> Iterator[BrowserContext]:
    """A browser that finds HOST here and trusts its key, as one does that has the city's ca.pem."""
    arguments = [*ARGUMENTS, f"--host-resolver-rules=MAP {HOST} 127.0.0.1", f"--ignore-certificate-errors-spki-list={_pin(tls[0])}"]
    browser = playwright.chromium.launch(executable_path=PROGRAM, args=arguments)
    context = browser.new_context(viewport=TABLET, has_touch=True)
    sign_in(context.new_page(), city)
    yield context
    browser.close()


def _pin(file: Path) -> str:
    key = x509.load_pem_x509_certificate(file.read_bytes()).public_key()
    return base64.b64encode(hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()).decode()


class Person:
    """Somebody at a desk, by the API."""

    def __init__(self, city: RealCity, role: str) -> None:
        cookies = urllib.request.HTTPCookieProcessor()
        trust = urllib.request.HTTPSHandler(context=ssl.create_default_context())
        self._city, self._opener = city, urllib.request.build_opener(cookies, trust)
        self.send("session", city.account(role))

    def send(self, path: str, document: dict[str, Any] | None = None) -> Any:
        headers = {"Content-Type": "application/json", "Origin": self._city.url}
        body = None if document is None else json.dumps(document).encode()
        with self._opener.open(urllib.request.Request(f"{self._city.url}/api/v1/{path}", body, headers), timeout=20) as answer:
            return json.loads(answer.read() or b"{}")

    def deed(self, incident_id: str, deed: str, **data: Any) -> Any:
        version = self.send(f"incidents/{incident_id}")["incident"]["version"]
        return self.send(f"incidents/{incident_id}/deeds", {"deed": deed, "version": version, "data": data})


@pytest.fixture(scope="module")
def desk(city: RealCity) -> Person:
    """The shift leader, who may do all that leads to a dispatch."""
    return Person(city, "duty_officer")


def dispatched(desk: Person, unit: bool = False, **more: Any) -> str:
    """A case that waits to be accepted by a crew; with `unit`, pump-1 is sent too. Its id."""
    incident_id = str(desk.send("incidents", {"data": {**REPORT, **more}})["incident_id"])
    for deed, data in (("accept", {}), ("verify", {"note": "属实"}), ("file", {}), ("dispatch", {"lead": "water"})):
        desk.deed(incident_id, deed, **data)
    if unit:
        desk.send(f"incidents/{incident_id}/units", {"unit_ids": ["pump-1"], "override_reason": "最近"})
    return incident_id


def events(desk: Person, incident_id: str) -> list[tuple[str, str, int]]:
    """What happened: deed, who, when."""
    found = desk.send(f"incidents/{incident_id}")["events"]
    return [(event["data"].get("status") or event["deed"], event["actor"], event["at"]) for event in found]


def sign_in(page: Page, city: RealCity) -> None:
    page.goto(f"https://{HOST}:{city.port}/login?next=/mobile", wait_until="domcontentloaded")
    account = city.account("handler")
    page.locator("#login-username").fill(account["username"])
    page.locator("#login-password").fill(account["password"])
    page.locator("[data-login=submit]").click()
    page.wait_for_url("**/mobile*")
    page.wait_for_selector(SETTLED, timeout=60_000)
    page.close()


def open_mobile(tablet: BrowserContext, city: RealCity, tab: str = "") -> Page:
    page = tablet.new_page()
    page.goto(f"https://{HOST}:{city.port}/mobile{tab}", wait_until="domcontentloaded")
    page.wait_for_selector(SETTLED, state="attached", timeout=60_000)
    return page


def press(page: Page, name: str) -> None:
    page.locator(f"[data-field-name={name}]").first.click()


def strip(page: Page) -> str:
    return page.locator("[data-field=strip]").inner_text()


def photograph(folder: Path) -> Path:
    held = BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(held, "JPEG")
    (folder / "before.jpg").write_bytes(held.getvalue())
    return folder / "before.jpg"


def test_work_done_without_a_network_arrives_once_and_in_order(
    tablet: BrowserContext, city: RealCity, desk: Person, tmp_path: Path
) -> None:
    incident_id = dispatched(desk, unit=True)
    page = open_mobile(tablet, city)
    page.wait_for_selector(f"[data-incident='{incident_id}'] .field-steps[data-state=assigned]", timeout=30_000)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("async () => (await caches.keys()).length === 1")
    assert "在线" in strip(page)

    tablet.set_offline(True)
    page.wait_for_selector("[data-field=strip][data-state=offline]", timeout=15_000)
    press(page, "next")
    page.wait_for_selector(".field-steps[data-state=acknowledged]")
    press(page, "next")
    page.wait_for_selector(".field-steps[data-state=en_route]")
    with page.expect_file_chooser() as chooser:
        press(page, "photo-before")
    chooser.value.set_files(photograph(tmp_path))
    page.wait_for_selector(".field-shot .is-waiting img")
    page.wait_for_function("() => document.querySelector('[data-field=strip]').textContent.includes('4 项待发送')")
    assert "离线" in strip(page)

    page.reload(wait_until="domcontentloaded")
    page.wait_for_selector(f"[data-field-offline] [data-incident='{incident_id}'] .field-steps[data-state=en_route]", timeout=30_000)
    assert "4 项待发送" in strip(page) and "离线" in strip(page)
    known = [one[:2] for one in events(desk, incident_id) if one[1] == "handler"]
    assert known == []

    done_at = time.time() * 1000
    tablet.set_offline(False)
    page.wait_for_selector("[data-field=strip][data-state=online]", timeout=40_000)
    assert eventually(lambda: len([one for one in events(desk, incident_id) if one[1] == "handler"]) == 4, 20)
    own = [one for one in events(desk, incident_id) if one[1] == "handler"]
    assert [one[0] for one in own] == ["sign", "acknowledged", "en_route", "attach"]
    assert all(at < done_at for _, _, at in own[:3])
    page.wait_for_timeout(3_000)
    assert len([one for one in events(desk, incident_id) if one[1] == "handler"]) == 4
    unit = next(one for one in desk.send("units")["items"] if one["unit_id"] == "pump-1")
    assert unit["state"] == "en_route" and unit["run"] == incident_id

    for state in ("on_scene", "available"):
        press(page, "next")
        if state == "available":
            press(page, "send")
        page.wait_for_function("() => document.querySelector('[data-field=strip]').dataset.state === 'online'", timeout=20_000)
        assert eventually(lambda state=state: state in [one[0] for one in events(desk, incident_id)], 15)
    assert [one[0] for one in events(desk, incident_id) if one[1] == "handler"][-3:] == ["on_scene", "feed_back", "available"]
    assert desk.send(f"incidents/{incident_id}")["incident"]["state"] == "fed_back"
    page.close()


def test_what_was_refused_is_shown_with_what_happened_meanwhile_and_stays_until_somebody_decides(
    tablet: BrowserContext, city: RealCity, desk: Person
) -> None:
    incident_id = dispatched(desk, title="东街路面积水")
    page = open_mobile(tablet, city)
    card = page.locator(f"[data-incident='{incident_id}'] .field-card-face")
    if card.get_attribute("aria-expanded", timeout=30_000) == "false":
        card.click()
    page.wait_for_selector(f"[data-incident='{incident_id}'] .field-card-face[aria-expanded=true]")

    tablet.set_offline(True)
    page.wait_for_selector("[data-field=strip][data-state=offline]", timeout=15_000)
    press(page, "next")
    page.wait_for_selector("[data-waiting=deed]")
    desk.deed(incident_id, "reassign", lead="transport", reason="地铁施工范围")
    tablet.set_offline(False)
    trouble = page.wait_for_selector("[data-trouble]", timeout=40_000)
    text = trouble.inner_text()
    assert "值班长" in text and "地铁施工范围" in text
    assert "sign" not in [one[0] for one in events(desk, incident_id)]
    page.reload(wait_until="domcontentloaded")
    page.wait_for_selector("[data-trouble]", timeout=30_000)
    press(page, "again")
    page.wait_for_selector("[data-trouble]", state="detached", timeout=20_000)
    assert eventually(lambda: "sign" in [one[0] for one in events(desk, incident_id)], 10)
    page.close()


def test_signing_out_leaves_nothing_of_the_person_on_the_tablet(tablet: BrowserContext, city: RealCity) -> None:
    page = open_mobile(tablet, city, "#me")
    page.locator("[data-sign-out]").click()
    page.wait_for_url("**/login*")
    kept = page.evaluate(
        """() => new Promise((done) => { const asked = indexedDB.open("citydeck-field", 1); asked.onsuccess = () => {
        const all = asked.result.transaction("kept").objectStore("kept").count(); all.onsuccess = () => done(all.result); }; })"""
    )
    assert kept == 0
    cached = page.evaluate(
        """async () => { const urls = []; for (const name of await caches.keys())
        urls.push(...(await (await caches.open(name)).keys()).map((one) => one.url)); return urls; }"""
    )
    assert cached and not [url for url in cached if "/api/" in url or "/live" in url]
    page.close()
