"""All use cases of one city, as the faces and the API get them. data_adapters/wiring.py assembles it."""

from collections.abc import Callable
from dataclasses import dataclass

from services.accounts import Accounts
from services.adoption import Adoption
from services.alarm_quality import AlarmQuality
from services.alarm_silences import AlarmSilences
from services.around import Surroundings
from services.attachments import Attachments
from services.audit import Audit
from services.audited import AuditedAlarmDesk
from services.briefs import Briefs
from services.chains import Chains
from services.dispatch import Dispatch
from services.duty import Roster
from services.duty_book import DutyBook
from services.duty_changes import Changes
from services.duty_room import DutyRoom
from services.fanout import Fanout
from services.history import History
from services.incident_board import IncidentBoard
from services.incident_desk import IncidentDesk
from services.notices import Notices
from services.operations import Operations
from services.outbox import Outbox
from services.own_account import OwnAccount
from services.picture import Picture
from services.plans import Plans
from services.register import Register
from services.report_desk import ReportDesk
from services.reviews import Reviews
from services.state_of_affairs import StateOfAffairs
from services.tasks import TaskDesk
from services.user_desk import UserDesk
from services.webhooks import Webhooks


@dataclass
class City:
    """One per web process."""

    picture: Picture
    register: Register
    adoption: Adoption
    history: History
    alarm_desk: AuditedAlarmDesk
    silences: AlarmSilences
    alarm_quality: AlarmQuality
    accounts: Accounts
    user_desk: UserDesk
    own_account: OwnAccount
    audit: Audit
    webhooks: Webhooks
    fanout: Fanout
    affairs: StateOfAffairs
    operations: Operations
    incident_desk: IncidentDesk
    incident_board: IncidentBoard
    attachments: Attachments
    reports: ReportDesk
    reviews: Reviews
    briefs: Briefs
    dispatch: Dispatch
    surroundings: Surroundings
    roster: Roster
    duty_changes: Changes
    duty_room: DutyRoom
    duty_book: DutyBook
    plans: Plans
    tasks: TaskDesk
    notices: Notices
    chains: Chains
    outbox: Outbox
    metrics: Callable[[], tuple[bytes, str]]
    """The figures for Prometheus, and their content type."""
