"""Writes of villages that touch two rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from core.exceptions import Conflict
from villages.models import SecretaryTerm

if TYPE_CHECKING:
    from datetime import date

    from villages.forms import NewSecretaryTermForm, VillageFileForm
    from villages.models import VillageFile


@transaction.atomic
def begin_term(form: NewSecretaryTermForm) -> SecretaryTerm:
    """Save a new term and, where the form says so, end the one before it."""
    left: date | None = form.cleaned_data.get("previous_ended_on")
    if form.previous and left:
        _end_term(form.previous, left, form.cleaned_data["previous_end_reason"])
    term: SecretaryTerm = form.save()
    return term


def _end_term(term: SecretaryTerm, ended_on: date, reason: str) -> None:
    unchanged = SecretaryTerm.objects.filter(pk=term.pk, version=term.version, ended_on=None)
    if not unchanged.update(version=term.version + 1):
        raise Conflict("前任书记的任期刚被他人修改，请返回村庄页面核对后再填")
    term.version += 1
    term.ended_on, term.end_reason = ended_on, reason
    term.save(update_fields=["ended_on", "end_reason", "version"])


def save_file(form: VillageFileForm) -> VillageFile:
    """Save a year's file; of two people who begin one at the same time, the second is told."""
    try:
        with transaction.atomic():
            file: VillageFile = form.save()
    except IntegrityError as error:
        raise Conflict(
            "别人刚刚建立了这一年的村情档案。您填写的都还在：再保存一次，就能看到两边的内容"
        ) from error
    return file
