"""What information reports need from outside."""

from collections.abc import Sequence
from typing import Protocol

from domain.reports import Report
from services.incident_ports import Step


class ReportTaken(Exception):
    """Somebody else wrote meanwhile; nothing was overwritten."""


class ReportStore(Protocol):
    """PostgreSQL (data_adapters/sql/report_repository.py)."""

    def add(self, report: Report) -> None:
        """A new report. Raises ReportTaken when one is already being written."""

    def save(self, report: Report, step: Step | None = None) -> None:
        """The next version, with the incident's event that goes with it in one transaction. Raises ReportTaken, Changed."""

    def find(self, report_id: str) -> Report | None:
        """One report."""

    def of(self, incident_id: str) -> list[Report]:
        """All reports of an incident, oldest first."""


class Typesetter(Protocol):
    """Makes documents (data_adapters/documents.py)."""

    def pdf(self, title: str, lines: Sequence[tuple[str, str]], footer: str) -> bytes:
        """A PDF of a title, labelled lines and a footer."""

    def docx(self, title: str, lines: Sequence[tuple[str, str]], footer: str) -> bytes:
        """The same as a Word document."""
