"""A car park operator's own JSON, explained by the demo's configuration alone."""

from pathlib import Path

from data_adapters.city_pack import read_pack
from data_adapters.demo.pack import build_demo_pack
from data_adapters.demo.platforms.car_parks import CarParks
from domain.messages import Reading
from tests.data_adapters.test_demo_platforms import day_of_platform, heard


def test_each_car_park_says_its_free_spaces_at_the_moment_it_means_and_a_lost_count_is_a_gap(tmp_path: Path) -> None:
    said = day_of_platform(CarParks(read_pack(build_demo_pack(tmp_path))))
    readings = [one for one in heard("car_parks", said) if isinstance(one, Reading)]
    free = {(one.device_id, one.at): one.value or 0 for one in readings if one.metric == "free"}
    total = {(one.device_id, one.at): one.value or 0 for one in readings if one.metric == "total"}
    assert len(total) == len(said) and {at // 1000 * 1000 for at, _ in said} == {at for _, at in total}
    assert 0.97 < len(free) / len(total) < 1 and min(free.values()) >= 0
    assert all(spaces <= total[key] for key, spaces in free.items()) and len({spaces for spaces in free.values()}) > 20
