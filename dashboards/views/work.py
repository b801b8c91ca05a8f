"""我的待办: the first page of office, township, helper and department."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.menu import first_page
from accounts.roles import Permission
from core import clock
from core.http import for_every_role
from dashboards import work as selectors

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest


@require_safe
@for_every_role
def work(request: UserRequest) -> HttpResponse:
    """What is due from me, most urgent first; roles with another first page are led there."""
    user = request.user
    if not user.can(Permission.WORK_VIEW):
        return redirect(first_page(user))
    day = clock.today()
    items = selectors.items_for(user, day)
    context = {"total": len(items), "groups": selectors.grouped(items, day)}
    return render(request, "dashboards/work.html", context)
