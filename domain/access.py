"""Who asks, and what they may see. Every read takes an Actor."""

from dataclasses import dataclass, field

from domain.registry import Region, ancestors

ROLES = (
    "operator",
    "dispatcher",
    "duty_officer",
    "leader",
    "handler",
    "data_steward",
    "system_admin",
    "security_admin",
    "auditor",
)

MAY: dict[str, frozenset[str]] = {
    "see_picture": frozenset(ROLES) - {"security_admin", "auditor", "system_admin"},
    "acknowledge_alarm": frozenset({"operator", "dispatcher", "duty_officer"}),
    "silence_alarms": frozenset({"dispatcher", "duty_officer", "data_steward"}),
    "see_calls": frozenset({"operator", "dispatcher", "duty_officer"}),
    "report_incident": frozenset({"operator", "dispatcher", "duty_officer", "leader", "handler"}),
    "act_on_incident": frozenset({"operator", "dispatcher", "duty_officer", "leader", "handler"}),
    "see_duty": frozenset(ROLES) - {"security_admin", "auditor", "system_admin"},
    "edit_roster": frozenset({"duty_officer"}),
    "approve_change": frozenset({"duty_officer", "leader"}),
    "give_instruction": frozenset({"leader"}),
    "answer_instruction": frozenset({"operator", "dispatcher", "duty_officer", "handler"}),
    "keep_log": frozenset({"operator", "dispatcher", "duty_officer", "leader"}),
    "call_roll": frozenset({"duty_officer", "leader"}),
    "draft_plan": frozenset({"duty_officer", "leader"}),
    "approve_plan": frozenset({"leader"}),
    "issue_warning": frozenset({"duty_officer", "leader"}),
    "pair_screen": frozenset({"duty_officer"}),
    "steer_wall": frozenset({"operator", "dispatcher", "duty_officer", "leader"}),
    "view_video": frozenset({"operator", "dispatcher", "duty_officer", "leader", "handler"}),
    "view_recordings": frozenset({"dispatcher", "duty_officer", "leader"}),
    "turn_camera": frozenset({"operator", "dispatcher", "duty_officer"}),
    "adopt_device": frozenset({"data_steward"}),
    "see_catalogue": frozenset(ROLES) - {"security_admin", "auditor", "system_admin"},
    "steward_data": frozenset({"data_steward"}),
    "send_telemetry": frozenset({"data_steward", "system_admin"}),
    "create_user": frozenset({"system_admin"}),
    "manage_users": frozenset({"security_admin"}),
    "read_audit": frozenset({"auditor"}),
    "read_system": frozenset({"system_admin"}),
    "read_operations": frozenset({"system_admin", "data_steward", "operator", "duty_officer"}),
    "handle_upkeep": frozenset({"data_steward", "system_admin"}),
    "close_upkeep": frozenset({"data_steward", "duty_officer"}),
    "make_token": frozenset(ROLES) - {"security_admin", "auditor"},
}
"""Action -> roles that may do it. The three administrators (DOMAIN: 系统管理员, 安全管理员, 审计管理员) cannot do another's work:
the system administrator makes an account and cannot give it a right, the security administrator gives rights (`manage_users`) and
never learns a password, the auditor reads what both did."""

ADMINISTRATORS = frozenset({"system_admin", "security_admin", "auditor"})

TOKEN_SCOPES: dict[str, tuple[str, ...] | None] = {"all": None, "read": ("see_", "read_"), "telemetry": ("send_telemetry",)}
"""What an API token may be narrowed to: beginnings of the actions that its owner may and it too; None is everything."""
NARROWED = {**TOKEN_SCOPES, "screen": ("see_picture", "see_duty", "view_video")}
"""Beside them the paired screen of a wall: it looks and does nothing; nobody can make a token for that."""


def roles_problem(roles: frozenset[str]) -> str | None:
    """Why one person may not hold these roles together, or None: an administrator's role stands alone."""
    if unknown := sorted(roles - frozenset(ROLES)):
        return f"unknown role {unknown[0]!r}"
    if roles & ADMINISTRATORS and len(roles) > 1:
        return "an administrator's role cannot be held together with another role"
    return None


@dataclass(frozen=True)
class Actor:
    """A person or service. Empty `regions` or `departments` means all of them; a region covers everything below it."""

    username: str
    roles: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    name: str = field(default="", compare=False)
    token_scope: str = "all"
    must_change: bool = field(default=False, compare=False)
    """The password is still an initial one, or too old: the roles are empty until its owner has changed it."""

    def may(self, action: str) -> bool:
        """Whether one of the actor's roles allows `action`; an unknown action is a KeyError."""
        narrowed = NARROWED[self.token_scope]
        return bool(self.roles & MAY[action]) and (narrowed is None or action.startswith(narrowed))

    def covers(self, regions: frozenset[str], departments: frozenset[str], known: dict[str, Region]) -> bool:
        """Whether a whole scope (empty means all) lies inside the actor's own: what an administrator may look after."""
        if self.departments and not (departments and departments <= self.departments):
            return False
        inside = all(self.regions.intersection(ancestors(region, known)) for region in regions)
        return not self.regions or (bool(regions) and inside)

    def sees(self, region: str, department: str, regions: dict[str, Region]) -> bool:
        """Whether a thing of `region` and `department` lies in the actor's scope."""
        if not self.may("see_picture"):
            return False
        if self.departments and department not in self.departments:
            return False
        return not self.regions or bool(self.regions.intersection(ancestors(region, regions)))


class Forbidden(Exception):
    """The actor may not do this; the text says which right is missing."""
