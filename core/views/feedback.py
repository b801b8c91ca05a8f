"""意见建议: everybody writes, the office of the area answers, the author reads the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.feedback import FeedbackForm, ReplyForm
from core.forms import process_form
from core.http import for_every_role, paginate, require_right
from core.models import Feedback

if TYPE_CHECKING:
    from django.http import HttpResponse

ANSWER = "case_manage"  # whoever leads the cases answers what is said about them


@require_http_methods(["GET", "POST"])
@for_every_role
def feedback(request: Any) -> HttpResponse:
    """Take an opinion, with the address of the page it is about."""
    row = Feedback(author=request.user, area_code=request.user.division_id)
    form = FeedbackForm(
        request.POST or None, instance=row, initial={"page": request.GET.get("page", "")}
    )

    def save() -> str:
        form.save()
        messages.success(request, "意见已收到，组织部答复后在“意见建议”里可以看到。")
        return reverse("core:feedback_list")

    return process_form(request, form, save=save, template="core/feedback.html")


@require_safe
@for_every_role
def feedback_list(request: Any) -> HttpResponse:
    """The office reads what its area wrote; everybody else the own words and their answers."""
    rows = paginate(request, Feedback.objects.visible_to(request.user).for_list())
    return render(
        request,
        "core/feedback_list.html",
        {"page": rows, "answers": request.user.can(ANSWER)},
    )


@require_http_methods(["GET", "POST"])
@require_right(ANSWER, "答复意见建议")
def feedback_reply(request: Any, pk: int) -> HttpResponse:
    """Answer an opinion."""
    row = get_object_or_404(Feedback.objects.visible_to(request.user), pk=pk)
    form = ReplyForm(request.POST or None, instance=row)

    def save() -> str:
        form.instance.replied_by, form.instance.replied_at = request.user, clock.now()
        form.save()
        messages.success(request, "答复已保存，提出人可以看到。")
        return reverse("core:feedback_list")

    context = {"row": row}
    return process_form(
        request, form, save=save, template="core/feedback_reply.html", context=context
    )
