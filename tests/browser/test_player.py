"""A real browser plays real media: by WHEP from aiortc, by HLS from nginx, by fMP4 from ffmpeg, each through the city's own proxy."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine, text

from data_adapters.sql.database import make_engine
from tests.media_servers import fmp4_server, hls_server, missing, wait_for, whep_server, wrong_server
from tests.video_worker import Worker, video_worker

pytestmark = [pytest.mark.browser, pytest.mark.skipif(bool(missing()), reason=f"real media need {missing()}")]
WAIT = 20_000
AHEAD_MS = 60_000
"""The rounds of jobs.py are made so far in the future: nobody waits for a player that fell silent."""
NO_FIRST_MS = (
    """(() => { const real = window.setTimeout; window.setTimeout = (f, ms, ...more) => (ms === 7000 ? 0 : real(f, ms, ...more)); })()"""
)
"""The player waits for a first picture without end, so that nothing but its leaving closes a viewing."""
PIXELS = """box => {
  const video = box.querySelector("video"), c = document.createElement("canvas");
  c.width = 32; c.height = 18;
  const g = c.getContext("2d");
  g.drawImage(video, 0, 0, 32, 18);
  return [video.currentTime, [...g.getImageData(0, 0, 32, 18).data].join()];
}"""


class Media:
    """The media servers and what they count."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self.hls, self.sender = stack.enter_context(hls_server(folder))
        self.fmp4, self.pulled = stack.enter_context(fmp4_server())
        self.whep, self.sessions = stack.enter_context(whep_server())
        wrong = stack.enter_context(wrong_server())
        self.cameras = {
            "whep": {"whep": self.whep, "hls": self.hls, "fmp4": self.fmp4},
            "hls": {"hls": self.hls},
            "fmp4": {"fmp4": self.fmp4},
            "falls": {"whep": f"{wrong}/whep/500", "hls": self.hls},
            "dead": {"hls": f"{wrong}/live/404"},
            "denied": {"fmp4": f"{wrong}/live/403"},
            "slow": {"fmp4": f"{wrong}/slow"},
            "away": {"hls": "http://127.0.0.1:9/live.m3u8"},
        }


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Media]:
    with ExitStack() as stack:
        yield Media(stack, tmp_path_factory.mktemp("media"))


@pytest.fixture(scope="module")
def worker(media: Media, database_url: str) -> Iterator[Worker]:
    engine = make_engine(database_url)
    with video_worker(database_url, media.cameras) as running:
        yield running
    engine.dispose()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1100, "height": 700})
    made = context.new_page()
    made.set_default_timeout(WAIT)
    yield made
    context.close()


def state(page: Page, camera: str, wanted: str) -> Any:
    """The player of this camera, once it is so far."""
    return page.wait_for_selector(f'[data-player="{camera}"][data-state="{wanted}"]')


def moves(page: Page, box: Any) -> bool:
    """Whether time and picture of this player go on."""
    first = box.evaluate(PIXELS)
    page.wait_for_timeout(700)
    second = box.evaluate(PIXELS)
    return bool(second[0] > first[0] and second[1] != first[1])


def endings(engine: Engine) -> dict[str, str | None]:
    """Why each viewing so far was closed; None while it holds its place."""
    with engine.connect() as tx:
        return {str(one.viewing_id): one.closed_why for one in tx.execute(text("SELECT viewing_id, closed_why FROM viewings"))}


def hosts_of(page: Page) -> set[str]:
    """Fills as the page asks: every host that was asked."""
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    return hosts


@pytest.mark.parametrize("camera", ["whep", "hls", "fmp4"])
def test_the_picture_moves_by_each_way_with_who_and_when_over_it_and_no_other_host_asked(page, worker, camera):
    hosts = hosts_of(page)
    page.goto(worker.page(camera))
    box = state(page, camera, "playing")
    assert box.get_attribute("data-way") == camera and moves(page, box)
    marks = box.eval_on_selector_all(".player-mark span", "all => all.map((one) => one.textContent)")
    assert len(marks) == 6 and all(one.startswith("王敏 wang · 20") for one in marks)
    assert hosts <= {worker.url.removeprefix("http://"), ""}, "blob: has no host; nothing but the city's own was asked"


def test_a_dead_whep_falls_to_hls(page, worker):
    page.goto(worker.page("falls"))
    box = state(page, "falls", "playing")
    assert box.get_attribute("data-way") == "hls" and moves(page, box)


def test_why_no_picture_comes_is_said_with_a_way_to_try_again(page, worker):
    page.goto(worker.page("dead", "denied", "slow", "away"))
    said = {"dead": "码流中断", "denied": "无权查看", "slow": "超时", "away": "视频平台无法连接"}
    for camera, words in said.items():
        box = state(page, camera, "failed")
        assert words in box.text_content() and box.query_selector(".player-again").text_content() == "重试"
    asked = len(worker.told()["asked"])
    page.click('[data-player="denied"] .player-again')
    wait_for(lambda: len(worker.told()["asked"]) > asked)


def test_who_has_no_right_is_told_so(page, media, database_url):
    with video_worker(database_url, media.cameras, roles=["data_steward"]) as worker:
        page.goto(worker.page("hls"))
        assert "无权查看" in state(page, "hls", "failed").text_content()
        assert worker.told()["asked"] == []


def test_what_is_closed_or_out_of_sight_is_stopped_and_the_platform_told(page, worker, media):
    began = worker.told(AHEAD_MS)
    page.goto(worker.page("whep", "fmp4"))
    state(page, "whep", "playing"), state(page, "fmp4", "playing")
    assert len(worker.told()["stopped"]) == len(began["stopped"]), "what is watched goes on"
    wait_for(lambda: media.pulled.now == 1 and media.sessions.now == 1)
    page.evaluate("document.querySelector('[data-player=fmp4]').style.marginTop = '5000px'")
    state(page, "fmp4", "idle")
    wait_for(lambda: media.pulled.now == 0)
    page.goto("about:blank")
    wait_for(lambda: len(worker.told(6_000)["stopped"]) == len(began["stopped"]) + 2, 10)
    wait_for(lambda: media.sessions.now == 0)


def test_whoever_leaves_before_the_first_picture_gives_the_place_back(page, worker, engine):
    before = endings(engine)
    page.add_init_script(NO_FIRST_MS)
    page.route("**/stream.mp4*", lambda route: None)
    with page.expect_request("**/stream.mp4*"):
        page.goto(worker.page("fmp4"))
    (mine,) = endings(engine).keys() - before.keys()
    assert endings(engine)[mine] is None
    page.goto("about:blank")
    wait_for(lambda: endings(engine)[mine])
    assert endings(engine)[mine] == "closed"


@pytest.mark.parametrize("leave", ["page", "tile"])
def test_whoever_leaves_before_the_platform_answers_holds_no_place_when_it_does(page, worker, engine, leave):
    worker.told(AHEAD_MS)
    before, asked = endings(engine), len(worker.told()["asked"])
    with worker.silent_platform():
        page.goto(worker.page("fmp4"))
        wait_for(lambda: len(worker.told()["asked"]) > asked)
        if leave == "page":
            page.goto("about:blank")
            wait_for(lambda: worker.connections() == {psutil.CONN_CLOSE_WAIT})
        else:
            page.evaluate("document.querySelector('[data-player]').remove()")
    wait_for(lambda: endings(engine).keys() - before.keys())
    (mine,) = endings(engine).keys() - before.keys()
    wait_for(lambda: endings(engine)[mine])
    assert endings(engine)[mine] == "closed"


def test_a_larger_box_gets_the_large_picture_without_a_gap(page, worker):
    page.goto(worker.page("hls"))
    box = state(page, "hls", "playing")
    page.evaluate("""() => { window.gaps = 0; const box = document.querySelector('[data-player]');
      new MutationObserver(() => { if (box.dataset.state !== "playing") window.gaps += 1; }).observe(box, { attributes: true });
      box.style.width = '900px'; box.style.height = '500px'; }""")
    wait_for(lambda: "hls main" in (page.wait_for_timeout(100) or worker.told()["asked"]))
    page.wait_for_timeout(800)
    assert moves(page, box) and page.evaluate("window.gaps") == 0


def test_a_stream_that_dies_is_noticed_and_plays_again_when_it_lives(page, worker, media):
    page.goto(worker.page("fmp4"))
    state(page, "fmp4", "playing")
    media.pulled.cut()
    assert "码流中断" in state(page, "fmp4", "failed").text_content()
    state(page, "fmp4", "playing")


def test_an_address_is_worth_nothing_to_another_session(page, worker):
    with page.expect_request("**/index.m3u8*") as asked:
        page.goto(worker.page("hls"))
    state(page, "hls", "playing")
    answers = []
    for cookie in ("citydeck_session=another", ""):
        request = urllib.request.Request(asked.value.url, headers={"Cookie": cookie} if cookie else {})
        try:
            answers.append(urllib.request.urlopen(request, timeout=5).status)
        except urllib.error.HTTPError as error:
            answers.append(error.code)
    assert answers == [403, 401]
