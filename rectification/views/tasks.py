"""Tasks: the list with what is late and what stands still, one task, its steps and progress."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.decorators import require
from accounts.roles import Permission
from core import clock
from core.excel import xlsx_response
from core.forms import process_form
from core.http import htmx_part, paginate, render_list, sort_rows
from rectification.choices import TaskStatus
from rectification.exports import task_table
from rectification.filters.problems import TaskFilter
from rectification.forms.changes import change_words
from rectification.forms.steps import StepForm
from rectification.forms.tasks import ProgressForm, TaskForm
from rectification.models import Case, CaseEvent, Task
from rectification.selectors_measures import prefilled
from rectification.services import tasks
from rectification.views.measures import chosen_measure
from rectification.workflow_problems import TASK_STEPS, available, check

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest

SORTS = {
    "village": ("case__village__code", "deadline"),
    "deadline": ("deadline",),
    "progress": ("last_progress_on", "start_on"),
}


def _found(request: UserRequest) -> TaskFilter:
    """The tasks the address asks for, within what the account sees."""
    rows = Task.objects.visible_to(request.user).designated().for_list().with_extensions()
    rows = rows.open_first()
    ordered = sort_rows(request, rows, SORTS)
    return TaskFilter(request.GET, queryset=ordered, user=request.user)


@htmx_part
@require_GET
@require(Permission.CASE_VIEW)
def task_list(request: UserRequest) -> HttpResponse:
    """Tasks of the own area, soonest deadline first."""
    found = _found(request)
    context = {
        "page": paginate(request, found.qs),
        "filter": found,
        "can_export": request.user.can(Permission.EXPORT),
    }
    return render_list(
        request, "rectification/task_list.html", "rectification/_task_table.html", context
    )


@require_GET
@require(Permission.EXPORT)
def task_export(request: UserRequest) -> HttpResponse:
    """Exactly the rows of the list at the same address, as a workbook."""
    return xlsx_response(f"任务清单-{clock.today()}.xlsx", task_table(_found(request).qs))


@require_GET
@require(Permission.CASE_VIEW)
def task_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One task: its progress, what was done, and what can be done next."""
    user = request.user
    task = get_object_or_404(Task.objects.visible_to(user).for_detail(), pk=pk)
    is_open = task.status == TaskStatus.OPEN
    context = {
        "task": task,
        "case": task.case,
        "progress": task.progress.select_related("by"),
        "events": CaseEvent.objects.visible_to(user).filter(task=task).for_list(),
        "choices": available(TASK_STEPS, task, user),
        "may_edit": is_open and user.can(Permission.PROBLEM_EDIT),
        "may_note": is_open and user.can(Permission.PROGRESS_ADD),
    }
    return render(request, "rectification/task_detail.html", context)


@require_http_methods(["GET", "POST"])
@require(Permission.PROBLEM_EDIT)
def task_add(request: UserRequest, pk: int) -> HttpResponse:
    """Set a task against a problem (?problem=) or a type (?category=), or take one (?measure=)."""
    case = get_object_or_404(Case.objects.visible_to(request.user).for_list(), pk=pk)
    problem, category = request.GET.get("problem"), request.GET.get("category")
    target = f"p{problem}" if problem else f"c{category or ''}"
    library = chosen_measure(request, case)
    form = TaskForm(
        request.POST or None,
        case=case,
        user=request.user,
        target=target,
        initial=prefilled(case, library),
    )

    def save() -> Task:
        task = form.save(commit=False)
        task.library = library
        return tasks.add_task(task, by=request.user)

    return process_form(
        request, form, save=save, template="rectification/task_form.html", context={"case": case}
    )


@require_http_methods(["GET", "POST"])
@require(Permission.PROBLEM_EDIT)
def task_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Change an open task; the former values stay in its record."""
    task = get_object_or_404(Task.objects.visible_to(request.user).for_detail(), pk=pk)
    if request.method == "GET":
        tasks.check_can_be_revised(task, by=request.user)
    form = TaskForm(request.POST or None, instance=task, case=task.case, user=request.user)

    def save() -> Task:
        changes = change_words(form)
        return tasks.revise_task(task, save=form.save, changes=changes, by=request.user)

    context = {"case": task.case, "task": task}
    return process_form(
        request, form, save=save, template="rectification/task_form.html", context=context
    )


@require_http_methods(["GET", "POST"])
@require(Permission.PROGRESS_ADD)
def task_step(request: UserRequest, pk: int, action: str) -> HttpResponse:
    """Ask for what a step needs and take it."""
    task = get_object_or_404(Task.objects.visible_to(request.user).for_detail(), pk=pk)
    if action not in TASK_STEPS:
        raise Http404
    if request.method == "GET":
        check(TASK_STEPS, task, action, by=request.user)
    step = TASK_STEPS[action]
    form = StepForm(step, request.POST or None, item=task)

    def save() -> Task:
        return tasks.ACTS[action](task, by=request.user, **form.details)

    context = {"task": task, "case": task.case, "step": step}
    return process_form(
        request, form, save=save, template="rectification/task_step.html", context=context
    )


@require_http_methods(["GET", "POST"])
@require(Permission.PROGRESS_ADD)
def progress_add(request: UserRequest, pk: int) -> HttpResponse:
    """Write one sentence of progress."""
    task = get_object_or_404(Task.objects.visible_to(request.user).for_detail(), pk=pk)
    form = ProgressForm(request.POST or None)

    def save() -> Task:
        tasks.add_progress(task, by=request.user, **form.cleaned_data)
        return task

    context = {"task": task, "case": task.case}
    return process_form(
        request, form, save=save, template="rectification/progress_add.html", context=context
    )
