"""The only reader of the environment. A wrong value stops the start with one line that names the setting."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from config.strict import ConfigError

PREFIX = "CITYDECK_"
YES = {"1", "true", "yes", "on"}
FOR_TESTS = {"CITYDECK_REAL_DATA"}
"""Read by the tests alone: where recorded real inputs lie."""
KEEP_DAYS = 30
DEMO_KEEP_DAYS = 3
NO = {"0", "false", "no", "off"}


class SettingsError(ValueError):
    """A setting has a value that can't be used; the message is `CITYDECK_X: what is wrong`."""


@dataclass(frozen=True)
class Settings:
    """Everything that can be set from outside. Each field is read from CITYDECK_<FIELD>; docs/configuration.md lists them."""

    host: str = "127.0.0.1"
    port: int = 8050
    data_dir: Path = Path("var")
    city: Path | None = None
    demo: bool = True
    database_url: str | None = None
    redis_url: str | None = None
    mqtt_url: str | None = None
    mqtt_nats: bool = False
    ingest_workers: int = 1
    web_workers: int = 2
    tls_cert: Path | None = None
    tls_key: Path | None = None
    trusted_proxies: int = 0
    email_url: str | None = None
    http_url: str | None = None
    retention_days: int | None = None
    disk_limit_gb: float | None = None
    batch_ms: int = 500
    batch_readings: int = 5000
    clock_ahead_s: int = 300
    worker: int = 0

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Settings from CITYDECK_* variables; an empty variable counts as unset. Raises SettingsError."""
        given = {name: text.strip() for name, text in environ.items() if name.startswith(PREFIX) and text.strip()}
        known = {PREFIX + field.upper(): field for field in PARSERS}
        for name in sorted(set(given) - set(known) - FOR_TESTS):
            raise SettingsError(f"{name}: there is no such setting")
        settings = cls(**{known[name]: _parsed(name, PARSERS[known[name]], text) for name, text in given.items()})
        settings._check_together()
        return settings

    def to_environment(self) -> dict[str, str]:
        """The variables from which a child process reads these same settings."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {PREFIX + name.upper(): _text(value) for name, value in values.items() if value is not None}

    @property
    def web_url(self) -> str:
        """Where a browser on this machine finds the city."""
        scheme = "https" if self.tls_cert else "http"
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"{scheme}://[{host}]:{self.port}" if ":" in host else f"{scheme}://{host}:{self.port}"

    @property
    def plays_demo(self) -> bool:
        """Whether the demo city is the one that is there: its libraries and the other systems that speak to it."""
        return self.demo and self.city is None

    @property
    def keep_days(self) -> int:
        """How many days raw readings are kept: as set, else 30; else 3 where the demo plays, for it writes gigabytes a day."""
        return self.retention_days or (DEMO_KEEP_DAYS if self.plays_demo else KEEP_DAYS)

    def _check_together(self) -> None:
        if (self.tls_cert is None) != (self.tls_key is None):
            missing = "TLS_KEY" if self.tls_key is None else "TLS_CERT"
            raise SettingsError(f"{PREFIX}{missing}: certificate and key are set together or not at all")
        if self.worker >= self.ingest_workers:
            raise SettingsError(f"{PREFIX}WORKER: {self.worker} is not one of the {self.ingest_workers} workers, which count from 0")


def read_secret(reference: str, environ: Mapping[str, str] = os.environ) -> str:
    """What `env:NAME` or `file:/path` holds, without the line's end. Raises ValueError saying what was expected; never shows the secret."""
    kind, _, place = reference.partition(":")
    if kind == "env":
        if not environ.get(place):
            raise ValueError(f"a variable {place} that is set")
        return environ[place]
    try:
        found = Path(place).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        found = ""
    if not found:
        raise ValueError(f"a file {place} that can be read and holds something")
    return found


def read_secrets(file: str, entry: str, references: Mapping[str, str], environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The secrets of an `entry` in `file`, in clear, by their names there. Raises ConfigError."""
    found = {}
    for name, reference in references.items():
        try:
            found[name] = read_secret(reference, environ)
        except ValueError as error:
            raise ConfigError(f"{file}: {entry}: secrets: {name}: {reference!r}: expected {error}") from None
    return found


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        value = int(text) if text.lstrip("-").isdecimal() else None
        if value is None or not low <= value <= high:
            raise ValueError(f"expected a whole number from {low} to {high}")
        return value

    return parse


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise ValueError("expected a number above 0")
    return value


def _yes_or_no(text: str) -> bool:
    if text.lower() not in YES | NO:
        raise ValueError("expected true or false")
    return text.lower() in YES


def _url(*schemes: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        expected = f"expected {' or '.join(scheme + '://' for scheme in schemes)} and a host"
        try:
            parts = urlsplit(text)
            usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable:
            raise ValueError(expected)
        return text

    return parse


def _service(text: str) -> str:
    """A URL for apprise, or `file:/path` that holds one; the wiring tries it."""
    url = read_secret(text) if text.startswith("file:") else text
    if "://" not in url:
        raise ValueError("expected a URL as apprise takes it, or file: and the path of a file that holds one")
    return url


def _file(text: str) -> Path:
    if not Path(text).is_file():
        raise ValueError("expected a file that exists")
    return Path(text)


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise ValueError("expected a folder that exists")
    return Path(text)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _parsed(name: str, parse: Callable[[str], Any], text: str) -> Any:
    try:
        return parse(text)
    except ValueError as error:
        shown = "the value" if name.endswith("_URL") else repr(text)
        raise SettingsError(f"{name}: {shown} can't be used, {error}") from None


PARSERS: dict[str, Callable[[str], Any]] = {
    "host": str,
    "port": _whole(1, 65535),
    "data_dir": Path,
    "city": _folder,
    "demo": _yes_or_no,
    "database_url": _url("postgresql"),
    "redis_url": _url("redis", "rediss"),
    "mqtt_url": _url("mqtt", "mqtts"),
    "mqtt_nats": _yes_or_no,
    "ingest_workers": _whole(1, 64),
    "web_workers": _whole(1, 64),
    "tls_cert": _file,
    "tls_key": _file,
    "trusted_proxies": _whole(0, 10),
    "email_url": _service,
    "http_url": _service,
    "retention_days": _whole(1, 36500),
    "disk_limit_gb": _positive,
    "batch_ms": _whole(10, 60_000),
    "batch_readings": _whole(1, 100_000),
    "clock_ahead_s": _whole(0, 86_400),
    "worker": _whole(0, 63),
}
"""Field -> how its text is read. URLs are never echoed: they carry passwords."""
