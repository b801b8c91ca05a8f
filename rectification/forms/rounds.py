"""Forms of a round: preparing and opening it, and what goes to the standing committee."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from core import clock
from core.exceptions import DomainError
from core.forms import ActForm, Form, ModelForm
from rectification.choices import RoundStatus
from rectification.forms.categories import categories, further
from rectification.forms.steps import long_text, past
from rectification.models import Round, Screening, Standard
from rectification.services.rounds import check_notice
from villages.models import Village

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User


def notified(day: date | None) -> date | None:
    """Refuse, beside its field, a day that leaves less than three working days."""
    if day:
        try:
            check_notice(day)
        except DomainError as refusal:
            raise ValidationError(refusal.message) from refusal
    return day


class RoundForm(ModelForm):
    """A year's round on one of the district's published standards."""

    class Meta:
        model = Round
        fields = ["year", "name", "standard", "includes_communities", "due_on"]
        help_texts = {
            "name": "不填则为“〔年度〕年度排查整顿”",
            "standard": "只能选已发布的标准；标准在后台编制和发布",
            "due_on": "至少留出 3 个工作日；启动时还可以改",
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False
        published = Standard.objects.visible_to(user).published()
        own = published.filter(district__code=user.district_code)
        self.fields["standard"].queryset = own  # type: ignore[attr-defined]
        self.initial["year"] = clock.today().year
        self.initial["standard"] = own.first()

    def clean_due_on(self) -> date | None:
        return notified(self.cleaned_data["due_on"])


class OpenForm(ActForm):
    """Opening: until when the townships send their lists."""

    due_on = forms.DateField(
        label="乡镇上报截止日期", help_text="至少留出 3 个工作日，不搞上午发下午要"
    )

    def clean_due_on(self) -> date | None:
        return notified(self.cleaned_data["due_on"])


class CloseForm(ActForm):
    """Nothing to fill in: only to confirm."""


class ProposeForm(Form):
    """The villages chosen on the round's page, and the day they are put forward."""

    screening = forms.ModelMultipleChoiceField(
        label="提请认定的村",
        queryset=Screening.objects.none(),
        widget=forms.MultipleHiddenInput,
        error_messages={
            "required": "没有选择村，请回到轮次页勾选",
            "invalid_choice": "所选的村有的已不在拟列入名单里，请回到轮次页重新勾选",
        },
    )
    on = forms.DateField(label="提请日期", initial=clock.today)

    def __init__(self, *args: Any, user: User, round: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Screening.objects.visible_to(user).filter(round=round).listed().for_list()
        self.fields["screening"].queryset = rows  # type: ignore[attr-defined]

    def clean_on(self) -> date:
        return past(self.cleaned_data["on"])


class MidYearForm(Form):
    """补充认定: a village found between two rounds."""

    village = forms.ModelChoiceField(
        label="村", queryset=Village.objects.none(), empty_label="请选择"
    )
    round = forms.ModelChoiceField(
        label="轮次",
        queryset=Round.objects.none(),
        empty_label="请选择",
        help_text="按哪一轮的标准整顿",
    )
    main_category = categories()
    further_categories = further()
    source_note = long_text(
        "来源和理由", 300, help_text="怎么发现的（如信访、巡察、部门来函），为什么要补充认定"
    )
    on = forms.DateField(label="提请日期", initial=clock.today)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        villages = Village.objects.visible_to(user).for_list().valid_on(clock.today())
        offer_villages(self.fields["village"], villages)
        rounds = Round.objects.visible_to(user).exclude(status=RoundStatus.PREPARING)
        self.fields["round"].queryset = rounds  # type: ignore[attr-defined]
        self.initial.setdefault("round", rounds.first())

    def clean_on(self) -> date:
        return past(self.cleaned_data["on"])


def offer_villages(field: Any, villages: Any) -> None:
    """Offer villages in a field, grouped by township."""
    field.queryset = villages
    field.choices = [("", field.empty_label), *by_township(villages)]


def by_township(villages: Any) -> list[tuple[str, list[tuple[int, str]]]]:
    """Villages as choices in groups, one for each township."""
    return [
        (township.name, [(village.pk, str(village)) for village in members])
        for township, members in groupby(villages, key=lambda village: village.township)
    ]
