"""问题成因: the shipped list is everybody's; a district's office adds its own beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from accounts.roles import Permission
from core import policy
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification.models import Cause

if TYPE_CHECKING:
    from accounts.models import User

OWN = "Z"  # the first letter of a district's own codes, after the shipped Y01 to Y14


def may_edit(user: User, cause: Cause | None = None) -> bool:
    """Whether this account keeps causes, or this one; a shipped one is nobody's to change."""
    if not user.can(Permission.MEASURE_EDIT) or user.is_above_district:
        return False
    return cause is None or cause.district_id == user.division_id


def check_name(name: str, *, by: User, present: str | None = None) -> None:
    """Refuse a name that the account's list has already."""
    same = Cause.objects.visible_to(by).filter(name=name).exclude(pk=present or "")
    if same.exists():
        raise DomainError("问题成因里已经有这一条")


@transaction.atomic
def save_cause(cause: Cause, *, by: User) -> Cause:
    """Save an own cause; a new one gets the next free code."""
    is_new = not cause.code
    if not may_edit(by, None if is_new else cause):
        raise NotAllowed("随附的问题成因各区县共用，不能改；本区另外的成因由本区组织部编")
    check_name(cause.name, by=by, present=cause.code)
    policy.check(cause.name)
    if is_new:
        cause.district_id = by.division_id
        cause.code = _next_code()
    try:
        with transaction.atomic():
            cause.save(force_insert=is_new)
    except IntegrityError as error:
        raise Conflict("刚由他人加了一条成因，请再保存一次") from error
    return cause


def _next_code() -> str:
    codes = Cause.objects.filter(code__startswith=OWN).values_list("code", flat=True)
    return f"{OWN}{max((int(code[1:]) for code in codes), default=0) + 1:02}"
