"""Which villages, files and terms an account sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from accounts.roles import Permission, Role

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from villages.models import (  # noqa: F401
        DivisionImport,
        SecretaryTerm,
        Village,
        VillageFile,
    )


def village_scope(user: User, path: str = "") -> Q | None:
    """The condition under which rows that hang on a village exist for an account; None: none do.

    ``path`` leads from the row to the village and ends in ``__`` (empty for a village itself).
    A helper reaches villages through the running assignments of the own cadre: named by a string
    because this app imports nothing to its right, by a subquery so that no row comes twice.
    """
    match user.role:
        case Role.OFFICE | Role.TOWNSHIP | Role.LEADER:
            return Q(**{f"{path}code__range": user.code_range})
        case Role.HELPER:
            running = apps.get_model("rectification", "Assignment").objects.running()
            villages = running.of_account(user).values("case__village_id")
            return Q(**{f"{path}pk__in": villages})
    return None


class VillageQuerySet(models.QuerySet["Village"]):
    def visible_to(self, user: User) -> Self:
        scope = village_scope(user)
        return self.none() if scope is None else self.filter(scope)

    def for_list(self) -> Self:
        return self.select_related("township").order_by("code")

    def with_latest(self, day: date) -> Self:
        """Add what a list shows beside the name: the secretary in office, the newest file."""
        terms = apps.get_model("villages", "SecretaryTerm").objects.filter(village=OuterRef("pk"))
        term = terms.on(day).order_by("-started_on")
        files = apps.get_model("villages", "VillageFile").objects
        file = files.filter(village=OuterRef("pk")).order_by("-year")
        return self.annotate(
            secretary=Subquery(term.values("name")[:1]),
            secretary_since=Subquery(term.values("started_on")[:1]),
            had_secretary=Exists(terms),
            file_year=Subquery(file.values("year")[:1]),
            file_rating=Subquery(file.values("rating")[:1]),
        )

    def valid_on(self, day: date) -> Self:
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gt=day)
        )

    def without_secretary(self, day: date) -> Self:
        """Villages whose last secretary has left; where none was ever noted, nothing is known."""
        terms = apps.get_model("villages", "SecretaryTerm").objects.filter(village=OuterRef("pk"))
        return self.filter(Exists(terms), ~Exists(terms.on(day)))

    def electing_by(self, first: date, last: date) -> Self:
        return self.filter(next_election_on__range=(first, last))

    def without_file(self, year: int) -> Self:
        files = apps.get_model("villages", "VillageFile").objects.filter(year=year)
        return self.filter(~Exists(files.filter(village=OuterRef("pk"))))


class VillageFileQuerySet(models.QuerySet["VillageFile"]):
    def visible_to(self, user: User) -> Self:
        scope = village_scope(user, "village__")
        return self.none() if scope is None else self.filter(scope)


class SecretaryTermQuerySet(models.QuerySet["SecretaryTerm"]):
    def visible_to(self, user: User) -> Self:
        scope = village_scope(user, "village__")
        return self.none() if scope is None else self.filter(scope)

    def on(self, day: date) -> Self:
        """Terms that run on a day."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gte=day), started_on__lte=day)


class DivisionImportQuerySet(models.QuerySet["DivisionImport"]):
    def visible_to(self, user: User) -> Self:
        """An import is its owner's alone, in all its states."""
        if not user.can(Permission.DIVISION_IMPORT):
            return self.none()
        return self.filter(owner_id=user.pk)
