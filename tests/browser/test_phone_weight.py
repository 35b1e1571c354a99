"""What a phone has to fetch before it can work: measured in a browser, as it comes over the wire."""

import pytest

from tests.browser.conftest import PHONE, READY

pytestmark = pytest.mark.browser
LIMIT_BYTES = 300_000
OF_OTHERS = ("plotly", "maplibre", "ag_grid", "mantine", "dash_table", "assets/dispatch", "assets/city_", "assets/incident_")


def test_the_first_load_of_a_phone_is_under_300_kb_and_holds_nothing_of_other_faces(signed_in, city):
    page, answers = signed_in("handler", viewport=PHONE).new_page(), []
    page.on("response", lambda one: answers.append(one))
    page.goto(f"{city.url}/mobile")
    page.wait_for_selector(READY["/mobile"], state="attached")
    page.wait_for_timeout(2_000)
    sizes = {one.url: one.request.sizes() for one in answers if "/live" not in one.url}
    fetched = {url: one["responseBodySize"] + one["responseHeadersSize"] for url, one in sizes.items()}
    assert sum(fetched.values()) <= LIMIT_BYTES, sorted(((size, url) for url, size in fetched.items()), reverse=True)[:12]
    assert not [url for url in fetched if any(part in url for part in OF_OTHERS)]
