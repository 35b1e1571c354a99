"""A channel over apprise: the city names a service's URL with `{address}` in it, apprise knows how to speak to it.

Examples: `mailtos://user:secret@mail.city.local?from=duty@city.local&to={address}`, `json://gateway.city.local/sms/{address}`.
"""

from urllib.parse import quote

import apprise

from services.notice_ports import NotDelivered, Notice

TIMEOUT_S = 10.0


class AppriseChannel:
    """The Channel port. The URL is a secret (it may hold a password); it comes from the environment or a secrets file."""

    def __init__(self, url: str, timeout_s: float = TIMEOUT_S) -> None:
        """Raises ValueError for a URL that apprise does not understand; the text does not repeat it."""
        self._url, self._timeout_s = url, timeout_s
        if apprise.Apprise.instantiate(self._filled("nobody")) is None:
            raise ValueError("is no URL that apprise understands")

    def send(self, notice: Notice, address: str, title: str, body: str) -> None:
        """Deliver once. Raises NotDelivered."""
        service = apprise.Apprise(asset=apprise.AppriseAsset(app_id="CityDeck", app_desc="CityDeck", async_mode=False))
        if not service.add(self._filled(address)):
            raise NotDelivered("the address cannot be used")
        if not service.notify(body=body, title=title, body_format=apprise.NotifyFormat.TEXT):
            raise NotDelivered("the service did not take it")

    def _filled(self, address: str) -> str:
        separator = "&" if "?" in self._url else "?"
        timeouts = f"{separator}cto={self._timeout_s:g}&rto={self._timeout_s:g}&retry=0"
        return self._url.replace("{address}", quote(address, safe="@+")) + timeouts
