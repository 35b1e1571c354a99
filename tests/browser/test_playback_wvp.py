"""The minute before an alarm on a WVP, in a real browser: by its own REST, and told when it is over. A module, and so a database, of its
own: another worker on the same one would try to stop what it can't reach."""

import time
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from data_adapters.demo.clips import STREAMS, serve
from tests.browser.test_playback import MINUTE, page, playing  # noqa: F401
from tests.data_adapters.video.wvp_server import DEVICE, PASSWORD, Wvp, wvp
from tests.media_servers import wait_for
from tests.video_worker import video_worker

pytestmark = pytest.mark.browser
CHANNEL = "44190000081320000001"


class Recorder(Wvp):
    """A WVP whose media server is on the loopback, with a recording for every time."""

    codec = "H264"

    def stream(self) -> dict[str, Any]:
        path, asked = self.asked[-1]
        times = [datetime.fromisoformat(asked[name]) for name in ("startTime", "endTime")] if "playback" in path else []
        name = STREAMS["past_hls"].replace("{seconds}", str(round((times[1] - times[0]).total_seconds()))) if times else STREAMS["hls"]
        return {"stream": "s-1", "hls": f"{self.media}/road/{name}", "mediaInfo": {"videoCodec": self.codec}}


def test_a_wvp_plays_the_minute_before_an_alarm_by_its_own_rest_and_is_told_when_it_is_over(page: Page, database_url: str):  # noqa: F811
    camera, alarm = f"{DEVICE}-{CHANNEL}", (int(time.time()) - 600) * 1000
    with wvp(Recorder()) as server:
        server.media = serve()
        with video_worker(database_url, {camera: {}}, roles=["duty_officer"], wvp=[server.url, PASSWORD]) as worker:
            page.goto(worker.page(camera, wide=640, moment=alarm))
            playing(page, None)
            page.click(".player-rewind")
            server.expired = True
            page.get_by_role("button", name="告警前 1 分钟").click()
            playing(page, alarm - MINUTE)
            local = datetime.fromtimestamp(alarm / 1000 - 60, ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M:%S")
            assert (f"/api/playback/start/{DEVICE}/{CHANNEL}", local) in [(path, asked.get("startTime")) for path, asked in server.asked]
            page.goto("about:blank")
            wait_for(lambda: any(path.startswith(f"/api/playback/stop/{DEVICE}/{CHANNEL}/s-1") for path, _ in server.asked), 15)
            assert all(PASSWORD not in str(asked) for _, asked in server.asked)
            server.codec = "H265"
            page.goto(worker.page(camera, wide=640))
            page.wait_for_function("document.querySelector('[data-player]').dataset.state !== 'idle'")
            if not page.evaluate("window.citydeckPlayer.ways.decodes('h265')"):
                expect(page.locator('[data-state="failed"]')).to_contain_text("浏览器不支持此编码")
