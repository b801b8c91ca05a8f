"""Problems as they are entered and changed, and what each level says about their solution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from core import clock
from core.forms import VersionedModelForm
from rectification.forms.people import cadre_words
from rectification.forms.steps import past
from rectification.models import Cadre, Category, Problem

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from rectification.models import Case


def offer_owners(field: forms.Field, case: Case, user: User, present: int | None = None) -> None:
    """Offer the cadres in post who can be responsible in this case, and the present one."""
    cadres = Cadre.objects.visible_to(user).for_case(case, present=present)
    field.queryset = cadres  # type: ignore[attr-defined]
    field.label_from_instance = cadre_words  # type: ignore[attr-defined]


class ProblemForm(VersionedModelForm):
    """What is wrong, whose it is to solve and by when."""

    class Meta:
        model = Problem
        fields = [
            "title",
            "detail",
            "category",
            "nature",
            "is_historical",
            "level",
            "source",
            "found_on",
            "households",
            "owner",
            "deadline",
        ]
        labels = {"title": "是什么问题（一句话）", "is_historical": "历史遗留问题"}
        help_texts = {
            "detail": "只写事情，不写村民姓名",
            "level": "先由哪一级解决；上一级的事项可以以后再上交",
            "households": "只填户数",
        }
        widgets = {"nature": forms.RadioSelect}

    def __init__(self, *args: Any, case: Case, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.case = case
        self.fields["found_on"].initial = clock.today
        self.fields["deadline"].initial = case.final_date
        self.fields["category"].initial = case.main_category_id
        self.fields["nature"].choices = self.fields["nature"].choices[1:]  # type: ignore[attr-defined]
        self.fields["category"].queryset = Category.objects.order_by("code")  # type: ignore[attr-defined]
        if self.instance.pk:
            # The level of a problem changes by handing it up, with a question and an answer.
            self.fields["level"].disabled = True
            self.fields["level"].help_text = "要上一级解决的，用“上交”"
        offer_owners(self.fields["owner"], case, user, self.instance.owner_id)

    def clean_found_on(self) -> date:
        return past(self.cleaned_data["found_on"])

    def clean(self) -> dict[str, Any] | None:
        found, deadline = self.cleaned_data.get("found_on"), self.cleaned_data.get("deadline")
        if found and deadline and deadline < found:
            self.add_error("deadline", "解决期限不能早于发现日期")
        return super().clean()
