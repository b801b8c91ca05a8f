"""Whom to ask to take over. Each candidate shows what he or she already has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from core.forms import Form
from rectification.forms.people import load_words
from rectification.forms.steps import long_text
from rectification.models import Assignment, Cadre
from rectification.services.handovers import giver_of

if TYPE_CHECKING:
    from accounts.models import User
    from rectification.models import Problem, Task


class HandoverForm(Form):
    """To whom an item passes, and why."""

    to_cadre = forms.ModelChoiceField(
        Cadre.objects.none(),
        label="接手人",
        help_text="对方接手以前仍由原来的人负责；没有账号的，由乡镇账号代为接手",
    )
    reason = long_text("移交原因", 200, help_text="如工作调动、长期外出")

    def __init__(
        self, *args: Any, item: Assignment | Problem | Task, user: User, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        cadres = Cadre.objects.visible_to(user)
        cadres = cadres.in_post() if isinstance(item, Assignment) else cadres.for_case(item.case)
        giver = giver_of(item)
        rows = cadres.exclude(pk__in=[giver.pk] if giver else []).with_load()
        self.fields["to_cadre"].queryset = rows  # type: ignore[attr-defined]
        self.fields["to_cadre"].label_from_instance = load_words  # type: ignore[attr-defined]
