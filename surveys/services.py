"""Acts of the surveys app that reach other records."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from accounts.roles import Permission
from core.exceptions import Conflict, DomainError
from rectification.choices import CaseStatus
from rectification.models import Acceptance
from rectification.services import acceptance as acceptance_service

if TYPE_CHECKING:
    from accounts.models import User
    from rectification.models import Case


@dataclass(frozen=True, slots=True)
class Tally:
    """A counted ballot (民主测评), as the summary sheet holds it."""

    expected: int
    present: int
    members_expected: int
    members_present: int
    issued: int
    returned: int
    valid: int
    satisfied: int
    basically: int
    dissatisfied: int


@transaction.atomic
def write_tally(acceptance: Acceptance, tally: Tally, *, by: User) -> Acceptance:
    """Write a counted ballot into the acceptance record, where the conclusion reads it.

    ``acceptance`` is the row as the writer saw it: another's save meanwhile is a Conflict.
    """
    acceptance_service.check_open(acceptance, by=by)
    figures = asdict(tally)
    lines = [
        f"{acceptance_service.label(name)}：{_words(getattr(acceptance, name))} → {value}"
        for name, value in figures.items()
        if value != getattr(acceptance, name)
    ]
    for name, value in figures.items():
        setattr(acceptance, name, value)
    try:
        acceptance.validate_constraints()
    except ValidationError as error:
        raise DomainError("；".join(error.messages)) from error
    unchanged = Acceptance.objects.filter(
        pk=acceptance.pk, version=acceptance.version, conclusion="", returned_on=None
    )
    if not unchanged.update(version=F("version") + 1, **figures):
        raise Conflict("这次验收刚被他人办理，请刷新后再看")
    acceptance_service.note_sheet(acceptance, lines, by=by)
    acceptance.refresh_from_db(fields=["version"])
    return acceptance


def _words(value: int | None) -> str:
    return "（空）" if value is None else str(value)


def open_acceptance(case: Case, *, by: User) -> Acceptance | None:
    """The acceptance under way whose ballot this account may enter, if there is one."""
    if case.status != CaseStatus.INSPECTING or not by.can(Permission.CASE_MANAGE):
        return None
    return case.acceptances.filter(conclusion="", returned_on=None).first()
