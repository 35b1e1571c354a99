"""The web entry: `create_app(settings)` builds the Dash application; `python app.py` brings a whole city up."""

import argparse
import logging
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import flask
from dash import Dash
from flask_caching import Cache
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix

import api
from callbacks import registry
from callbacks.faces import Faces
from callbacks.wall_screens import renders
from config.alarm_care import load_alarm_care
from config.alarm_rules import load_rules
from config.displays import DisplayError, load_displays
from config.files import ConfigError, load_catalogue, load_kinds
from config.freshness import load_freshness
from config.incident_files import load_classes
from config.indicators import load_indicators
from config.languages import load_catalogues
from config.settings import Settings, SettingsError
from config.video_alarms import load_video_alarms
from config.walls import load_walls
from data_adapters import wiring
from data_adapters.city_pack.contents import PackError
from data_adapters.embedded import Embedded, EmbeddedError, Unreachable
from data_adapters.memo import Memo
from data_adapters.mqtt import BrokerRefused
from data_adapters.supervisor import Supervisor, check_port
from data_adapters.topics.registry import KINDS as LIBRARY_KINDS
from domain.alarm_statements import series_of
from layouts.names import Names
from layouts.panels import PANELS
from layouts.shell import FacesApp

FALLBACK_DATA_DIR = Path("/var/lib/citydeck")
ASSETS = str(Path(__file__).resolve().with_name("assets"))
PATHS = ("data_dir", "city", "tls_cert", "tls_key")


def create_app(settings: Settings) -> Dash:
    """The Dash application of one web worker: the city's services, its HTTP interface and its faces."""
    server = flask.Flask("citydeck")
    believe_proxies(server, settings.trusted_proxies)
    city = wiring.build_web(settings)
    api.register(server, city)
    app = FacesApp(
        "citydeck", server=server, path=lambda: flask.request.full_path, assets_folder=ASSETS, title="CityDeck", update_title=None
    )
    memo, care = _memo(settings, server), load_alarm_care()
    held: dict[str, Any] = {"classes": load_classes(), "urgency": care.urgency, "storm": care.storm, **screens()}
    faces = Faces(city=city, catalogues=load_catalogues(), names=_names(), memo=memo, **held)
    registry.register(app, faces)
    server.extensions[api.screens.RENDERS] = renders(app, faces)
    return app


def believe_proxies(server: flask.Flask, count: int) -> None:
    """Take the client's address and scheme from what the last `count` proxies wrote into X-Forwarded-For and -Proto; 0: from nobody."""
    if count:
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=count, x_proto=count, x_host=0, x_port=0, x_prefix=0)  # type: ignore[method-assign]


def web_app() -> Any:
    """The WSGI application, as gunicorn asks for it."""
    return create_app(Settings.from_environment(os.environ)).server


def read_settings(arguments: list[str], environ: dict[str, str]) -> Settings:
    """Settings from the environment, overridden by the command line; paths absolute."""
    parser = argparse.ArgumentParser(allow_abbrev=False, description="Run a city: every part whose URL isn't set is started here too.")
    parser.add_argument("--host")
    parser.add_argument("--port")
    parser.add_argument("--data-dir", help="where this city keeps its data (default: var)")
    parser.add_argument("--city", metavar="DIR", help="the city pack to load")
    parser.add_argument("--no-demo", dest="demo", action="store_const", const="false", help="don't play the demo city's feeds")
    parser.add_argument("--tls-cert", metavar="F")
    parser.add_argument("--tls-key", metavar="F")
    given = {f"CITYDECK_{name.upper()}": text for name, text in vars(parser.parse_args(arguments)).items() if text is not None}
    settings = Settings.from_environment({**environ, **given})
    return replace(settings, **{name: getattr(settings, name).absolute() for name in PATHS if getattr(settings, name)})


def start_engines(settings: Settings, fall_back: bool) -> tuple[Settings, Embedded]:
    """The engines whose URL isn't set, running, and the settings with all URLs. With `fall_back`, root's unreachable default gives way."""
    want = {name for name in ("database", "redis", "mqtt") if getattr(settings, f"{name}_url") is None}
    settings = replace(settings, mqtt_nats=settings.mqtt_nats or "mqtt" in want)
    embedded = Embedded(settings.data_dir, settings.ingest_workers, want, wiring.session_plan(settings).topics)
    try:
        urls = embedded.start()
    except Unreachable as error:
        if not fall_back:
            raise
        print(f"{error}; using {FALLBACK_DATA_DIR} instead", file=sys.stderr, flush=True)
        return start_engines(replace(settings, data_dir=FALLBACK_DATA_DIR), fall_back=False)
    return replace(settings, **{f"{name}_url": url for name, url in urls._asdict().items() if url}), embedded


def run(settings: Settings, fall_back: bool) -> None:
    """Bring the city up and keep it up until it is interrupted."""
    settings, embedded = start_engines(settings, fall_back)
    (settings.data_dir / "runtime.json").unlink(missing_ok=True)
    try:
        check_port(settings)
        wiring.prepare(settings, "mqtt" in embedded.want, embedded.is_announced())
        settings = replace(settings, mqtt_url=embedded.announce().mqtt or settings.mqtt_url)
        supervisor = Supervisor(settings, embedded)
        try:
            supervisor.run(lambda url: print(f"ready {url}", flush=True))
        finally:
            _ignore_signals()
            supervisor.stop()
    finally:
        _ignore_signals()
        embedded.stop()


def main() -> int:
    """The command line; returns the exit code."""
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO, stream=sys.stderr)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    for sign in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, _interrupt)
    try:
        settings = read_settings(sys.argv[1:], dict(os.environ))
        run(settings, fall_back=not _data_dir_given(sys.argv[1:], dict(os.environ)))
    except (SettingsError, EmbeddedError, BrokerRefused, PackError, ConfigError, DisplayError, TimeoutError) as error:
        print(f"citydeck: {error}", file=sys.stderr)
        return 1
    except DBAPIError as error:
        print(f"citydeck: the database can't be used: {str(error.orig).splitlines()[0]}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def screens() -> dict[str, Any]:
    """`displays` of the faces and `walls` with their scenes, from config/displays.yaml; all that they name is there; else DisplayError."""
    indicators = [one.code for one in load_indicators(LIBRARY_KINDS)]
    return {"displays": load_displays(panels=PANELS), "walls": load_walls(panels=PANELS, indicators=indicators, kinds=load_kinds())}


def _names() -> Names:
    rules = {rule.rule_id: rule for rule in load_rules().rules}
    measured = {metric.name: metric for metric in load_catalogue()}
    stated = {series_of(name): one for name, one in load_video_alarms().items()}
    return Names({**measured, **stated}, load_kinds(), rules, load_alarm_care().group, load_freshness())


def _memo(settings: Settings, server: flask.Flask) -> Memo:
    """What renderings are shared through, by all workers."""
    memo = {"CACHE_TYPE": "RedisCache", "CACHE_REDIS_URL": settings.redis_url, "CACHE_KEY_PREFIX": "citydeck:memo:"}
    return Memo(Cache(server, config=memo))


def _data_dir_given(arguments: list[str], environ: dict[str, str]) -> bool:
    return bool(environ.get("CITYDECK_DATA_DIR", "").strip()) or any(text.split("=")[0] == "--data-dir" for text in arguments)


def _interrupt(*_: Any) -> NoReturn:
    raise KeyboardInterrupt


def _ignore_signals() -> None:
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.SIG_IGN)


def leave(code: int) -> NoReturn:
    """End at once: everything is stopped, and Python would take seconds on a busy machine to take its modules apart."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    leave(main())
