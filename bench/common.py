"""What the benches share: real engines in a throw-away folder, a register of devices, and the last line of output."""

import argparse
import json
import math
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from config.settings import Settings  # noqa: E402
from data_adapters.embedded import Embedded, Urls  # noqa: E402
from data_adapters.sql.database import make_engine, migrate  # noqa: E402

REGIONS = [f"4419{n:02d}" for n in range(1, 34)]
DEVICE = """INSERT INTO devices (device_id, name, kind, region, department, lon, lat, interval_s, status, valid_from)
    SELECT 'd' || n, '设备 ' || n, :kind, (CAST(:regions AS text[]))[1 + n % :many], 'ecology',
           113.5 + (n % 100) * 0.006, 22.7 + (n / 100) * 0.004, 60, 'adopted', to_timestamp(0) FROM generate_series(0, :n - 1) AS n"""
REGION = """INSERT INTO regions (code, name, parent, level, lon, lat, valid_from)
    VALUES (:code, :code, :parent, :level, 113.75, 22.95, to_timestamp(0))"""


def options(description: str, **more: Any) -> argparse.Namespace:
    """The command line: --quick, and what `more` adds (name -> default)."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="a few seconds, to see that it runs; its figures mean little")
    for name, default in more.items():
        kind = {"action": "store_true"} if isinstance(default, bool) else {"type": type(default), "default": default}
        parser.add_argument(f"--{name.replace('_', '-')}", **kind)
    return parser.parse_args()


@contextmanager
def engines(want: set[str] | None = None, keep: str = "") -> Iterator[Urls]:
    """The embedded engines with the tables made: empty ones, or those of the folder `keep`, which stays."""
    folder = Path(keep) if keep else Path(tempfile.mkdtemp(prefix="citydeck-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    embedded = Embedded(folder / "data", 1, want or {"database", "redis", "mqtt"})
    try:
        urls = embedded.start()
        if urls.database:
            migrate(make_engine(urls.database))
        yield urls
    finally:
        embedded.stop()
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def register(engine: Engine, devices: int, kind: str = "air_quality", regions: Sequence[str] = REGIONS) -> None:
    """`devices` adopted devices d0, d1, … spread over the towns of one city, dn in town n modulo their number."""
    with engine.begin() as tx:
        tx.execute(text(REGION), {"code": "441900", "parent": None, "level": "city"})
        tx.execute(text("""INSERT INTO city (settings) VALUES ('{"code": "441900", "name": "东莞市", "name_en": "Dongguan"}')"""))
        tx.execute(text(REGION), [{"code": code, "parent": "441900", "level": "town"} for code in regions])
        tx.execute(text(DEVICE), {"kind": kind, "regions": list(regions), "many": len(regions), "n": devices})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def settings_of(urls: Urls) -> Settings:
    """The default settings on these engines."""
    return Settings(database_url=urls.database, redis_url=urls.redis, mqtt_url=urls.mqtt, mqtt_nats=True)


def child(script: str, *arguments: str, urls: Urls, env: dict[str, str] | None = None) -> dict[str, Any]:
    """Run a part of a bench in a process of its own; its last line is JSON."""
    environment = {**os.environ, **settings_of(urls).to_environment(), **(env or {})}
    done = subprocess.run([sys.executable, script, *arguments], env=environment, capture_output=True, text=True, timeout=900, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(f"{script} {' '.join(arguments)}: {done.stderr[-2000:]}")
    sys.stderr.write(done.stderr[-6000:])
    return json.loads(done.stdout.strip().splitlines()[-1])


def quantile(values: Sequence[float], share: float) -> float:
    """The value that `share` of `values` do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def report(bench: str, **figures: Any) -> None:
    """Print the last line: one JSON object with the machine's state beside the figures."""
    machine = {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1), "python": platform.python_version()}
    print(json.dumps({"bench": bench, "at": time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime()), "machine": machine, **figures}))
