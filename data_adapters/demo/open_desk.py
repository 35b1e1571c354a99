"""The demo's desk on the web, which speaks Open311 GeoReport v2 (wiki.open311.org/GeoReport_v2): what people ask and propose there comes as
service requests of the feed `open311`, without any name: nobody asked."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from data_adapters.demo.hotline import THEMES, DemoHotline


class OpenDesk(DemoHotline):
    """Posts each request as the one-element list that GET requests/{id} gives."""

    feed = "open311"
    sources = frozenset({"online_questions", "enterprise_platform"})
    begins = "WZ"

    def _said(self, number: str, call: Mapping[str, Any], place: tuple[float, float], address: str, moment: datetime) -> Any:
        return [
            {
                "service_request_id": number,
                "status": "open",
                "service_code": call["class_code"],
                "service_name": THEMES[call["class_code"]],
                "description": f"{call['title']}。演示数据，并非真实诉求。",
                "requested_datetime": moment.isoformat(timespec="seconds"),
                "updated_datetime": moment.isoformat(timespec="seconds"),
                "address": address,
                "long": place[0],
                "lat": place[1],
            }
        ]
