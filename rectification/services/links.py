"""Parts of a problem and what it waits for: within one case, and never in a circle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.exceptions import DomainError
from rectification.choices import ProblemStatus
from rectification.models import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rectification.models import Case

NEW = 0  # stands for a problem that is not saved yet


def check_links(
    case: Case, problem: Problem, parent: Problem | None, waits_for: Iterable[Problem]
) -> None:
    """Refuse links out of the case, in a circle, and parts of what counts as solved already."""
    others = [*waits_for, *([parent] if parent else [])]
    if any(other.case_id != case.pk for other in others):
        raise DomainError("只能关联同一个村的问题")
    if parent and Problem.objects.filter(pk=parent.pk, status=ProblemStatus.CLOSED).exists():
        raise DomainError(
            f"“{parent.title}”已经销号，要让它包括本问题，请先重新打开",
            link=parent.get_absolute_url(),
            link_text="看该问题",
        )
    key = problem.pk or NEW
    needs = _needs(case, without=key)
    needs[key] = needs.get(key, set()) | {other.pk for other in waits_for}
    if parent:
        needs.setdefault(parent.pk, set()).add(key)
    if key in _reached(key, needs):
        raise DomainError("这样关联会互相等待，请调整“属于哪个问题”或“要先解决的问题”")


def _needs(case: Case, *, without: int) -> dict[int, set[int]]:
    """Which problems must come to an end before each: its parts, and those it waits for.

    What the problem ``without`` itself says is left out, because the form says it anew.
    """
    needs: dict[int, set[int]] = {}
    parts = Problem.objects.filter(case=case, parent__isnull=False).exclude(pk=without)
    for pk, parent in parts.values_list("pk", "parent_id"):
        needs.setdefault(parent, set()).add(pk)
    rows: Any = Problem.waits_for.through.objects
    rows = rows.filter(from_problem__case=case)
    for pk, other in rows.exclude(from_problem=without).values_list(
        "from_problem_id", "to_problem_id"
    ):
        needs.setdefault(pk, set()).add(other)
    return needs


def _reached(start: int, needs: dict[int, set[int]]) -> set[int]:
    """Everything that has to be over before ``start``; itself only in a circle."""
    found: set[int] = set()
    ahead = list(needs.get(start, ()))
    while ahead:
        key = ahead.pop()
        if key not in found:
            found.add(key)
            ahead.extend(needs.get(key, ()))
    return found
