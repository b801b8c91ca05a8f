"""The log in words: Chinese names of acts and results, and the search over them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.apps import apps
from django.db.models import Q

from core.models import AuditEntry

if TYPE_CHECKING:
    from core.querysets import AuditEntryQuerySet

# The one table of what an act is called: the name of its address -> words for the log.
ACTS: dict[str, str] = {
    "accounts:sign_in": "登录",
    "accounts:sign_out": "退出登录",
    "accounts:password_change": "修改密码",
    "accounts:resume": "放弃未保存的内容",
    "core:feedback": "提出意见建议",
    "core:feedback_reply": "答复意见建议",
}
ADMIN_ACTS = {"add": "新增", "change": "修改", "changelist": "批量办理", "delete": "删除"}

RESULTS: dict[str, tuple[str, Q]] = {
    "done": ("成功", Q(result__lt=400)),
    "refused": ("被拒绝", Q(result__in=[401, 403, 404])),
    "invalid": ("未通过校验", Q(result=422)),
    "conflict": ("与他人冲突", Q(result=409)),
    "failed": ("出错", Q(result__gte=500)),
}


def act_words(act: str) -> str:
    """Return what an act is called; an address without words keeps its name."""
    if act in ACTS:
        return ACTS[act]
    if act.startswith("admin:"):
        return _admin_words(act.removeprefix("admin:"))
    return act


def _admin_words(name: str) -> str:
    place, _, verb = name.rpartition("_")
    app, _, model = place.partition("_")
    try:
        words = str(apps.get_model(app, model)._meta.verbose_name)
    except LookupError:
        return f"后台：{name}"
    return f"后台：{ADMIN_ACTS.get(verb, verb)}{words}"


def result_words(status: int) -> tuple[str, str]:
    """Return a result's words and the kind of its mark."""
    if status < 400:
        return "成功", "good"
    named = {409: ("与他人冲突", "warn"), 422: ("未通过校验", "warn"), 401: ("未登录", "warn")}
    if status in named:
        return named[status]
    return ("出错", "bad") if status >= 500 else ("被拒绝", "bad")


class AuditFilter(django_filters.FilterSet):
    """Search by person, act, result and day; the search lives in the address."""

    who = django_filters.CharFilter(label="姓名或账号", method="filter_who")
    act = django_filters.ChoiceFilter(label="操作", empty_label="全部", choices=lambda: sorted(ACTS.items(), key=str))
    result = django_filters.ChoiceFilter(
        label="结果",
        empty_label="全部",
        choices=[(key, words) for key, (words, _) in RESULTS.items()],
        method="filter_result",
    )
    since = django_filters.DateFilter(
        label="从",
        field_name="at",
        lookup_expr="date__gte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    until = django_filters.DateFilter(
        label="到",
        field_name="at",
        lookup_expr="date__lte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    class Meta:
        model = AuditEntry
        fields: list[str] = []

    def filter_who(self, rows: AuditEntryQuerySet, name: str, value: str) -> Any:
        return rows.filter(Q(user_name__icontains=value) | Q(user__username__icontains=value))

    def filter_result(self, rows: AuditEntryQuerySet, name: str, value: str) -> Any:
        return rows.filter(RESULTS[value][1])
