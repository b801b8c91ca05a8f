"""The rows of the permission matrix: what each role gets at each address.

Each app describes its addresses in ``tests/<app>/matrix.py``::

    from tests.matrix import ANY_ROLE, LEADER, OFFICE, TOWNSHIP, Row

    MATRIX = {
        # Everybody not named gets 403. Without args the address holds no object.
        "villages:import_upload": Row({OFFICE: 200}),
        # args builds the object inside the area of every role of the world w, and returns the
        # address's arguments. Accounts of the same role in another township or district get 404.
        "villages:village_detail": Row(
            {OFFICE: 200, TOWNSHIP: 200, LEADER: 200}, args=lambda w: [w.village.pk]
        ),
        # A post with its data; 302 means done, 422 that the form has errors.
        "rectification:case_designate": Row(
            {OFFICE: 302},
            method="post",
            args=lambda w: [make_case(w.village).pk],
            data=lambda w: {"note": "…"},
        ),
    }

``others`` is the status of the roles not named (403; 404 where the scope hides the object).
``foreign=None`` says that no other account loses sight of it (an object of the account's own).
A form page is listed once, as GET, unless its POST asks for another right.

``ADMIN`` in the same file describes the models the app registers in the admin::

    ADMIN = {Standard: AdminRow(view={OFFICE}, add={OFFICE}, change={OFFICE}, make=make_standard)}

where ``make(world)`` returns an object inside the area of every role that may see it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from accounts.roles import Role
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    make_district,
    make_division,
    make_user,
    make_village,
)

OFFICE, TOWNSHIP, LEADER = Role.OFFICE, Role.TOWNSHIP, Role.LEADER
HELPER, DEPARTMENT, AUDITOR, SYSADMIN = Role.HELPER, Role.DEPARTMENT, Role.AUDITOR, Role.SYSADMIN
ROLES = tuple(Role)


def any_role(status=200):
    """Return the same status for every role."""
    return dict.fromkeys(ROLES, status)


@dataclass(frozen=True)
class Row:
    """What one address answers: status per role inside the area, and how to ask for it."""

    status: dict[Role, int | set[int]]
    method: str = "get"
    args: Callable[["World"], list[Any]] | None = None
    data: Callable[["World"], dict[str, Any]] = field(default=lambda w: {})
    query: str = ""
    others: int = 403
    foreign: int | None = 404

    def expected(self, role):
        """Return the statuses that are right for a role: one, or several where a set says so."""
        status = self.status.get(role, self.others)
        return status if isinstance(status, set) else {status}


@dataclass(frozen=True)
class AdminRow:
    """Who may see, add and change a model in the admin, and how to make one of its rows."""

    view: set[Role]
    make: Callable[["World"], Any]
    add: set[Role] = field(default_factory=set)
    change: set[Role] = field(default_factory=set)
    foreign: int = 404


class World:
    """One district with a village and an account per role, made when first asked for."""

    def __init__(self, code=DISTRICT):
        self.code = code

    @cached_property
    def district(self):
        return make_district(self.code)

    @cached_property
    def township(self):
        return make_division(f"{self.district.code[:6]}001")

    @cached_property
    def village(self):
        return make_village(self.township)

    @cached_property
    def _users(self):
        return {}

    def user(self, role):
        """Return the one account of a role."""
        if role not in self._users:
            area = self.township if role == Role.TOWNSHIP else self.district
            self._users[role] = make_user(role, area)
        return self._users[role]

    def __getattr__(self, name):
        """Let ``w.office`` and the other roles name their account."""
        if name in Role.values:
            return self.user(Role(name))
        raise AttributeError(name)


def foreigners(role):
    """Return accounts of a role for whom the world does not exist."""
    yield make_user(role, make_district(OTHER_DISTRICT))
    if role == Role.TOWNSHIP:
        yield make_user(role, make_division(f"{DISTRICT}002"))
        yield make_user(role, make_division(f"{OTHER_DISTRICT}001"))
