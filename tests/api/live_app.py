"""What the live tests let gunicorn serve: the API alone, without the faces, and a bare page for live.js."""

import os
from pathlib import Path

import flask

import api
from config.settings import Settings
from data_adapters.web_wiring import build_web

ASSETS = Path(__file__).parents[2] / "assets"
PAGE = """<!doctype html><html lang="zh"><body><div id="page"></div><div data-link="connecting"><i></i><span></span></div>
<b id="level" data-live="d1.level" data-decimals="2" data-unit="m" data-limit="180"></b>
<script>window.cursors = []; window.dash_clientside = {set_props: (id, props) => window.cursors.push([id, props.data])};</script>
<script src="/assets/live_worker.js?m=1"></script><script src="/assets/live.js?m=1"></script></body></html>"""


def server() -> flask.Flask:
    """The WSGI application."""
    app = flask.Flask("live_app", static_folder=str(ASSETS), static_url_path="/assets")
    api.register(app, build_web(Settings.from_environment(os.environ)))
    app.add_url_rule("/page", view_func=lambda: PAGE)
    return app
