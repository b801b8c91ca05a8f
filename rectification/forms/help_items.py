"""What help a village got."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from core import clock
from core.forms import VersionedModelForm
from rectification.choices import HelpKind
from rectification.forms.promises import offer_promisers
from rectification.forms.steps import past
from rectification.models import HelpItem

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from rectification.models import Case


class HelpItemForm(VersionedModelForm):
    """One thing that was done for the village; 慰问 is entered too, and counted apart."""

    class Meta:
        model = HelpItem
        fields = ["kind", "on", "what", "cadre", "unit_name", "amount", "households"]
        widgets = {"kind": forms.RadioSelect}
        help_texts = {
            "kind": f"“{HelpKind.COMFORT.label}”另外计数，不算帮扶",
            "what": "一句话：办成了什么",
            "households": "只填户数",
        }

    def __init__(self, *args: Any, case: Case, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.case = case
        self.fields["kind"].choices = self.fields["kind"].choices[1:]  # type: ignore[attr-defined]
        self.fields["on"].initial = clock.today
        offer_promisers(self.fields["cadre"], case, user, self.instance.cadre_id)

    def clean_on(self) -> date:
        return past(self.cleaned_data["on"])

    def clean(self) -> dict[str, Any] | None:
        if not self.cleaned_data.get("cadre") and not self.cleaned_data.get("unit_name"):
            self.add_error("cadre", "请选择帮扶人，或者填写帮扶单位")
        return super().clean()
