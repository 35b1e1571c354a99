"""WVP's catalogue, page by page: no more than one page and the groups of one device are held at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from data_adapters.video.setup import PlatformSetup
from data_adapters.video.values import words
from data_adapters.video.wvp.channels import Node, code_of, entry_of, has_picture, nodes_of, page_of, path_of, plain
from data_adapters.video.wvp.ways import CODE
from services.video_ports import BadAnswer, Entry

DEVICES, CHANNELS, COMMON = "/api/device/query/devices", "/api/device/query/devices/{device}/channels", "/api/common/channel/list"
MOST_GROUPS = 20_000
MOST = 1_000_000
Ask = Callable[..., Any]


class Catalogue:
    """Reads one of WVP's two catalogues: `devices` with their channels, or the `common` one."""

    def __init__(self, ask: Ask, setup: PlatformSetup, page: int, which: str, vehicles: Mapping[str, str]) -> None:
        self._ask, self._setup, self._page, self._which, self._vehicles = ask, setup, page, which, vehicles

    def pages(self) -> Iterator[Sequence[Entry]]:
        """Pages of entries. Raises VideoErrors, BadAnswer for a list that ends before its total."""
        return self._common() if self._which == "common" else self._by_device()

    def listed(self, path: str, parameters: Mapping[str, Any] | None = None, **parts: str) -> Iterator[list[Mapping[str, Any]]]:
        """The pages of a list. Raises BadAnswer for one that ends before its total."""
        taken = 0
        for number in count(1):
            page = page_of(self._ask(path, {**(parameters or {}), "page": number, "count": self._page}, **parts))
            if page.total > MOST:
                raise BadAnswer(f"a list of {page.total}")
            taken += page.many
            yield page.rows
            if taken >= page.total:
                return
            if not page.many:
                raise BadAnswer(f"a list that ends at {taken} of {page.total}")

    def _by_device(self) -> Iterator[Sequence[Entry]]:
        for devices in self.listed(DEVICES):
            for device in devices:
                code = words(device.get("deviceId"))
                if CODE.match(code):
                    yield from self._of(code, words(device.get("name")) or code, device.get("onLine") is not False)

    def _of(self, device: str, name: str, online: bool) -> Iterator[Sequence[Entry]]:
        nodes: dict[str, Node] = {}
        for page in self.listed(CHANNELS, {"channelType": "true"}, device=device):
            nodes.update(nodes_of(page))
            if len(nodes) > MOST_GROUPS:
                raise BadAnswer(f"more than {MOST_GROUPS} groups")
        for page in self.listed(CHANNELS, {"channelType": "false"}, device=device):
            found = [row for row in page if has_picture(row) and CODE.match(code_of(row))]
            entries = [
                entry_of(row, f"{device}/{code_of(row)}", (name, *path_of(row, nodes)), self._setup, self._vehicles) for row in found
            ]
            yield [entry if online else entry._replace(online=False) for entry in entries]

    def _common(self) -> Iterator[Sequence[Entry]]:
        for page in self.listed(COMMON):
            found = [plain(row) for row in page]
            numbered = [(row, words(row.get("id"))) for row in found if has_picture(row)]
            yield [entry_of(row, number, (), self._setup, self._vehicles) for row, number in numbered if number]
