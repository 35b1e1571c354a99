"""Behind a proxy: whose word about the client's address counts."""

import flask
import pytest

from app import believe_proxies
from config.settings import Settings, SettingsError


def seen(count: int, forwarded: str) -> list[str]:
    server = flask.Flask("proxied")
    believe_proxies(server, count)
    server.add_url_rule("/", view_func=lambda: f"{flask.request.remote_addr} {flask.request.scheme} {flask.request.host}")
    headers = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    return server.test_client().get("/", headers=headers, environ_base={"REMOTE_ADDR": "10.0.0.9"}).text.split()


def test_without_the_setting_nobody_is_believed() -> None:
    assert seen(0, "203.0.113.7") == ["10.0.0.9", "http", "localhost"]


def test_one_proxy_is_believed_about_address_and_scheme_and_not_about_the_host() -> None:
    assert seen(1, "203.0.113.7") == ["203.0.113.7", "https", "localhost"]


def test_what_a_client_wrote_itself_does_not_count() -> None:
    assert seen(1, "1.1.1.1, 203.0.113.7")[0] == "203.0.113.7"
    assert seen(2, "1.1.1.1, 203.0.113.7, 10.0.0.8")[0] == "203.0.113.7"


def test_fewer_proxies_than_said_leave_the_address_of_the_connection() -> None:
    assert seen(2, "203.0.113.7")[0] == "10.0.0.9"


@pytest.mark.parametrize("value", ["-1", "11", "true", "1.0", "10.0.0.0/8"])
def test_the_setting_is_a_number_of_proxies(value: str) -> None:
    with pytest.raises(SettingsError, match="CITYDECK_TRUSTED_PROXIES"):
        Settings.from_environment({"CITYDECK_TRUSTED_PROXIES": value})
