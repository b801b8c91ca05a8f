"""挂名: who is on a case and has left nothing there. The person sees it first, on the own page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.http import require_GET

from accounts.decorators import require
from accounts.roles import Permission
from core import clock
from core.http import htmx_part, paginate, render_list
from rectification.filters.people import SilenceFilter
from rectification.models import Assignment
from rectification.selectors_people import silence_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest


@htmx_part
@require_GET
@require(Permission.CASE_MANAGE)
def silence_list(request: UserRequest) -> HttpResponse:
    """By village, never by counts: who has neither decided, promised nor come."""
    rows = Assignment.objects.visible_to(request.user).silent(clock.today()).for_list()
    ordered = rows.order_by("case__village__code", "slot__number")
    found = SilenceFilter(request.GET, queryset=ordered, user=request.user)
    page = paginate(request, found.qs)
    context = {
        "page": page,
        "filter": found,
        "rows": [(row, silence_of(row)) for row in page.object_list],
    }
    return render_list(
        request, "rectification/silence_list.html", "rectification/_silence_table.html", context
    )
