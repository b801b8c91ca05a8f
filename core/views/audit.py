"""操作日志: who did which act on which record, when, with what result. Never what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.views.decorators.http import require_safe

from core.audit import AuditFilter
from core.http import htmx_part, paginate, render_list, require_right
from core.models import AuditEntry

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
@htmx_part
@require_right("audit_view", "查操作日志")
def audit_list(request: Any) -> HttpResponse:
    """Search the log of the own area by person, act, result and day."""
    found = AuditFilter(request.GET, queryset=AuditEntry.objects.visible_to(request.user))
    context = {"filter": found, "page": paginate(request, found.qs)}
    return render_list(request, "core/audit_list.html", "core/_audit_table.html", context)
