"""首次登记: no more fields than the ledger has columns, and no contact details of anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from core import clock
from core.forms import Form
from rectification.choices import RoundStatus
from rectification.forms.rounds import categories, offer_villages
from rectification.forms.steps import long_text
from rectification.models import Round
from villages.models import Village

if TYPE_CHECKING:
    from accounts.models import User

LINES = 20


class QuickEntryForm(Form):
    """党组织名称, 党员人数, 负责人, 主要问题, 整改措施, 备注 and the type that every case has.

    The ledger's 联系方式 is left out: the office-holder is reached by post, and no list of persons
    comes about.
    """

    village = forms.ModelChoiceField(label="村（党组织）", queryset=Village.objects.none())
    members = forms.IntegerField(label="党员人数", min_value=0, max_value=2000, required=False)
    secretary = forms.CharField(
        label="负责人（村党组织书记）",
        max_length=40,
        required=False,
        help_text="村页面已登记在任书记的，可以不填",
    )
    main_category = categories()
    problems = long_text("存在的主要问题", 2000, help_text="一行写一个问题；不写村民姓名")
    measures = long_text(
        "整改措施", 2000, required=False, help_text="一行写一条；与问题行数相同的，一一对应"
    )
    remark = forms.CharField(
        label="备注", max_length=300, required=False, help_text="怎么发现的、为什么要列入"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        villages = Village.objects.visible_to(user).for_list().valid_on(clock.today())
        offer_villages(self.fields["village"], villages)
        rounds = Round.objects.visible_to(user).exclude(status=RoundStatus.PREPARING)
        self.round = rounds.order_by("-year").first()

    def clean_problems(self) -> list[str]:
        return _lines(self.cleaned_data["problems"])

    def clean_measures(self) -> list[str]:
        return _lines(self.cleaned_data["measures"])


def _lines(text: str) -> list[str]:
    """The lines with something in them, without the numbers people put before them."""
    found = [line.strip().lstrip("0123456789.、（）() ") for line in text.splitlines()]
    lines = [line for line in found if line]
    if len(lines) > LINES:
        raise forms.ValidationError(f"最多 {LINES} 行，其余的以后在档案里登记")
    return lines
