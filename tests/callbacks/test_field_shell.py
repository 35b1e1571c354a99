"""What makes `/mobile` work without a network: its worker, its page, its manifest, and words for all that its scripts say."""

import json
import re
import time
from pathlib import Path

import pytest

from config.languages import load_catalogues
from layouts.field import PREFIX
from tests.fake_server import make_app
from tests.fakes import make_city

ASSETS = Path(__file__).resolve().parents[2] / "assets"
SAID = re.compile(r"""\bt\("(\w+)\"""")


@pytest.fixture(scope="module")
def browser():
    return make_app(make_city(int(time.time() * 1000), per_town=30)).server.test_client()


def held(browser):
    """The addresses that the worker keeps."""
    return json.loads(re.search(r"HELD = (\[.*?\]);", browser.get("/mobile/worker.js").text)[1])


def test_the_worker_may_reach_all_of_mobile_and_keeps_nothing_about_anybody(browser):
    answer = browser.get("/mobile/worker.js")
    assert answer.headers["Service-Worker-Allowed"] == "/mobile" and answer.headers["Cache-Control"] == "no-cache"
    assert not [path for path in held(browser) if path.startswith(("/api", "/live", "/login"))]


def test_everything_that_the_worker_keeps_is_there_without_a_sign_in(browser):
    assert {browser.get(path).status_code for path in held(browser)} == {200}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_for_no_network_needs_only_what_the_worker_keeps(browser, lang):
    page = browser.get(f"/mobile/offline/{lang}").text
    assert set(re.findall(r'(?:src|href)="(/[^"]+)"', page)) <= {*held(browser), "/mobile/manifest.webmanifest"}
    assert "_dash" not in page


def test_the_manifest_names_icons_that_exist(browser):
    manifest = browser.get("/mobile/manifest.webmanifest").get_json(force=True)
    assert manifest["display"] == "standalone" and manifest["scope"] == "/mobile"
    assert all((ASSETS / icon["src"].removeprefix("/assets/")).is_file() for icon in manifest["icons"])


def test_every_word_that_the_scripts_say_is_in_the_catalogue():
    said = {word for path in ASSETS.glob("field_*.js") for word in SAID.findall(path.read_text())}
    assert len(said) > 30
    known = {message.removeprefix(PREFIX) for message in load_catalogues()["zh"] if message.startswith(PREFIX)}
    assert not [word for word in said if word not in known and not (word.endswith("_") and any(one.startswith(word) for one in known))]
