"""Plain functions that make rows for tests, each with the least it needs. Extend freely.

Everything lies in the fictional province 99. ``make_district()`` gives the tree above a district
and two townships; calling it again with the same code returns the same rows.
"""

from datetime import date
from itertools import count

from accounts.models import User
from accounts.roles import Department, Role
from divisions.codes import read_code, village_kind
from divisions.models import Division
from villages.models import SecretaryTerm, Village, VillageFile

DISTRICT = "990101"
OTHER_DISTRICT = "990102"
PASSWORD = "Probe-2026-xy"

_serial = count(1)


def make_division(code, name=""):
    """Make a division of any level and what is missing above it; short codes get their zeros."""
    code = code.ljust(12, "0")
    found = Division.objects.filter(code=code).first()
    if found:
        return found
    info = read_code(code)
    if info.parent:
        make_division(info.parent)
    name = name or f"{code.rstrip('0')}{info.level.label}"
    return Division.objects.create(
        code=code, name=name, level=info.level, parent_id=info.parent or None
    )


def make_district(code=DISTRICT, townships=2):
    """Make a district with townships …001, …002 and so on; returns the district."""
    for number in range(1, townships + 1):
        make_division(f"{code}{number:03}", f"{code}第{number}镇")
    return make_division(code, f"{code}区")


def make_user(role=Role.OFFICE, division=None, **fields):
    """Make an account whose password is PASSWORD; a township's belongs to township 001."""
    if division is None:
        district = make_district()
        is_township = role == Role.TOWNSHIP
        division = make_division(f"{district.code[:6]}001") if is_township else district
    if role == Role.DEPARTMENT:
        fields.setdefault("department", Department.CIVIL)
    number = next(_serial)
    values = {"name": f"{Role(role).label}{number}", "must_change_password": False, **fields}
    username = values.pop("username", f"{Role(role).value}{number}")
    password = values.pop("password", PASSWORD)
    return User.objects.create_user(
        username, password, role=role, division_id=division.code, **values
    )


def make_village(township=None, name="", **fields):
    """Make a village with the next free code of its township (001 of the district by default)."""
    if township is None:
        township = make_division(f"{make_district().code[:6]}001")
    taken = Village.objects.filter(township_id=township.code).count()
    code = fields.pop("code", f"{township.code[:9]}{200 + taken:03}")
    values = {"kind": village_kind(code), **fields}
    return Village.objects.create(
        code=code, name=name or f"第{taken + 1}村村委会", township_id=township.code, **values
    )


def make_file(village, year, **fields):
    """Make the yearly file of a village, once a year."""
    return VillageFile.objects.get_or_create(village=village, year=year, defaults=fields)[0]


def make_term(village, name="李清泉", started_on=date(2021, 4, 1), **fields):
    """Make a term of a village's secretary; still in office unless ``ended_on`` is given."""
    return SecretaryTerm.objects.create(village=village, name=name, started_on=started_on, **fields)
