"""区级专题: the list with causes that several villages share, one topic, its making and answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import require
from accounts.roles import Permission, Role
from core.forms import process_form
from core.http import paginate
from rectification.forms.changes import change_words
from rectification.forms.topics import TopicAnswerForm, TopicForm, TopicTextForm
from rectification.models import Cause, Problem, Topic
from rectification.selectors_owed import common_causes
from rectification.services import topics

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest


@require_safe
@require(Permission.CASE_VIEW)
def topic_list(request: UserRequest) -> HttpResponse:
    """Topics, those without an answer first; for the office also what could become one."""
    user = request.user
    may_add = user.can(Permission.CASE_MANAGE) and not user.is_above_district
    rows = Problem.objects.visible_to(user)
    context = {
        "page": paginate(request, Topic.objects.visible_to(user).for_list()),
        "causes": common_causes(rows, topics.LEAST_VILLAGES) if may_add else [],
    }
    return render(request, "rectification/topic_list.html", context)


@require_safe
@require(Permission.CASE_VIEW, Permission.ESCALATION_ANSWER)
def topic_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One topic with its answer and its problems, each account those of its own area."""
    user = request.user
    topic = get_object_or_404(Topic.objects.visible_to(user).for_list(), pk=pk)
    is_department = user.role == Role.DEPARTMENT
    problems = Problem.objects.visible_to(user).filter(topic=topic).for_list()
    context = {
        "topic": topic,
        "problems": problems.order_by("case__village__code", "number"),
        "lines": topic.problems.for_list() if is_department else None,
        "may_answer": topics.may_answer(topic, user),
        "may_revise": topics.may_revise(topic, user),
        "wordings": topics.wordings(topic),
        "up": _up(user.role),
    }
    return render(request, "rectification/topic_detail.html", context)


def _up(role: str) -> str:
    name = "opinion_list" if role == Role.DEPARTMENT else "topic_list"
    return reverse(f"rectification:{name}")


@require_http_methods(["GET", "POST"])
@require(Permission.CASE_MANAGE)
def topic_add(request: UserRequest, cause: str) -> HttpResponse:
    """Make a topic from the problems of one cause."""
    found = get_object_or_404(Cause.objects.visible_to(request.user), pk=cause)
    form = TopicForm(found, request.POST or None, user=request.user)

    def save() -> Topic:
        return topics.make_topic(by=request.user, cause=found, **form.cleaned_data)

    context = {"cause": found, "up": _up(request.user.role)}
    return process_form(
        request, form, save=save, template="rectification/topic_add.html", context=context
    )


@require_http_methods(["GET", "POST"])
@require(Permission.CASE_MANAGE)
def topic_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Mend the text of a topic that waits for its answer."""
    topic = get_object_or_404(Topic.objects.visible_to(request.user), pk=pk)
    form = TopicTextForm(request.POST or None, instance=topic)

    def save() -> Topic:
        changes = change_words(form)
        return topics.revise_topic(topic, save=form.save, changes=changes, by=request.user)

    context = {"topic": topic, "may_revise": topics.may_revise(topic, request.user)}
    return process_form(
        request, form, save=save, template="rectification/topic_edit.html", context=context
    )


@require_http_methods(["GET", "POST"])
@require(Permission.ESCALATION_ANSWER)
def topic_answer(request: UserRequest, pk: int) -> HttpResponse:
    """Answer once for all problems of a topic."""
    topic = get_object_or_404(Topic.objects.visible_to(request.user).for_list(), pk=pk)
    if request.method == "GET":
        topics.check_answer(topic, by=request.user)
    form = TopicAnswerForm(topic, request.POST or None)

    def save() -> Topic:
        topics.answer_topic(topic, by=request.user, **form.cleaned_data)
        messages.success(request, "答复已记入专题的每个问题。")
        return topic

    template = "rectification/topic_answer.html"
    return process_form(request, form, save=save, template=template, context={"topic": topic})
