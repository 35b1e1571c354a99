"""`python -m data_adapters.replay MAPPING.yaml FILE [--speed X | --max-rate N] [--shift-to-now]`: see docs/replay.md."""

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from config.settings import Settings, SettingsError
from data_adapters.replay.mapping import MappingError, ReplayMapping, read_mapping
from data_adapters.replay.messages import Recorded, recorded
from data_adapters.replay.send import BrokerSilent, Pace, Sender, play
from data_adapters.replay.table import read_rows

COMPLAINTS_SHOWN = 20


def main(arguments: list[str] | None = None) -> int:
    """0 when all was acknowledged, 1 when the file or the broker failed, 2 for a wrong mapping or setting."""
    options = _options(arguments)
    try:
        mapping, url = read_mapping(options.mapping), Settings.from_environment(os.environ).mqtt_url
        if url is None:
            raise SettingsError("CITYDECK_MQTT_URL: is not set; name the broker, for example mqtt://user:password@127.0.0.1:1883")
    except (MappingError, SettingsError) as error:
        print(error, file=sys.stderr)
        return 2
    count: Counter[str] = Counter()
    started = time.monotonic()
    try:
        shifted = _shift(options, mapping)
        sender = Sender(url)
        try:
            sender.wait_connected()
            play(_messages(options.file, mapping, count), sender, Pace(options.speed, options.max_rate), shifted)
        except BaseException:
            sender.close()
            raise
        sender.finish()
    except (MappingError, BrokerSilent, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    names = ("rows", "values", "missing", "empty", "unreadable")
    report = {name: count[name] for name in names} | {"messages": sender.sent, "acknowledged": sender.acknowledged}
    print(json.dumps(report | {"seconds": round(time.monotonic() - started, 3)}))
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "python -m data_adapters.replay", description="Publish a recorded table as MQTT telemetry (docs/replay.md)."
    )
    parser.add_argument("mapping", type=Path, metavar="MAPPING.yaml")
    parser.add_argument("file", type=Path, metavar="FILE")
    pace = parser.add_mutually_exclusive_group()
    pace.add_argument("--speed", type=_above_zero, help="so many times as fast as recorded (1: as it was)")
    pace.add_argument("--max-rate", type=_above_zero, help="messages a second at most, whatever the recorded times")
    parser.add_argument("--shift-to-now", action="store_true", help="carry present times: the first row is now with --speed, else the last")
    return parser.parse_args(arguments)


def _above_zero(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError("expected a number above 0")
    return value


def _messages(file: Path, mapping: ReplayMapping, count: Counter[str]) -> Iterator[Recorded]:
    """In the file's order; a JSON document, which is read whole and holds one series after the other, in the order of its times."""
    messages = recorded(read_rows(file, mapping), mapping, count, _complainer())
    return iter(sorted(messages, key=lambda message: message.at)) if mapping.format_of(file) == "json" else messages


def _complainer() -> Callable[[str], None]:
    told = Counter[str]()

    def complain(line: str) -> None:
        told["lines"] += 1
        if told["lines"] <= COMPLAINTS_SHOWN:
            print(line, file=sys.stderr)

    return complain


def _shift(options: argparse.Namespace, mapping: ReplayMapping) -> Callable[[Recorded, int], int]:
    """The time a message carries: its own, or shifted. Without --speed the last row falls on now, so the file is read once before."""
    if not options.shift_to_now:
        return lambda message, _first_at: message.at
    now = time.time_ns() // 1_000_000
    if options.speed is not None:
        return lambda message, first_at: now + round((message.at - first_at) / options.speed)
    last = max((message.at for message in recorded(read_rows(options.file, mapping), mapping, Counter())), default=now)
    return lambda message, _first_at: message.at + now - last


if __name__ == "__main__":
    sys.exit(main())
