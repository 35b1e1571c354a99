"""Files of incidents: photographs before, after and at the check, recordings, documents. Checked by what they are, not by their name."""

from collections.abc import Callable
from typing import Any, NamedTuple

from domain.access import Actor, Forbidden
from domain.appeal_papers import withheld
from domain.identity import uuid7
from domain.incidents import Refused
from services.incident_desk import IncidentDesk
from services.incident_ports import PHASES, Attachment, Blobs, Inspect

LONGEST_NAME = 200


class File(NamedTuple):
    """What somebody hands in. `taken_at` epoch ms, `lon` and `lat` WGS 84 degrees, each None where the device did not say."""

    content: bytes
    name: str
    phase: str = "other"
    taken_at: int | None = None
    lon: float | None = None
    lat: float | None = None


class Attachments:
    """Adds files to incidents and gives them to those who see the incident."""

    def __init__(self, desk: IncidentDesk, blobs: Blobs, inspect: Inspect, largest: int, new_id: Callable[[int], Any] = uuid7) -> None:
        """`largest`: bytes that one file has at most."""
        self.largest = largest
        self._desk, self._blobs, self._inspect, self._new_id = desk, blobs, inspect, new_id

    def add(self, actor: Actor, incident_id: str, file: File, now: int, request_id: str | None = None) -> Attachment:
        """Keep the file and say so in the incident. Raises LookupError, Refused (`empty_file`, `too_large`, `bad_file`, `bad_field`)."""
        if not file.content:
            raise Refused("empty_file")
        if len(file.content) > self.largest:
            raise Refused("too_large", {"bytes": len(file.content), "most": self.largest})
        if file.phase not in PHASES or not 0 < len(file.name) <= LONGEST_NAME or not file.name.isprintable():
            raise Refused("bad_field", {"fields": ["phase" if file.phase not in PHASES else "name"]})
        self._desk.mine(actor, incident_id)
        media_type = self._inspect(file.content)
        if media_type is None:
            raise Refused("bad_file")
        made = Attachment(
            str(self._new_id(now)), incident_id, self._blobs.put(file.content), media_type, len(file.content), file.name, file.phase,
            file.taken_at, file.lon, file.lat, actor.username, now,
        )  # fmt: skip
        return self._desk.attach(actor, made, now, request_id)

    def read(self, actor: Actor, incident_id: str, attachment_id: str) -> tuple[Attachment, bytes]:
        """A file with its bytes. Raises LookupError outside the scope, for an unknown one, and where the bytes are gone; Forbidden for a
        paper of an appeal that may name people to whom the actor has no right."""
        incident = self._desk.mine(actor, incident_id)
        for one in self._desk.store.attachments(incident_id):
            if one.attachment_id == attachment_id:
                if withheld(actor, incident, one.media_type, one.added_by):
                    raise Forbidden("see_appellant: a paper of an appeal may name people, and cannot be masked")
                content = self._blobs.get(one.sha256)
                if content is None:
                    raise LookupError(f"the bytes of {attachment_id} are gone")
                return one, content
        raise LookupError(attachment_id)
