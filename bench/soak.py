"""The long trial of the law: a real city under load, all its parts killed again and again, nothing lost and nothing added.

    make soak                                             10 minutes, 1,000 messages/s, 20 kills of each part and 5 of app.py
    make soak ARGS="--seconds 240 --kills 8 --app-kills 2"

The last line is one JSON object: what was sent and killed, the seconds from each kill until the part did its work again (ingest,
database, mqtt: the next committed batch; redis: the picture is rebuilt; jobs: it leads again; web: it answers; app: it answers and a
batch is committed; `n` were back within a minute), and what in the end differed from what was published. Exit code 1 when anything did.
"""

import argparse
import json
import os
import random
import shutil
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.law.real_city import PARTS, RealCity
from tests.law.traffic import Traffic, make_devices, make_pack
from tests.law.trial import Publisher, Trial, plan, resident_mb

REST_WITHIN_S = 600.0


def options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--rate", type=float, default=1000, help="messages a second")
    parser.add_argument("--kills", type=int, default=20, help="of each part")
    parser.add_argument("--app-kills", type=int, default=5, help="of app.py")
    parser.add_argument("--devices", type=int, default=300)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def soak(chosen: argparse.Namespace, folder: Path) -> dict[str, object]:
    """Run it in `folder`; returns the report."""
    devices = make_devices(chosen.devices)
    kills = plan(
        random.Random(chosen.seed), chosen.seconds, {**dict.fromkeys(PARTS, chosen.kills), "app": chosen.app_kills}, chosen.workers
    )
    with RealCity(folder, make_pack(folder / "pack", devices), chosen.workers) as city:
        city.wait_ready(180)
        traffic = Traffic(chosen.seed, devices, int(time.time() * 1000), int(chosen.rate * chosen.seconds))
        trial = Trial(city, traffic, Publisher(city.runtime()["mqtt"]))
        trial.run(chosen.rate, chosen.seconds, kills, watch=True)
        city.wait_ready(180)
        begun = time.monotonic()
        differing = trial.differences(REST_WITHIN_S)
        return {
            **vars(chosen),
            "sent": trial.publisher.sent,
            "acknowledged": trial.publisher.acknowledged,
            "readings": len(traffic.readings),
            "alarms": len(traffic.expected(int(time.time() * 1000)).alarms),
            "kills_done": dict(trial.kills),
            "recovery_s": {part: _summary(trial.recovered[part]) for part in (*PARTS, "app") if trial.recovered[part]},
            "rest_after_s": round(time.monotonic() - begun, 1),
            "memory_mb": resident_mb(city),
            "cores": os.cpu_count(),
            "load_1m": round(os.getloadavg()[0], 1),
            "differs": differing,
            "law_holds": not differing,
        }


def _summary(times: list[float]) -> dict[str, float]:
    return {"n": len(times), "median": round(statistics.median(times), 1), "max": round(max(times), 1)}


def _leave(*_: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(143)


def main() -> int:
    """0 when the law held. SIGTERM ends it as Ctrl-C does: the city is stopped, and its folder goes."""
    signal.signal(signal.SIGTERM, _leave)
    folder = Path(tempfile.mkdtemp(prefix="citydeck-soak-"))
    folder.chmod(0o755)
    try:
        report = soak(options(), folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(report))
    return 0 if report["law_holds"] else 1


if __name__ == "__main__":
    sys.exit(main())
