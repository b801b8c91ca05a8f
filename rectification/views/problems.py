"""Problems: the list by what can be closed next, one problem with its steps and its ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.decorators import require
from accounts.roles import Permission
from core import clock
from core.excel import xlsx_response
from core.forms import process_form
from core.http import htmx_part, paginate, render_list, sort_rows
from rectification.choices import WORKING_STATUSES
from rectification.exports import problem_table
from rectification.filters.problems import ProblemFilter
from rectification.forms.changes import change_words
from rectification.forms.problems import ProblemForm, VerdictForm
from rectification.forms.steps import StepForm
from rectification.guards import is_hard
from rectification.models import Case, CaseEvent, Escalation, Problem, Task, Visit
from rectification.services import escalations, problems
from rectification.workflow_problems import PROBLEM_STEPS, available, check

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest
    from accounts.models import User

HARDEST = 5
SORTS = {
    "village": ("case__village__code", "number"),
    "deadline": ("deadline",),
    "found": ("found_on",),
    "tasks": ("open_task_count", "deadline"),
    "level": ("level", "deadline"),
}


def problems_tab(case: Case, user: User) -> dict[str, Any]:
    """The problems of a case with their tasks, and the tasks against a whole type."""
    rows = Problem.objects.visible_to(user).filter(case=case).for_list()
    rows = rows.with_extensions().with_reopens()
    return {
        "problems": rows.with_reopens()
        .with_task_counts()
        .with_tasks()
        .with_questions()
        .in_closing_order(),
        "type_tasks": Task.objects.visible_to(user).filter(case=case, problem=None).for_list(),
        "may_add": user.can(Permission.PROBLEM_EDIT) and case.status in WORKING_STATUSES,
    }


def _found(request: UserRequest) -> ProblemFilter:
    """The problems the address asks for, within what the account sees."""
    rows = Problem.objects.visible_to(request.user).designated().for_list().with_extensions()
    rows = rows.with_task_counts().with_reopens().with_questions()
    ordered = sort_rows(request, rows.in_closing_order(), SORTS)
    return ProblemFilter(request.GET, queryset=ordered, user=request.user)


@htmx_part
@require_GET
@require(Permission.CASE_VIEW)
def problem_list(request: UserRequest) -> HttpResponse:
    """All problems of the own area, those that can be closed next first; the oldest hard beside."""
    found = _found(request)
    context: dict[str, Any] = {"page": paginate(request, found.qs), "filter": found}
    keys = found.qs.order_by().values("pk")
    shown = Problem.objects.visible_to(request.user).filter(pk__in=keys)
    if context["page"].number == 1:
        context["hardest"] = shown.oldest_hard().for_list().with_questions()[:HARDEST]
    context["rates"] = shown.closing_rates()
    return render_list(
        request,
        "rectification/problem_list.html",
        "rectification/_problem_table.html",
        context,
    )


@require_GET
@require(Permission.EXPORT)
def problem_export(request: UserRequest) -> HttpResponse:
    """Exactly the rows of the list at the same address, as a workbook."""
    return xlsx_response(f"问题清单-{clock.today()}.xlsx", problem_table(_found(request).qs))


@require_GET
@require(Permission.CASE_VIEW)
def problem_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One problem: its tasks, its questions, what was done, and what can be done next."""
    user = request.user
    rows = Problem.objects.visible_to(user).for_detail().with_reopens().with_verdicts()
    rows = rows.with_questions()
    problem = get_object_or_404(rows, pk=pk)
    others = Problem.objects.visible_to(user).order_by("number")
    questions = Escalation.objects.visible_to(user).filter(problem=problem).for_detail()
    context = {
        "problem": problem,
        "case": problem.case,
        "tasks": Task.objects.visible_to(user).filter(problem=problem).for_list(),
        "escalations": [
            (item, escalations.may_answer(item, user), escalations.may_pass(item, user))
            for item in questions
        ],
        "events": CaseEvent.objects.visible_to(user).filter(problem=problem).for_list(),
        "visits": Visit.objects.visible_to(user).filter(problems=problem).for_list(),
        "choices": available(PROBLEM_STEPS, problem, user),
        "may_escalate": escalations.may_escalate(problem, user),
        "may_edit": user.can(Permission.PROBLEM_EDIT) and problem.is_unfinished,
        "parts": others.filter(parent=problem),
        "first": others.filter(waited_by=problem),
        "may_judge": problems.may_judge(user),
    }
    return render(request, "rectification/problem_detail.html", context)


@require_http_methods(["GET", "POST"])
@require(Permission.PROBLEM_EDIT)
def problem_add(request: UserRequest, pk: int) -> HttpResponse:
    """Enter a problem of a case; a visit that found it (?visit=) fills in what it knows."""
    case = get_object_or_404(Case.objects.visible_to(request.user).for_list(), pk=pk)
    visits = Visit.objects.visible_to(request.user).filter(case=case)
    asked = request.GET.get("visit", "")
    visit = visits.filter(pk=asked).first() if asked.isdecimal() else None
    form = ProblemForm(
        request.POST or None,
        case=case,
        user=request.user,
        initial=problems.known_from(visit) if visit else {},
    )

    def save() -> Problem:
        problem, waits_for = form.save(commit=False), form.cleaned_data.get("waits_for", ())
        return problems.add_problem(problem, by=request.user, waits_for=waits_for)

    context = {"case": case, "visit": visit}
    return process_form(
        request, form, save=save, template="rectification/problem_form.html", context=context
    )


@require_http_methods(["GET", "POST"])
@require(Permission.PROBLEM_EDIT)
def problem_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Change an open problem; the former values stay in its record."""
    rows = Problem.objects.visible_to(request.user).for_detail()
    problem = get_object_or_404(rows, pk=pk)
    if request.method == "GET":
        problems.check_can_be_revised(problem, by=request.user)
    form = ProblemForm(request.POST or None, instance=problem, case=problem.case, user=request.user)

    def save() -> Problem:
        changes = change_words(form)
        waits_for = form.cleaned_data.get("waits_for", ())
        return problems.revise_problem(
            problem, save=form.save, changes=changes, by=request.user, waits_for=waits_for
        )

    context = {"case": problem.case, "problem": problem}
    return process_form(
        request, form, save=save, template="rectification/problem_form.html", context=context
    )


@require_http_methods(["GET", "POST"])
@require(Permission.PROBLEM_EDIT, Permission.PROBLEM_CLOSE, Permission.CASE_MANAGE)
def problem_step(request: UserRequest, pk: int, action: str) -> HttpResponse:
    """Ask for what a step needs and take it."""
    problem = get_object_or_404(Problem.objects.visible_to(request.user).for_detail(), pk=pk)
    if action not in PROBLEM_STEPS:
        raise Http404
    step = PROBLEM_STEPS[action]
    if request.method == "GET":
        check(PROBLEM_STEPS, problem, action, by=request.user)
    hard = is_hard(problem, problem.case)
    optional = () if hard or action != "hand_over" else ("decision_no",)
    form = StepForm(step, request.POST or None, item=problem, optional=optional)

    def save() -> Problem:
        return problems.ACTS[action](problem, by=request.user, **form.details)

    context = {"problem": problem, "case": problem.case, "step": step}
    return process_form(
        request, form, save=save, template="rectification/problem_step.html", context=context
    )


@require_http_methods(["GET", "POST"])
@require(Permission.PROBLEM_EDIT)
def verdict_add(request: UserRequest, pk: int) -> HttpResponse:
    """Enter what the village, the township or the district says about the solution."""
    problem = get_object_or_404(Problem.objects.visible_to(request.user).for_detail(), pk=pk)
    form = VerdictForm(problems.SPEAKS_FOR.get(request.user.role, ()), request.POST or None)

    def save() -> str:
        problems.add_verdict(problem, by=request.user, **form.cleaned_data)
        return f"{problem.get_absolute_url()}#verdicts"

    context = {"problem": problem, "case": problem.case}
    return process_form(
        request, form, save=save, template="rectification/verdict_add.html", context=context
    )
