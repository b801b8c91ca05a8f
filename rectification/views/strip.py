"""The village's ten-year strip: served here, shown on the village page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.decorators import require
from accounts.roles import Permission
from core.http import htmx_part, render_list
from rectification import selectors
from rectification.models import Case
from villages.models import Village

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest


@require_safe
@require(Permission.VILLAGE_VIEW)
@htmx_part
def village_strip(request: UserRequest, pk: int) -> HttpResponse:
    """Ten years of one village: listed, transformed, relapsed, and what is still tracked."""
    village = get_object_or_404(Village.objects.visible_to(request.user).for_list(), pk=pk)
    cases = Case.objects.visible_to(request.user).filter(village=village)
    context = {
        "village": village,
        "strip": selectors.village_strip(village, request.user, cases),
        "comparisons": selectors.comparisons(cases),
    }
    return render_list(
        request,
        "rectification/village_strip.html",
        "rectification/_village_strip.html",
        context,
    )
