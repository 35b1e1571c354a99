"""The faces on the fake city over HTTP, for browser tests that need no engine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.serving import make_server

from tests.fake_server import make_app
from tests.fakes import FakeCity


@contextmanager
def serving(city: FakeCity) -> Iterator[str]:
    """The address at which the fake city answers while this is open."""
    server = make_server("127.0.0.1", 0, make_app(city).server, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def signed_in(browser: Any, address: str, role: str, width: int, height: int, **options: Any) -> Any:
    """A browser context of that size in which somebody of this role is signed in."""
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    context.add_cookies([{"name": "citydeck_session", "value": role, "url": address}])
    return context
