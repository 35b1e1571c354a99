"""The plain Dash way, to stand beside the live bench: `dcc.Interval` asks once a second, and the whole figure is sent again.

It listens to the broker itself, keeps the newest value of each device in a dictionary and stores nothing: less work than a city has.
"""

import json
import os
import threading
from typing import Any
from uuid import uuid4

import plotly.graph_objects as go
from dash import Dash, Input, Output, dcc, html

from data_adapters.mqtt import connect, make_client

DEVICES, PROBES = 10_000, 20
LON, LAT = [113.5 + (n % 100) * 0.006 for n in range(DEVICES)], [22.7 + (n // 100) * 0.004 for n in range(DEVICES)]
newest: dict[str, float] = {}
sent = {"times": 0, "bytes": 0}


def listen(url: str) -> None:
    """Keep what comes, in the background."""
    client = make_client(url, f"plain-{uuid4().hex[:8]}", clean=True)
    client.on_connect = lambda c, *_: c.subscribe("city/v1/devices/+/telemetry", 0)

    def keep(_client: Any, _data: Any, message: Any) -> None:
        newest[message.topic.split("/")[3]] = next(iter(json.loads(message.payload)["values"].values()))

    client.on_message = keep
    connect(client, url)


def figure() -> go.Figure:
    """Every device as a point, coloured by its value."""
    values = [newest.get(f"d{n}", 0.0) for n in range(DEVICES)]
    marker = {"color": values, "size": 4, "cmin": 0, "cmax": 150}
    return go.Figure(go.Scattergl(x=LON, y=LAT, mode="markers", marker=marker), layout={"uirevision": "same"})


def make() -> Any:
    """The WSGI application; /sent tells how many answers there were and their bytes."""
    app = Dash("plain", compress=False)
    app.layout = html.Div([dcc.Interval(id="tick", interval=1000), html.Div(id="probes"), dcc.Graph(id="city", style={"height": "90vh"})])

    @app.callback(Output("city", "figure"), Output("probes", "children"), Input("tick", "n_intervals"))
    def show(_n: Any) -> Any:
        return figure(), [html.B(str(int(newest.get(f"d{n}", 0)))) for n in range(PROBES)]

    @app.server.after_request
    def count(answer: Any) -> Any:
        if answer.is_json and answer.content_length and answer.content_length > 50_000:
            sent.update(times=sent["times"] + 1, bytes=sent["bytes"] + answer.content_length)
        return answer

    app.server.add_url_rule("/sent", "sent", lambda: sent)
    threading.Thread(target=listen, args=(os.environ["CITYDECK_MQTT_URL"],), daemon=True).start()
    return app.server
