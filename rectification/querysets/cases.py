"""Cases and what hangs on them: scope, and the filters that pages, figures and exports share."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Case as Choose
from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from accounts.roles import Role
from core import clock
from rectification.choices import (
    DESIGNATED_STATUSES,
    OPEN_STATUSES,
    TRANSFORMED_STATUSES,
    VISITED_STATUSES,
    WORKING_STATUSES,
    CaseStatus,
    Progress,
)
from rectification.querysets.signs import signs
from rectification.services.dates import month_of

if TYPE_CHECKING:
    from accounts.models import User
    from rectification.models import Assignment, Cadre, Case, CaseEvent  # noqa: F401


def case_scope(user: User, path: str = "") -> Q | None:
    """The condition under which rows of a case exist for an account; None: none do.

    ``path`` leads from the row to the case and ends in ``__`` (empty for the case itself). A helper
    reaches the cases of the own assignments while they run; a subquery keeps rows single.
    """
    match user.role:
        case Role.OFFICE | Role.TOWNSHIP | Role.LEADER:
            return Q(**{f"{path}village__code__range": user.code_range})
        case Role.HELPER:
            assignments = apps.get_model("rectification", "Assignment").objects
            return Q(**{f"{path}pk__in": assignments.running().of_account(user).values("case_id")})
    return None


def acted_for(user: User) -> models.QuerySet[Any, Any]:
    """The cadres for whom an account is deputy today, as a subquery of their keys."""
    deputies = apps.get_model("rectification", "Deputy").objects
    return deputies.running().filter(deputy__account=user.pk).values("cadre_id")


def _counted(rows: models.QuerySet[Any]) -> Coalesce:
    """How many rows of a case a correlated query finds."""
    return _counted_by("case", rows)


def _counted_by(name: str, rows: models.QuerySet[Any]) -> Coalesce:
    """How many rows with one value of a field a correlated query finds."""
    return _zero(rows.order_by().values(name).annotate(found=Count("pk")).values("found"))


def _zero(rows: models.QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(rows, output_field=models.IntegerField()), 0)


def carried_scope(year: int, path: str = "") -> Q:
    """Rows of cases of earlier rounds that had not ended before a year began."""
    began = date(year, 1, 1)
    never = Q(**{f"{path}transformed_on": None}) & Q(**{f"{path}ended_on": None})
    later = Q(**{f"{path}transformed_on__gte": began}) | Q(**{f"{path}ended_on__gte": began})
    earlier = Q(**{f"{path}round__year__lt": year})
    return earlier & ~Q(**{f"{path}status": CaseStatus.DECLINED}) & (never | later)


def year_scope(year: int, path: str = "") -> Q:
    """Rows of the cases that a year's round works on; ``path`` leads to the case (case_scope)."""
    return Q(**{f"{path}round__year": year}) | carried_scope(year, path)


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User) -> Self:
        scope = case_scope(user)
        return self.none() if scope is None else self.filter(scope)

    def open(self) -> Self:
        return self.filter(status__in=OPEN_STATUSES)

    def designated(self) -> Self:
        """Cases that a standing committee put on the list, whatever became of them."""
        return self.filter(designated_on__isnull=False, status__in=DESIGNATED_STATUSES)

    def transformed(self) -> Self:
        return self.filter(status__in=TRANSFORMED_STATUSES)

    def transformed_by(self, on: date) -> Self:
        """Cases that acceptance had made 转化 by a cut-off, whatever became of them after it."""
        return self.filter(transformed_on__lte=on)

    def clearly_improved(self, on: date) -> Self:
        """明显提升 as of a cut-off: the latest assessment up to it says so, 转化 is yet to come."""
        assessments = apps.get_model("rectification", "StageAssessment").objects
        latest = (
            assessments.filter(case=OuterRef("pk"), assessed_on__lte=on)
            .order_by("-assessed_on", "-pk")
            .values("result")[:1]
        )
        return self.alias(latest_progress=Subquery(latest)).filter(
            Q(transformed_on=None) | Q(transformed_on__gt=on), latest_progress=Progress.CLEAR
        )

    def working(self) -> Self:
        """Cases between designation and the end of acceptance."""
        return self.filter(status__in=WORKING_STATUSES)

    def overdue(self, day: date) -> Self:
        """Not accepted by the day set: the deadline, or the end of a longer consolidation."""
        extended = Q(status=CaseStatus.EXTENDED)
        return self.working().filter(
            extended & Q(consolidation_until__lt=day) | ~extended & Q(deadline__lt=day)
        )

    def still_improved(self, day: date) -> Self:
        """明显提升 among the cases that are still worked on: what stands beside 转化 today."""
        return self.working().clearly_improved(day)

    def relapsed(self) -> Self:
        """Every case that relapsed, 已出列 ones included."""
        return self.filter(relapsed_on__isnull=False)

    def of_year(self, year: int) -> Self:
        """Cases that a year's round works on: its own, and those that went on into it."""
        return self.filter(year_scope(year))

    def carried_into(self, year: int) -> Self:
        """续整: cases of earlier rounds that were not over on 31 December before a year."""
        return self.filter(carried_scope(year))

    def of_category(self, category: Any) -> Self:
        """Cases with a category, as main or as further one; no case twice."""
        further = self.model.further_categories.through.objects.filter(category=category)
        return self.filter(Q(main_category=category) | Q(pk__in=further.values("case_id")))

    def missing_slots(self, *, key: str = "", late_on: date | None = None) -> Self:
        """Cases being worked on in which an enabled slot of the standard is empty today.

        ``key`` asks for one slot; ``late_on`` for those that should have been filled before a day.
        """
        slots = apps.get_model("rectification", "StandardSlot").objects
        assignments = apps.get_model("rectification", "Assignment").objects.running()
        held = assignments.filter(case=OuterRef(OuterRef("pk")), slot=OuterRef("pk"))
        empty = slots.filter(standard=OuterRef("round__standard"), is_enabled=True)
        empty = empty.filter(~Exists(held), **({"key": key} if key else {}))
        if late_on is None:
            return self.working().filter(Exists(empty))
        late: Any = Q(pk__in=[])
        for days in set(slots.order_by().values_list("due_days", flat=True).distinct()):
            begun = Q(designated_on__lt=late_on - timedelta(days=days))
            late |= begun & Exists(empty.filter(due_days=days))
        return self.working().filter(late)

    def with_extensions(self) -> Self:
        """Annotate ``extension_count``: how often the deadline was extended."""
        events = apps.get_model("rectification", "CaseEvent").objects
        rows = events.filter(case=OuterRef("pk"), action="extend", undone_by=None)
        return self.annotate(extension_count=_counted(rows))

    def owing_look_back(self, day: date, *, only_late: bool = False) -> Self:
        """Cases with a look-back owed: late by a day, or due in its month."""
        owed = apps.get_model("rectification", "FollowUp").objects.open()
        late = Q(due_on__lt=day)
        due = late if only_late else Q(due_on__range=month_of(day))
        return self.filter(pk__in=owed.filter(due).values("case_id"))

    def for_list(self) -> Self:
        return self.select_related("village__township", "main_category", "round__standard")

    def with_due(self) -> Self:
        """Let rows be ordered by the date shown (Case.final_date), those without one last."""
        extended = When(status=CaseStatus.EXTENDED, then="consolidation_until")
        return self.alias(due=Coalesce(Choose(extended, default="deadline"), date.max))

    def for_overview(self) -> Self:
        """For a reader of few villages: last visit, open and overdue problems, each a subquery."""
        problems = apps.get_model("rectification", "Problem").objects.filter(case=OuterRef("pk"))
        visits = apps.get_model("rectification", "Visit").objects.filter(case=OuterRef("pk"))
        last = visits.order_by("-visited_on").values("visited_on")[:1]
        return (
            self.for_list()
            .annotate(
                last_visited_on=Subquery(last),
                open_problems=_counted(problems.open()),
                overdue_problems=_counted(problems.overdue(clock.today())),
            )
            .order_by("village__code")
        )

    def to_visit(self, user: User) -> Self:
        """Cases whose villages are visited, those of the account's running assignments first."""
        assignments = apps.get_model("rectification", "Assignment").objects.running()
        own = assignments.of_account(user).values("case_id")
        last = Max("visits__visited_on")
        rows = self.filter(status__in=VISITED_STATUSES).annotate(
            is_mine=Q(pk__in=own), last_visited_on=last
        )
        return rows.for_list().order_by("-is_mine", "village__code")


class CaseRowQuerySet(models.QuerySet[Any]):
    """Rows with a foreign key ``case``."""

    case_path = "case__"

    def visible_to(self, user: User) -> Self:
        scope = case_scope(user, self.case_path)
        return self.none() if scope is None else self.filter(scope)


class CaseEventQuerySet(CaseRowQuerySet):
    def for_list(self) -> Self:
        return self.select_related("by", "acted_for", "problem", "task").order_by("-at", "-pk")


class AssignmentQuerySet(CaseRowQuerySet):
    def running(self, day: date | None = None) -> Self:
        """Assignments in force on a day (today by default)."""
        day = day or clock.today()
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=day), started_on__lte=day)

    def of_account(self, user: User) -> Self:
        """Assignments whose cadre, or whose unit's liaison, is tied to this account.

        So are those of a cadre for whom the account's own cadre is deputy today.
        """
        absent = acted_for(user)
        return self.filter(
            Q(cadre__account_id=user.pk)
            | Q(liaison__account_id=user.pk)
            | Q(cadre__in=absent)
            | Q(liaison__in=absent)
        )

    def with_signs(self) -> Self:
        """Annotate ``since``, and whether a decision, a promise, an own visit came after it."""
        named = signs()
        return self.annotate(since=named.pop("since")).annotate(**named)

    def silent(self, day: date | None = None) -> Self:
        """Those in force in villages at work without a decision, a promise or an own visit.

        With a day: only after the days the standard gives (stall_days); the person sees it before.
        """
        rows = self.running().filter(case__status__in=WORKING_STATUSES)
        rows = rows.exclude(case__designated_on=None).exclude(cadre=None, liaison=None)
        rows = rows.with_signs().filter(has_decision=False, has_promise=False, has_visit=False)
        if day is None:
            return rows
        late = Q(pk__in=[])
        lines = rows.order_by().values_list("case__round__standard__stall_days", flat=True)
        for days in set(lines.distinct()):
            limit = day - timedelta(days=days)
            late |= Q(case__round__standard__stall_days=days, since__lt=limit)
        return rows.filter(late)

    def for_list(self) -> Self:
        return self.select_related(
            "slot", "cadre", "liaison", "case__village__township", "case__round__standard"
        )

    def held_by(self, cadre: Cadre) -> Self:
        """What a cadre holds and held, as cadre or as liaison of a unit; what runs first."""
        held = self.filter(Q(cadre=cadre) | Q(liaison=cadre)).for_list()
        return held.order_by(F("ended_on").desc(nulls_first=True), "-started_on")


class CadreQuerySet(models.QuerySet["Cadre"]):
    def visible_to(self, user: User) -> Self:
        """Office and leader: cadres under their division. Township: also its villages' helpers.
        Helper: the own entry and those on the own cases."""
        assignments = apps.get_model("rectification", "Assignment").objects.visible_to(user)
        on_cases = Q(pk__in=assignments.values("cadre_id")) | Q(
            pk__in=assignments.exclude(liaison=None).values("liaison_id")
        )
        match user.role:
            case Role.OFFICE | Role.LEADER:
                return self.filter(division__code__range=user.code_range)
            case Role.TOWNSHIP:
                return self.filter(Q(division__code__range=user.code_range) | on_cases)
            case Role.HELPER:
                return self.filter(Q(account_id=user.pk) | on_cases)
        return self.none()

    def in_post(self, day: date | None = None) -> Self:
        day = day or clock.today()
        return self.filter(Q(from_on=None) | Q(from_on__lte=day), Q(to_on=None) | Q(to_on__gt=day))

    def out_of_post(self) -> Self:
        return self.exclude(pk__in=self.model._default_manager.in_post().values("pk"))

    def with_running(self) -> Self:
        """Fetch the assignments in force, as the list ``running``."""
        rows = apps.get_model("rectification", "Assignment").objects.running().for_list()
        return self.prefetch_related(Prefetch("assignments", queryset=rows, to_attr="running"))

    def with_load(self) -> Self:
        """Annotate what each cadre has now: villages, problems and tasks that are not over."""
        assignments = apps.get_model("rectification", "Assignment").objects.running().order_by()
        problems = apps.get_model("rectification", "Problem").objects.unfinished()
        tasks = apps.get_model("rectification", "Task").objects.open()
        held = Q(cadre=OuterRef("pk")) | Q(liaison=OuterRef("pk"))
        villages = assignments.filter(held).annotate(all=Value(1)).values("all")
        return self.annotate(
            case_count=_zero(villages.annotate(found=Count("case", distinct=True)).values("found")),
            problem_count=_counted_by("owner", problems.filter(owner=OuterRef("pk"))),
            task_count=_counted_by("owner", tasks.filter(owner=OuterRef("pk"))),
        )

    def under(self, user: User) -> Self:
        """Cadres of units under the account's own division: those it may edit."""
        return self.filter(division__code__range=user.code_range)

    def for_case(self, case: Case, *, present: int | None = None) -> Self:
        """Who can be responsible in a case: in post, and of its township, its district or on it.

        ``present`` is kept among them, so that an edit does not silently change the person.
        """
        units = (case.village.township_id, case.round.district_id)
        near = Q(division_id__in=units) | self._on_case(case)
        return self.in_post().filter(near) | self.filter(pk=present)

    def who_visit(self, case: Case, user: User, present: int | None = None) -> Self:
        """Who can have visited: cadres on the case, the own one, the township's in post."""
        township = Q(division_id=case.village.township_id, pk__in=self.in_post().values("pk"))
        return self.filter(self._on_case(case) | Q(account_id=user.pk) | township | Q(pk=present))

    def for_list(self) -> Self:
        return self.select_related("division", "account").order_by("division_id", "unit", "name")

    def search(self, text: str) -> Self:
        """Cadres whose name, post or unit contains each of the words."""
        found = self
        for word in text.split():
            found = found.filter(
                Q(name__icontains=word) | Q(post__icontains=word) | Q(unit__icontains=word)
            )
        return found

    @staticmethod
    def _on_case(case: Case) -> Q:
        rows = apps.get_model("rectification", "Assignment").objects.filter(case=case)
        return Q(pk__in=rows.values("cadre_id")) | Q(
            pk__in=rows.exclude(liaison=None).values("liaison_id")
        )
