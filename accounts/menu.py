"""The menu of each role and its first page, from the same permissions that guard the pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from accounts.roles import Permission, Role

if TYPE_CHECKING:
    from accounts.models import User

P = Permission


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a menu: its word, the page it opens, and the right that page asks for.

    ``covers`` names what else belongs to it, by the beginning of the address.
    """

    label: str
    url_name: str
    permission: Permission
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as a page shows it."""

    label: str
    address: str
    is_current: bool


WORK = Entry("待办", "dashboards:work", P.WORK_VIEW)
DASHBOARD = Entry("驾驶舱", "dashboards:dashboard", P.DASHBOARD_VIEW)
OF_A_CASE = ("/cases/", "/plans/", "/acceptances/", "/signals/", "/assignments/", "/help/")
OF_THE_WORK = (
    "/tasks/",
    "/escalations/",
    "/owed-answers/",
    "/topics/",
    "/visits/",
    "/handovers/",
    "/promises/",
    "/extensions/",
    "/cadres/",
    "/deputies/",
    "/measures/",
    "/follow-ups/",
)
VISIT = Entry("记走访", "rectification:visit_pick", P.VISIT_ADD)

MENUS: dict[Role, tuple[Entry, ...]] = {
    Role.OFFICE: (
        WORK,
        DASHBOARD,
        Entry(
            "年度轮次",
            "rectification:round_list",
            P.ROUND_VIEW,
            ("/screenings/", "/submissions/", "/opinions/"),
        ),
        Entry("整顿档案", "rectification:case_list", P.CASE_VIEW, OF_A_CASE),
        Entry("村庄", "villages:village_list", P.VILLAGE_VIEW, ("/terms/", "/divisions/")),
        Entry("问题", "rectification:problem_list", P.CASE_VIEW, OF_THE_WORK),
        Entry("调研测评", "surveys:record_list", P.SURVEY_VIEW),
        Entry("报表", "dashboards:reports", P.EXPORT, ("/verify/",)),
    ),
    Role.TOWNSHIP: (
        WORK,
        Entry("我的村", "villages:village_list", P.VILLAGE_VIEW, (*OF_A_CASE, "/terms/")),
        VISIT,
        Entry("问题", "rectification:problem_list", P.CASE_VIEW, (*OF_THE_WORK, "/surveys/")),
        Entry(
            "报送",
            "rectification:submission_list",
            P.SCREENING_ENTER,
            ("/screenings/", "/rounds/"),
        ),
    ),
    Role.LEADER: (
        Entry(
            "驾驶舱",
            "dashboards:dashboard",
            P.DASHBOARD_VIEW,
            (*OF_A_CASE, *OF_THE_WORK, "/problems/", "/villages/", "/rounds/", "/surveys/"),
        ),
        Entry("我的联系村", "dashboards:linked_cases", P.DASHBOARD_VIEW),
    ),
    Role.HELPER: (
        WORK,
        Entry(
            "我的村",
            "rectification:case_list",
            P.CASE_VIEW,
            (*OF_A_CASE, "/problems/", *OF_THE_WORK),
        ),
        VISIT,
    ),
    Role.DEPARTMENT: (Entry("待答复", "rectification:opinion_list", P.OPINION_ANSWER, ("/",)),),
    Role.AUDITOR: (Entry("日志", "core:audit_list", P.AUDIT_VIEW),),
    Role.SYSADMIN: (
        Entry("账号", "admin:accounts_user_changelist", P.ACCOUNT_MANAGE),
        Entry("设置", "admin:accounts_districtsettings_changelist", P.SETTINGS_EDIT),
        Entry("区划导入", "villages:import_divisions", P.DIVISION_IMPORT),
        Entry("放假调休", "rectification:calendar", P.SETTINGS_EDIT),
        Entry("运行状态", "core:health", P.HEALTH_VIEW),
    ),
}

FIRST_PAGES: dict[Role, str] = {
    Role.OFFICE: "dashboards:work",
    Role.TOWNSHIP: "dashboards:work",
    Role.HELPER: "dashboards:work",
    Role.DEPARTMENT: "dashboards:work",
    Role.LEADER: "dashboards:dashboard",
    Role.AUDITOR: "core:audit_list",
    Role.SYSADMIN: "admin:accounts_user_changelist",
}


def first_page(user: User) -> str:
    """Return the address of the page an account begins with."""
    return reverse(FIRST_PAGES[Role(user.role)])


def menu_for(user: User, path: str) -> list[Link]:
    """Return the account's menu, with the entry marked whose page or part is shown."""
    entries = [entry for entry in MENUS[Role(user.role)] if user.can(entry.permission)]
    known = [(entry, reverse(entry.url_name)) for entry in entries]
    nearest = [(_nearest(path, (address, *entry.covers)), address) for entry, address in known]
    depth, current = max(nearest, default=(0, ""))
    return [Link(e.label, address, bool(depth) and address == current) for e, address in known]


def _nearest(path: str, addresses: tuple[str, ...]) -> int:
    """How much of the path the addresses name; 0 when it lies under none of them."""
    return max((len(each) for each in addresses if _is_under(path, each)), default=0)


def _is_under(path: str, address: str) -> bool:
    return path == address or (address != "/" and path.startswith(address))
