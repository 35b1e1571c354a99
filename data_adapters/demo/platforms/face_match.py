"""An approved face platform: a few times a day it posts that somebody who is looked for was seen, and for which purpose. It has no face to
send: the demo makes none."""

from collections.abc import Iterator
from datetime import UTC, datetime

from data_adapters.city_pack.contents import Pack
from data_adapters.demo.chance import share
from data_adapters.demo.platforms.cast import Due, moments, own_devices
from data_adapters.demo.platforms.gb28181 import FEED as CAMERAS
from data_adapters.demo.play import Message

FEED = "face_match"
SLOT_MS = 6 * 3_600_000
SEEN_SHARE = 0.8
"""In so many of these slots somebody is seen: three times a day."""
PURPOSES = (("走失老人寻找", "走失老人"), ("走失儿童寻找", "走失儿童"))
"""Purpose and list."""


class FaceMatch:
    """The platform, on the cameras of the video network."""

    def __init__(self, pack: Pack) -> None:
        self._cameras = [one.device_id for one in own_devices(pack, CAMERAS) if one.kind == "camera"]

    def said(self, since: int, until: int) -> Iterator[Due]:
        """Matches."""
        for slot in moments(since - SLOT_MS, until, SLOT_MS):
            at = slot + int(share("match", slot, "at") * SLOT_MS)
            if since < at <= until and self._cameras and share("match", slot) < SEEN_SHARE:
                yield Due(at, self._match(slot, at))

    def standing(self, now: int) -> tuple[Message, ...]:
        """Nothing: a match is said once."""
        return ()

    def _match(self, slot: int, at: int) -> Message:
        purpose, watched = PURPOSES[int(share("match", slot, "purpose") * len(PURPOSES))]
        moment = datetime.fromtimestamp(at / 1000, UTC)
        return Message(
            FEED,
            {
                "id": f"M{moment:%Y%m%d%H%M%S}",
                "camera": self._cameras[int(share("match", slot, "camera") * len(self._cameras))],
                "at": moment.isoformat(timespec="milliseconds"),
                "purpose": purpose,
                "list": watched,
                "reference": f"X{int(share('match', slot, 'who') * 1000):03d}",
                "score": round(0.86 + 0.12 * share("match", slot, "score"), 3),
            },
        )
