"""运行状态 for the system administrator, and the progress of one's own jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core import jobs
from core.health import check_all
from core.http import act_once, for_every_role, htmx_part, render_list, require_right
from core.models import Job

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
@never_cache
@require_right("health_view", "看运行状态")
def health(request: Any) -> HttpResponse:
    """Show whether everything that has to run is running."""
    context = {"checks": check_all(), "jobs": Job.objects.visible_to(request.user)[:10]}
    return render(request, "core/health.html", context)


@require_safe
@never_cache
@htmx_part
@for_every_role
def job_detail(request: Any, pk: int) -> HttpResponse:
    """Show how far a job of one's own is; the part asks again by itself until it is finished."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    jobs.end_if_dead(job)
    return render_list(request, "core/job_detail.html", "core/_job.html", {"job": job})


@require_POST
@for_every_role
def job_cancel(request: Any, pk: int) -> HttpResponse:
    """Take a job of one's own back while it waits or runs."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)

    def act() -> str:
        jobs.cancel(job)
        messages.success(request, "任务已取消。")
        return job.get_absolute_url()

    return act_once(request, act)
