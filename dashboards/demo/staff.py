"""Accounts of every role, and the cadres who help, are responsible and inspect."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password
from simple_history.utils import bulk_create_with_history

from accounts.demo import DEMO_PASSWORD
from accounts.models import DistrictSettings, User
from accounts.roles import Department, Role
from dashboards.demo import names
from dashboards.demo.world import CHANGE_OF_STAFF, Staff, World
from rectification.models import Cadre

if TYPE_CHECKING:
    from divisions.models import Division

THEN = date(2010, 3, 1)
LEADER_POSTS = (
    ("区委常委、组织部部长", "云岭区委组织部"),
    ("区委副书记", "云岭区委"),
    ("区委常委、政法委书记", "云岭区委政法委"),
    ("区委常委、纪委书记", "云岭区纪委监委"),
    ("区委常委、统战部部长", "云岭区委统战部"),
    ("副区长", "云岭区政府"),
    ("区人大常委会副主任", "云岭区人大常委会"),
    ("区政协副主席", "云岭区政协"),
)
UNITS = (
    "区财政局",
    "区农业农村局",
    "区司法局",
    "区信访办",
    "区民政局",
    "区水务局",
    "区交通局",
    "区文化和旅游局",
    "区市场监管局",
    "区自然资源分局",
    "区审计局",
    "区教委",
)
TOWNSHIP_POSTS = ("党委书记", "党委副书记", "党委委员、组织委员", "党委委员、副镇长")
HELPERS = ("helper1", "helper2", "helper3")


def make_staff(world: World) -> None:
    """Create the accounts, then the cadres of both spans of years."""
    make_accounts(world)
    world.staff_then = make_cadres(world, THEN, CHANGE_OF_STAFF)
    world.staff_now = make_cadres(world, CHANGE_OF_STAFF, None)
    DistrictSettings.objects.create(
        division=world.district, contact="组织部组织科 8888", unit_name="云岭区委组织部"
    )


def make_accounts(world: World) -> None:
    """Create the accounts: the first of each role is the one that run.py prints."""
    district, neighbour = world.district.code, names.NEIGHBOUR[0]
    rows = [
        ("office1", Role.OFFICE, district, ""),
        ("office2", Role.OFFICE, district, ""),
        *((f"township{n}", Role.TOWNSHIP, t.code, "") for n, t in enumerate(world.townships, 1)),
        ("township1b", Role.TOWNSHIP, world.townships[0].code, ""),
        ("leader1", Role.LEADER, district, ""),
        ("leader2", Role.LEADER, names.CITY[0], ""),
        *((username, Role.HELPER, district, "") for username in HELPERS),
        *(
            (f"department{n}", Role.DEPARTMENT, district, department)
            for n, department in enumerate(Department.values, 1)
        ),
        ("auditor1", Role.AUDITOR, district, ""),
        ("sysadmin1", Role.SYSADMIN, district, ""),
        ("office_other", Role.OFFICE, neighbour, ""),
        ("township_other", Role.TOWNSHIP, names.NEIGHBOUR_TOWNSHIP[0], ""),
    ]
    password = make_password(DEMO_PASSWORD)
    users = [
        User(
            username=username,
            name=world.persons.next(),
            role=role,
            division_id=division,
            department=department,
            password=password,
            must_change_password=False,
        )
        for username, role, division, department in rows
    ]
    User.objects.bulk_create(users)
    world.users = {user.username: user for user in users}


def make_cadres(world: World, start: date, end: date | None) -> Staff:
    """Create the cadres of one span; those in post today are tied to the accounts they have."""
    staff = Staff(
        leaders=[new(world, world.district, post, unit) for post, unit in LEADER_POSTS],
        first_secretaries=[
            new(world, world.district, "驻村第一书记", UNITS[n % len(UNITS)]) for n in range(36)
        ],
        liaisons=[new(world, world.district, "办公室主任", unit) for unit in UNITS],
        inspectors=[
            new(world, world.district, post, "云岭区委组织部")
            for post in ("组织科科长", "组织科四级主任科员", "干部科科长", "党员教育中心主任")
        ],
    )
    for township in world.townships:
        staff.township[township.code] = [
            new(world, township, post, f"{township.name}党委") for post in TOWNSHIP_POSTS
        ]
    everybody = [
        *staff.leaders,
        *staff.first_secretaries,
        *staff.liaisons,
        *staff.inspectors,
        *(cadre for rows in staff.township.values() for cadre in rows),
    ]
    for cadre in everybody:
        cadre.from_on, cadre.to_on = start, end
    if end is None:
        tie_accounts(world, staff)
    bulk_create_with_history(everybody, Cadre, default_change_reason="登记", default_user=None)
    return staff


def new(world: World, division: Division, post: str, unit: str) -> Cadre:
    return Cadre(division=division, name=world.persons.next(), post=post, unit=unit)


def tie_accounts(world: World, staff: Staff) -> None:
    """Let cadres who have an account bear its name."""
    pairs = [
        (staff.leaders[0], "leader1"),
        (staff.first_secretaries[0], "helper1"),
        (staff.first_secretaries[1], "helper2"),
        (staff.liaisons[0], "helper3"),
        (staff.township[world.townships[0].code][2], "township1b"),
    ]
    pairs += [
        (staff.township[township.code][0], f"township{n}")
        for n, township in enumerate(world.townships, 1)
    ]
    for cadre, username in pairs:
        cadre.account = world.users[username]
        cadre.name = world.users[username].name
