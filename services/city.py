"""All use cases of one city, as the faces and the API get them. data_adapters/wiring.py assembles it."""

from collections.abc import Callable
from dataclasses import dataclass

from services.accounts import Accounts
from services.adoption import Adoption
from services.alarm_pictures import AlarmPictures
from services.alarm_quality import AlarmQuality
from services.alarm_silences import AlarmSilences
from services.appeal_desk import AppealDesk
from services.applying import Applying
from services.around import Surroundings
from services.attachments import Attachments
from services.audit import Audit
from services.audited import AuditedAlarmDesk
from services.briefs import Briefs
from services.camera_turning import Turning
from services.cameras import Cameras
from services.catalogue import Catalogue
from services.chains import Chains
from services.consultations import Consultations
from services.device_feeds import DeviceFeeds
from services.dispatch import Dispatch
from services.duty import Roster
from services.duty_book import DutyBook
from services.duty_changes import Changes
from services.duty_room import DutyRoom
from services.explaining import Explaining
from services.fanout import Fanout
from services.feed_health import FeedHealth
from services.history import History
from services.incident_board import IncidentBoard
from services.incident_desk import IncidentDesk
from services.instructions import Instructions
from services.manual_import import ManualImport
from services.neighbour_calls import NeighbourCalls
from services.notices import Notices
from services.office import Office
from services.office_paper import MorningBrief
from services.operations import Operations
from services.order_tables import OrderTables
from services.outbox import Outbox
from services.own_account import OwnAccount
from services.own_warnings import OwnWarnings
from services.pairing import Pairing
from services.people import People
from services.picture import Picture
from services.plans import Plans
from services.portfolios import Portfolios
from services.register import Register
from services.report_desk import ReportDesk
from services.reviews import Reviews
from services.state_of_affairs import StateOfAffairs
from services.stills import Stills
from services.tasks import TaskDesk
from services.upkeep import Upkeep
from services.user_desk import UserDesk
from services.viewing import Viewings
from services.viewing_ports import Media
from services.vital_signs import VitalSigns
from services.wall_book import WallBook
from services.walls import Steering
from services.warnings import Warnings
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
    alarm_pictures: AlarmPictures
    accounts: Accounts
    people: People
    user_desk: UserDesk
    own_account: OwnAccount
    pairing: Pairing
    walls: Steering
    wall_book: WallBook
    consultations: Consultations
    audit: Audit
    webhooks: Webhooks
    fanout: Fanout
    affairs: StateOfAffairs
    operations: Operations
    feed_health: FeedHealth
    device_feeds: DeviceFeeds
    upkeep: Upkeep
    incident_desk: IncidentDesk
    incident_board: IncidentBoard
    neighbour_calls: NeighbourCalls
    appeals: AppealDesk
    attachments: Attachments
    reports: ReportDesk
    reviews: Reviews
    briefs: Briefs
    dispatch: Dispatch
    surroundings: Surroundings
    applying: Applying
    cameras: Cameras
    camera_turning: Turning
    viewings: Viewings
    stills: Stills
    media: Media
    roster: Roster
    duty_changes: Changes
    duty_room: DutyRoom
    duty_book: DutyBook
    plans: Plans
    tasks: TaskDesk
    notices: Notices
    chains: Chains
    catalogue: Catalogue
    imports: ManualImport
    order_tables: OrderTables
    outbox: Outbox
    warnings: Warnings
    own_warnings: OwnWarnings
    vital_signs: VitalSigns
    explaining: Explaining
    portfolios: Portfolios
    instructions: Instructions
    office: Office
    morning: MorningBrief
    metrics: Callable[[], tuple[bytes, str]]
    """The figures for Prometheus, and their content type."""
