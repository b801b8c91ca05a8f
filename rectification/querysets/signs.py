"""What somebody left in a village: a decision, a promise, an own visit. Facts, never counts.

Silence is none of the three since the village was designated and the person has held the slot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest

from rectification.choices import AnswerKind, Level, VisitMode

if TYPE_CHECKING:
    from django.db.models import Model

# Steps that every village's papers carry: they say nothing of who looks after it.
FORMAL = ("propose", "designate", "decline", "escalation_answer")


def _rows(name: str) -> QuerySet[Any]:
    model: type[Model] = apps.get_model("rectification", name)
    return model._default_manager.all()


def decided_answers(district: Q) -> QuerySet[Any]:
    """Answers to questions handed up; ``district`` widens them to the levels that count."""
    answered = _rows("Escalation").exclude(answered_at=None)
    return answered.exclude(answer_kind=AnswerKind.PASSED_ON).filter(
        Q(to_level__in=(Level.DISTRICT, Level.ABOVE)) | district
    )


def decided_steps() -> QuerySet[Any]:
    """Steps of a case that carry a decision's number."""
    return _rows("CaseEvent").exclude(minutes_no="").exclude(action__in=FORMAL)


def signs() -> dict[str, Any]:
    """Annotations of an assignment: since when it counts, and whether there is each of the three.

    An answer of the township counts for those of the township; for the others the district's.
    """
    since = OuterRef("since")
    person = ("cadre", "liaison")
    own_level = Q(problem__case__village__township=OuterRef("cadre__division"))
    answers = decided_answers(own_level).filter(
        problem__case=OuterRef("case"), answered_at__date__gte=since
    )
    steps = decided_steps().filter(case=OuterRef("case"), on__gte=since)
    promised = Q(unit_name=OuterRef("unit_name")) & ~Q(unit_name="")
    visited = Q(pk__in=[])
    for name in person:
        promised |= Q(cadre=OuterRef(name))
        visited |= Q(visitor=OuterRef(name))
    promises = _rows("Promise").filter(promised, case=OuterRef("case"), withdrawn_on=None)
    visits = _rows("Visit").filter(visited, case=OuterRef("case"), mode=VisitMode.OWN)
    return {
        "since": Greatest(F("case__designated_on"), F("started_on")),
        "has_decision": Exists(answers) | Exists(steps),
        "has_promise": Exists(promises.filter(promised_on__gte=since)),
        "has_visit": Exists(visits.filter(visited_on__gte=since)),
    }
