"""Promises, and what their steps ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from core import clock
from core.forms import Form, VersionedModelForm, style_field
from rectification.forms.people import cadre_words
from rectification.forms.steps import long_text, past
from rectification.models import Cadre, Problem, Promise

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from accounts.models import User
    from rectification.models import Case
    from rectification.workflow_problems import ItemStep

# Who speaks for a village: a post is chosen, so that no villager's name is written.
POSTS = (
    "村党组织书记",
    "村委会主任",
    "村党组织委员",
    "村委会委员",
    "村务监督委员会主任",
    "村会计（报账员）",
    "村民小组长",
    "村民代表",
    "党员代表",
)


def offer_promisers(field: forms.Field, case: Case, user: User, present: int | None) -> None:
    """Offer the cadres on the case and those in post near it, and the present one."""
    cadres = Cadre.objects.visible_to(user).for_case(case, present=present)
    field.queryset = cadres  # type: ignore[attr-defined]
    field.label_from_instance = cadre_words  # type: ignore[attr-defined]


class PromiseForm(VersionedModelForm):
    """What was promised, how much, by whom and by when."""

    class Meta:
        model = Promise
        fields = [
            "kind",
            "what",
            "amount",
            "cadre",
            "unit_name",
            "problem",
            "promised_on",
            "due_on",
        ]
        widgets = {"kind": forms.RadioSelect}
        help_texts = {
            "what": "一句话，如：拨付村部改造资金、派一名农技员驻村",
            "amount": "是钱或项目的才填",
            "cadre": "领导个人承诺的选人；名单里没有的，在下一栏填单位和职务",
            "problem": "为解决某个问题承诺的才选",
        }

    def __init__(self, *args: Any, case: Case, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.case = case
        self.fields["kind"].choices = self.fields["kind"].choices[1:]  # type: ignore[attr-defined]
        self.fields["promised_on"].initial = clock.today
        problems = Problem.objects.visible_to(user).filter(case=case).order_by("number")
        self.fields["problem"].queryset = problems  # type: ignore[attr-defined]
        offer_promisers(self.fields["cadre"], case, user, self.instance.cadre_id)

    def clean_promised_on(self) -> date:
        return past(self.cleaned_data["promised_on"])

    def clean(self) -> dict[str, Any] | None:
        data = self.cleaned_data
        if not data.get("cadre") and not data.get("unit_name"):
            self.add_error("cadre", "请选择承诺人，或者填写承诺单位")
        promised, due = data.get("promised_on"), data.get("due_on")
        if promised and due and due < promised:
            self.add_error("due_on", "兑现期限不能早于承诺日期")
        return super().clean()


STEP_FIELDS: dict[str, Callable[[], forms.Field]] = {
    "arrived_on": lambda: forms.DateField(label="到位日期", initial=clock.today),
    "arrived_amount": lambda: forms.DecimalField(
        label="到位金额（万元）", min_value=0, max_digits=10, decimal_places=2
    ),
    "confirmed_by_whom": lambda: forms.ChoiceField(
        label="村里谁确认的（职务）",
        choices=[("", "（请选择）"), *((post, post) for post in POSTS)],
        help_text="只记职务，不记姓名",
    ),
    "confirmed_on": lambda: forms.DateField(label="确认日期", initial=clock.today),
    "withdrawn_reason": lambda: long_text("收回原因", 200),
}


class PromiseStepForm(Form):
    """Just the fields a step asks for; the amount only where one was promised."""

    def __init__(self, step: ItemStep, promise: Promise, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in step.fields:
            if name == "arrived_amount" and promise.amount is None:
                continue
            field = self.fields[name] = STEP_FIELDS[name]()
            style_field(field)
        if "arrived_amount" in self.fields:
            self.fields["arrived_amount"].initial = promise.amount

    def clean_arrived_on(self) -> date:
        return past(self.cleaned_data["arrived_on"])

    def clean_confirmed_on(self) -> date:
        return past(self.cleaned_data["confirmed_on"])
