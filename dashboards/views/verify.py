"""数据核对: the founding report's figures beside what the records say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.decorators import require
from accounts.demo import is_demo
from accounts.roles import Permission
from dashboards.figures_report import AS_OF, YEAR, Figure, Records, figures
from rectification.models import Case, Round, StageAssessment
from surveys.models import SurveyRecord

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest


@require_safe
@require(Permission.FIGURES_VERIFY)
def verify(request: UserRequest) -> HttpResponse:
    """All figures; ``?figure=`` shows the rows behind one."""
    user = request.user
    listed_in = Round.objects.visible_to(user).filter(year=YEAR).first()
    found: list[Figure] = []
    if listed_in:
        cases = Case.objects.visible_to(user).filter(round=listed_in)
        surveys = SurveyRecord.objects.visible_to(user).filter(round=listed_in)
        assessments = StageAssessment.objects.visible_to(user)
        found = figures(Records(cases, surveys, assessments))
    context: dict[str, Any] = {
        "year": YEAR,
        "as_of": AS_OF,
        "round": listed_in,
        "figures": found,
        "has_report": bool(listed_in and is_demo(listed_in.district_id)),
        "wrong": [figure for figure in found if not figure.is_met],
        "chosen": next((f for f in found if f.spec.key == request.GET.get("figure")), None),
    }
    return render(request, "dashboards/verify.html", context)
