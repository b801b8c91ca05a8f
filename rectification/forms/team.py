"""The members of an acceptance team: who is offered, and who has to stay away (回避)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from rectification.guards import helpers_among
from rectification.models import Cadre

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from rectification.models import Case


def team_field() -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        label="验收组成员",
        queryset=Cadre.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="帮扶过该村的人应当回避，选上会被拒绝",
    )


def offer_team(field: Any, user: User, present: Iterable[Cadre] = ()) -> None:
    """Offer whom the account sees in post, and the members so far."""
    rows = Cadre.objects.visible_to(user)
    offered = rows.in_post() | rows.filter(pk__in=[cadre.pk for cadre in present])
    field.queryset = offered.select_related("division")


def without_helpers(case: Case, team: Any) -> Any:
    """Refuse, beside the field, a team in which somebody helped the village."""
    helpers = helpers_among(case, team)
    if helpers:
        names = "、".join(cadre.name for cadre in helpers)
        raise forms.ValidationError(f"{names}帮扶过该村，应当回避，请改选别人")
    return team
