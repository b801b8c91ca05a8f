"""Who acts for a cadre, and from when to when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from core import clock
from core.forms import Form
from rectification.forms.people import load_words
from rectification.models import Cadre

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from rectification.models import Deputy


class DeputyForm(Form):
    """A deputy of the same division, with both days and the reason."""

    deputy = forms.ModelChoiceField(Cadre.objects.none(), label="代理人")
    from_on = forms.DateField(label="从何日起", initial=clock.today)
    to_on = forms.DateField(label="到何日止（含当天）")
    reason = forms.CharField(label="原因", max_length=100, help_text="如学习、休假、住院")

    def __init__(self, *args: Any, cadre: Cadre, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        near = Cadre.objects.visible_to(user).in_post().filter(division=cadre.division_id)
        field = self.fields["deputy"]
        field.queryset = near.exclude(pk__in=[cadre.pk]).with_load()  # type: ignore[attr-defined]
        field.label_from_instance = load_words  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        start, end = self.cleaned_data.get("from_on"), self.cleaned_data.get("to_on")
        if start and start < clock.today():
            self.add_error("from_on", "从今天或以后开始；以前办的事不能补成代理")
        if start and end and end < start:
            self.add_error("to_on", "结束日期不能早于开始日期")
        return super().clean()


class DeputyEndForm(Form):
    """The last day of a deputyship that ends earlier than set."""

    on = forms.DateField(label="到何日止（含当天）")

    def __init__(self, *args: Any, deputy: Deputy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first, self.last = max(clock.today(), deputy.from_on), deputy.to_on
        self.fields["on"].initial = self.first

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if not self.first <= on < self.last:
            raise forms.ValidationError(
                f"要在 {self.first:%Y-%m-%d} 以后（含当天），早于原定的 {self.last:%Y-%m-%d}"
            )
        return on
