"""Appeals as the faces' tests need them: what is hot, and nothing else."""

from dataclasses import dataclass, field
from typing import Any

from domain.rises import Hot
from services.appeal_desk import Advice


@dataclass
class FakeAppeals:
    """`services.appeal_desk.AppealDesk`."""

    found: list[Hot] = field(default_factory=list)
    advice: Advice = field(default_factory=lambda: Advice({}, None, 0, 300, []))

    def hot(self, actor: Any, at: int) -> list[Hot]:
        return self.found

    def of(self, actor: Any, incident_id: str) -> None:
        return None

    def advise(self, actor: Any, text: str, class_code: str, region: str, source: str, at: int) -> Advice:
        return self.advice
