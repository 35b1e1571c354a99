"""Settings are read strictly, and an operator is told which one is wrong."""

from dataclasses import fields
from pathlib import Path

import pytest

from config.settings import PARSERS, Settings, SettingsError


def test_nothing_set_gives_the_documented_defaults():
    settings = Settings.from_environment({"PATH": "/usr/bin", "CITYDECK_CITY": ""})
    assert settings == Settings()
    assert (settings.host, settings.port, settings.data_dir, settings.demo) == ("127.0.0.1", 8050, Path("var"), True)


def test_every_field_can_be_set_from_the_environment():
    assert set(PARSERS) == {field.name for field in fields(Settings)}


def test_children_read_the_same_settings_that_their_parent_had(tmp_path):
    cert = tmp_path / "cert.pem"
    cert.touch()
    settings = Settings(port=9000, demo=False, city=tmp_path, tls_cert=cert, tls_key=cert, disk_limit_gb=1.5, ingest_workers=3, worker=2)
    assert Settings.from_environment(settings.to_environment()) == settings


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("CITYDECK_PORT", "web"),
        ("CITYDECK_PORT", "0"),
        ("CITYDECK_PORT", "65536"),
        ("CITYDECK_DEMO", "perhaps"),
        ("CITYDECK_DATABASE_URL", "sqlite:///city.db"),
        ("CITYDECK_REDIS_URL", "127.0.0.1:6379"),
        ("CITYDECK_MQTT_URL", "mqtt://"),
        ("CITYDECK_MQTT_URL", "mqtt://host:port"),
        ("CITYDECK_INGEST_WORKERS", "0"),
        ("CITYDECK_DISK_LIMIT_GB", "nan"),
        ("CITYDECK_DISK_LIMIT_GB", "-1"),
        ("CITYDECK_CITY", "/no/such/folder"),
        ("CITYDECK_TLS_CERT", "/no/such/file"),
        ("CITYDECK_RETENTON_DAYS", "30"),
        ("CITYDECK_WORKER", "1"),
    ],
)
def test_wrong_value_is_one_line_that_names_the_setting(name, text):
    with pytest.raises(SettingsError) as error:
        Settings.from_environment({name: text})
    assert str(error.value).startswith(f"{name}: ")
    assert "\n" not in str(error.value)


def test_certificate_without_key_is_refused(tmp_path):
    (tmp_path / "cert.pem").touch()
    with pytest.raises(SettingsError, match=r"^CITYDECK_TLS_KEY: "):
        Settings.from_environment({"CITYDECK_TLS_CERT": str(tmp_path / "cert.pem")})


def test_password_in_a_wrong_url_is_not_shown():
    with pytest.raises(SettingsError) as error:
        Settings.from_environment({"CITYDECK_DATABASE_URL": "mysql://city:s3cret@host/city"})
    assert "s3cret" not in str(error.value)


@pytest.mark.parametrize(
    ("given", "days"),
    [
        ({}, 3),
        ({"CITYDECK_DEMO": "false"}, 30),
        ({"CITYDECK_CITY": "/"}, 30),
        ({"CITYDECK_RETENTION_DAYS": "30"}, 30),
        ({"CITYDECK_RETENTION_DAYS": "7", "CITYDECK_DEMO": "false"}, 7),
    ],
)
def test_the_demo_keeps_three_days_a_real_city_thirty_unless_told_otherwise(given, days):
    settings = Settings.from_environment(given)
    assert settings.keep_days == days
    assert Settings.from_environment(settings.to_environment()).keep_days == days


def test_a_service_for_notices_may_be_named_in_a_file_and_is_never_echoed(tmp_path):
    (tmp_path / "url").write_text("mailtos://duty:secret@mail.example?to={address}\n")
    named = Settings.from_environment({"CITYDECK_EMAIL_URL": f"file:{tmp_path / 'url'}"})
    assert named.email_url == "mailtos://duty:secret@mail.example?to={address}"
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({"CITYDECK_HTTP_URL": "secret"})
    assert "secret" not in str(caught.value) and "CITYDECK_HTTP_URL" in str(caught.value)
