"""The topics of Sparkplug B: `spBv1.0/{group}/{type}/{edge node}[/{device}]` and `spBv1.0/STATE/{host}` (Sparkplug 3.0, chapter 4)."""

from typing import NamedTuple

NAMESPACE = "spBv1.0"
OF_A_NODE = ("NBIRTH", "NDATA", "NDEATH", "NCMD")
OF_A_DEVICE = ("DBIRTH", "DDATA", "DDEATH", "DCMD")
STATE = "STATE"
COMMANDS = ("NCMD", "DCMD")
WILDCARDS = frozenset("+#")
"""No broker lets these through, but whoever hands messages in over HTTP names the topic, and it is answered."""


class Address(NamedTuple):
    """Who speaks, and what kind of message it is. `device` is empty for the node itself."""

    kind: str
    group: str
    node: str
    device: str = ""

    @property
    def device_id(self) -> str:
        """CityDeck's id: group, node and device with colons between; a colon within one of them is written %3A."""
        return ":".join(part.replace("%", "%25").replace(":", "%3A") for part in (self.group, self.node, self.device) if part)

    def of(self, device: str) -> "Address":
        """Another device of the same node."""
        return self._replace(device=device)


def read_topic(topic: str) -> Address | None:
    """The address, or None for what is no topic of Sparkplug B."""
    levels = topic.split("/")
    if levels[0] != NAMESPACE or not all(levels) or WILDCARDS & set(topic):
        return None
    if len(levels) == 3 and levels[1] == STATE:
        return Address(STATE, "", levels[2])
    if len(levels) == 4 and levels[2] in OF_A_NODE:
        return Address(levels[2], levels[1], levels[3])
    if len(levels) == 5 and levels[2] in OF_A_DEVICE:
        return Address(levels[2], levels[1], levels[3], levels[4])
    return None
