"""The state of a case as word, shape and colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from core import clock
from core.templatetags.ui import status_badge
from rectification.choices import CaseStatus

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from rectification.models import Case

register = template.Library()

CASE_KINDS = {
    CaseStatus.PROPOSED: "neutral",
    CaseStatus.DECLINED: "neutral",
    CaseStatus.DESIGNATED: "info",
    CaseStatus.RECTIFYING: "info",
    CaseStatus.APPLIED: "warn",
    CaseStatus.INSPECTING: "warn",
    CaseStatus.EXTENDED: "warn",
    CaseStatus.TRANSFORMED: "good",
    CaseStatus.RELEASED: "done",
    CaseStatus.RELAPSED: "bad",
    CaseStatus.ENDED: "neutral",
}


@register.simple_tag
def case_badge(case: Case) -> SafeString:
    """The status; a case that is open beyond its final date says so."""
    kind = CASE_KINDS[CaseStatus(case.status)]
    if case.is_open and case.final_date and case.final_date < clock.today():
        return status_badge(f"{case.get_status_display()} · 已逾期", "bad")
    return status_badge(case.get_status_display(), kind)
