"""Cadres and who fills a slot. What is offered is narrowed to the account's own area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q

from accounts.models import User
from accounts.roles import Role
from core import clock
from core.forms import Form, VersionedModelForm
from divisions.codes import Level
from divisions.models import Division
from rectification.forms.steps import past
from rectification.matching import field_of
from rectification.models import Cadre, Case, StandardSlot
from rectification.querysets.problems import HOLDING_ROLES
from rectification.services.people import AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from rectification.choices import HelpField
    from rectification.matching import Wanted
    from rectification.querysets import CaseQuerySet


class CadreForm(VersionedModelForm):
    """A cadre of the account's own area; a change of post, unit or account keeps its history."""

    class Meta:
        model = Cadre
        fields = ["name", "post", "unit", "division", "from_on", "to_on", "account"]
        help_texts = {
            "division": "区级单位的选区县，乡镇的选本乡镇",
            "to_on": "离任后填写；其负责的事项自动转由乡镇账号代办",
            "account": "没有账号的不选，其负责的事项由乡镇账号代办",
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Division.objects.visible_to(user).filter(level__gte=Level.COUNTY)
        self.fields["division"].queryset = units  # type: ignore[attr-defined]
        if not self.instance.pk:
            self.initial.setdefault("division", user.division_id)
        free = Q(cadre=None) | Q(cadre=self.instance.pk)
        roles = (*HOLDING_ROLES, Role.LEADER)
        accounts = User.objects.visible_to(user).active().filter(free, role__in=roles)
        self.fields["account"].queryset = accounts.select_related("division")  # type: ignore[attr-defined]
        self.fields["account"].label_from_instance = _account_words  # type: ignore[attr-defined]

    def clean_to_on(self) -> date | None:
        day: date | None = self.cleaned_data["to_on"]
        if day and day > clock.today():
            raise forms.ValidationError("离任之后再填写，不能晚于今天")
        return day


def _account_words(account: User) -> str:
    return f"{account.name}（{account.get_role_display()}，{account.division}，{account.username}）"


class AssignmentForm(Form):
    """Who fills a slot from when: a cadre, or a unit with its liaison."""

    cadre = forms.ModelChoiceField(Cadre.objects.none(), label="干部")
    unit_name = forms.CharField(label="结对单位", max_length=80)
    liaison = forms.ModelChoiceField(
        Cadre.objects.none(), label="单位联络员", required=False, help_text="可以以后再补"
    )
    started_on = forms.DateField(label="从何日起", initial=clock.today)
    reason = forms.CharField(
        label="调整原因",
        max_length=200,
        help_text="如轮换、工作调动；原来的安排保留在历史中",
    )

    def __init__(
        self,
        *args: Any,
        user: User,
        slot: StandardSlot,
        is_change: bool,
        wanted: Iterable[Wanted] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        is_unit = slot.kind == StandardSlot.Kind.UNIT
        for name in ("cadre",) if is_unit else ("unit_name", "liaison"):
            del self.fields[name]
        if not is_change:
            del self.fields["reason"]
        cadres = Cadre.objects.visible_to(user).in_post().with_load()
        field = self.fields["liaison" if is_unit else "cadre"]
        fields = {row.field for row in wanted}
        field.queryset = cadres  # type: ignore[attr-defined]
        field.label_from_instance = lambda row: load_words(row) + _suits(row, fields)  # type: ignore[attr-defined]

    def clean_started_on(self) -> date:
        return past(self.cleaned_data["started_on"])


def cadre_words(cadre: Cadre) -> str:
    """How a list of choices names a cadre: name, unit and post."""
    return f"{cadre.name}（{cadre.unit} {cadre.post}）"


def load_words(cadre: Cadre) -> str:
    """Name and unit, and what he or she has already (with_load): seen before choosing."""
    return (
        f"{cadre_words(cadre)}：在帮 {cadre.case_count} 村，"  # type: ignore[attr-defined]
        f"未结问题 {cadre.problem_count}、任务 {cadre.task_count}"  # type: ignore[attr-defined]
    )


def _suits(cadre: Cadre, wanted: set[HelpField]) -> str:
    field = field_of(cadre.unit)
    return f"（对口：{field.label}）" if field in wanted and field else ""


class AssignManyForm(Form):
    """One cadre for the same empty slot of several villages, each ticked by hand."""

    cases = forms.ModelMultipleChoiceField(
        Case.objects.none(), label="哪些村", widget=forms.CheckboxSelectMultiple
    )
    cadre = forms.ModelChoiceField(Cadre.objects.none(), label="干部")
    started_on = forms.DateField(label="从何日起", initial=clock.today)

    def __init__(self, *args: Any, user: User, cases: CaseQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        villages, cadre = self.fields["cases"], self.fields["cadre"]
        villages.queryset = cases  # type: ignore[attr-defined]
        villages.label_from_instance = _village_words  # type: ignore[attr-defined]
        cadre.queryset = Cadre.objects.visible_to(user).in_post().with_load()  # type: ignore[attr-defined]
        cadre.label_from_instance = load_words  # type: ignore[attr-defined]

    def clean_started_on(self) -> date:
        return past(self.cleaned_data["started_on"])

    def clean_cases(self) -> Any:
        chosen = self.cleaned_data["cases"]
        if len(chosen) > AT_ONCE:
            raise forms.ValidationError(f"一次最多 {AT_ONCE} 个村，现在选了 {len(chosen)} 个")
        return chosen


def _village_words(case: Case) -> str:
    return f"{case.village.township}{case.village}（{case.designated_on} 认定，现在空缺）"


class AssignmentEndForm(Form):
    """When and why an assignment ends."""

    on = forms.DateField(label="到何日止", initial=clock.today)
    reason = forms.CharField(label="原因", max_length=200)

    def clean_on(self) -> date:
        return past(self.cleaned_data["on"])
