"""Cameras on the faces of a real city: beside an incident, in the wall's mosaic. A real media server sends the pictures."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.law.real_city import RealCity, eventually
from tests.media_servers import hls_server, missing

pytestmark = [pytest.mark.browser, pytest.mark.skipif(bool(missing()), reason=f"real media need {missing()}")]
PLAYING = ".player[data-state='playing']"
SHOWN = "SELECT DISTINCT detail->>'face', detail->>'incident' FROM audit_log WHERE action = 'view_video' AND outcome = 'ok'"
WALL = "SELECT count(*) FROM cameras WHERE wall AND status = 'online' AND valid_to IS NULL"


@pytest.fixture(scope="module")
def playing(running_city: RealCity, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealCity]:
    """The city, with an address for each camera of its list."""
    folder = tmp_path_factory.mktemp("media")
    folder.chmod(0o755)
    with hls_server(folder / "hls") as (address, _):
        listed = running_city.pack / "cameras.csv"
        with_addresses(listed, address)
        assert eventually(lambda: running_city.ask(WALL)[0][0] > 0, 90), "the list of cameras is read"
        yield running_city


def with_addresses(listed: Path, address: str) -> None:
    """Put the address of the pictures into every row."""
    with listed.open(encoding="utf-8") as file:
        rows = [{**row, "hls": address} for row in csv.DictReader(file)]
    with listed.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def place_of_a_camera(city: RealCity) -> tuple[str, str, float, float]:
    """Id, device, longitude and latitude of one that is online."""
    sql = "SELECT camera_id, device_id, lon, lat FROM cameras WHERE status = 'online' AND lon IS NOT NULL AND valid_to IS NULL LIMIT 1"
    return city.ask(sql)[0]  # type: ignore[return-value]


def test_the_nearest_cameras_play_by_themselves_beside_an_incident_which_records_it(playing, seat, signed_in):
    _, _, lon, lat = place_of_a_camera(playing)
    said = {
        "title": "路口积水",
        "class_code": "standing_water",
        "urgency": "urgent",
        "place": {"lon": lon, "lat": lat},
        "source": "hotline",
    }
    made = signed_in("operator").request.post(f"{playing.url}/api/v1/incidents", data={"data": said})
    incident = made.json()["incident_id"]
    page: Page = seat("dispatcher", f"/desk?incident={incident}", ready=".desk-incident[data-tab]")
    page.keyboard.press("a")
    around = page.locator("[data-dispatch-pane='around']")
    expect(around.locator(PLAYING)).to_have_count(2)
    expect(around.locator(".player-mark").first).to_contain_text("dispatcher")
    assert ("desk", incident) in playing.ask(SHOWN)
    opened = f"SELECT count(*) FROM incident_events WHERE incident_id = '{incident}' AND deed = 'open_source'"
    assert playing.ask(opened)[0][0] >= 2
    assert not page.wrong  # type: ignore[attr-defined]


def test_the_wall_shows_a_mosaic_of_those_cameras_that_the_city_allows_on_it(playing, seat):
    page: Page = seat("duty_officer", "/big?scene=overview", ready=".panel-video", viewport={"width": 1920, "height": 1080})
    video = page.locator(".panel-video")
    expect(video.locator(PLAYING)).to_have_count(4)
    allowed = {row[0] for row in playing.ask("SELECT camera_id FROM cameras WHERE wall")}
    assert set(video.locator(".player").evaluate_all("all => all.map((one) => one.dataset.player)")) <= allowed
    video.locator("[data-mosaic-tiles='16']").click()
    expect(video.locator(PLAYING)).to_have_count(16)
    page.set_viewport_size({"width": 3840, "height": 1080})
    expect(video.locator(PLAYING)).to_have_count(16)
    video.locator("[data-mosaic-tiles='4']").click()
    video.locator("[data-mosaic-wide]").click()
    expect(video.locator(PLAYING)).to_have_count(4)
    assert not page.wrong  # type: ignore[attr-defined]
