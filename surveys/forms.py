"""Forms of the surveys app: the records' filter, a record, a counted ballot."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError

from accounts.roles import Role
from core import clock
from core.forms import FieldChange, VersionedModelForm
from divisions.codes import Level
from rectification.choices import RoundStatus
from rectification.filters.area import AreaFilterSet
from rectification.models import Acceptance, Round
from rectification.services.acceptance import TALLY_FIELDS, TALLY_ROWS
from surveys.choices import RecordKind, RecordLevel
from surveys.models import PEOPLE_FIELDS, SHEET_FIELDS, SurveyRecord
from surveys.services import Tally
from villages.models import Village

if TYPE_CHECKING:
    from django.db.models import Model

    from accounts.models import User
    from divisions.models import Division
    from surveys.querysets import SurveyRecordQuerySet

WHOLE_DISTRICT = "district"


def full_round_name(survey_round: Round) -> str:
    """Rounds of several districts bear the same name."""
    return f"{survey_round.district} {survey_round}"


class RecordFilter(AreaFilterSet):
    """The filters of the record list; they live in the address and hold for the export too.

    A record belongs to its round alone, and rounds of several districts share a year.
    """

    kind = django_filters.ChoiceFilter(label="形式", choices=RecordKind.choices, empty_label="全部")
    round = django_filters.ModelChoiceFilter(
        label="轮次", queryset=Round.objects.none(), empty_label="全部"
    )
    search_in = ("topic", "findings", "village__name")
    case_path = ""

    class Meta:
        model = SurveyRecord
        fields: list[str] = []

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.filters.pop("year", None)
        rounds = Round.objects.visible_to(user).select_related("district")
        self.filters["round"].queryset = rounds
        if user.level >= Level.TOWNSHIP:  # there is only the own one
            self.filters.pop("township", None)
        if user.is_above_district:
            self.filters["round"].field.label_from_instance = full_round_name

    def in_area(
        self, records: SurveyRecordQuerySet, _name: str, unit: Division
    ) -> SurveyRecordQuerySet:
        return records.in_area(unit.code_range)


def place_value(record: SurveyRecord) -> str:
    """The place of a record as the form's choice."""
    if record.village_id:
        return f"village:{record.village_id}"
    return f"township:{record.township_id}" if record.township_id else WHOLE_DISTRICT


def place_choices(user: User) -> list[tuple[str, Any]]:
    """Whole district (not for a township), then each township with its villages."""
    villages = Village.objects.visible_to(user).for_list()
    groups: list[tuple[str, Any]] = []
    for township, members in groupby(villages, key=lambda village: village.township):
        whole = (f"township:{township.pk}", f"{township}（全镇）")
        rows = [(f"village:{v.pk}", f"{v}（{township}）") for v in members]
        groups.append((township.name, [whole, *rows]))
    if user.role == Role.TOWNSHIP:
        return groups
    return [(WHOLE_DISTRICT, "全区"), *groups]


class RecordForm(VersionedModelForm):
    """One record of a kind. The one choice of a place gives level, village and township."""

    place = forms.ChoiceField(label="在哪里")
    field_order = ("round", "place", "held_on", "topic")

    class Meta:
        model = SurveyRecord
        fields = ("round", "held_on", "topic", *PEOPLE_FIELDS, *SHEET_FIELDS, "findings")
        widgets = {"findings": forms.Textarea(attrs={"rows": 8})}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        for name in SHEET_FIELDS if self.instance.is_talk else PEOPLE_FIELDS:
            del self.fields[name]
        for name in PEOPLE_FIELDS if self.instance.is_talk else SHEET_FIELDS:
            self.fields[name].required = not self.instance.is_talk
            self.fields[name].widget.attrs["inputmode"] = "numeric"
        place = self.fields["place"]
        place.choices = [("", "请选择"), *place_choices(user)]  # type: ignore[attr-defined]
        rounds = Round.objects.visible_to(user)
        self.fields["round"].queryset = rounds  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["place"] = place_value(self.instance)
        for name in PEOPLE_FIELDS:
            self.initial[name] = self.initial.get(name) or None  # nobody of a kind: left empty
        if not self.initial.get("round"):
            self.initial["round"] = rounds.filter(status=RoundStatus.OPEN).first()

    @property
    def numbers_label(self) -> str:
        return "参加人数（没有的不填）" if self.instance.is_talk else "问卷份数"

    @property
    def about(self) -> list[forms.BoundField]:
        """Where, when and on what."""
        return [self[name] for name in ("round", "place", "held_on", "topic")]

    @property
    def numbers(self) -> list[list[forms.BoundField]]:
        """People of each kind, or sheets: one row, side by side."""
        names = PEOPLE_FIELDS if self.instance.is_talk else SHEET_FIELDS
        return [[self[name] for name in names]]

    def clean_held_on(self) -> Any:
        day = self.cleaned_data["held_on"]
        if day > clock.today():
            raise ValidationError("日期不能晚于今天")
        return day

    def clean_place(self) -> str:
        """Set level, village and township together, so that they can never disagree."""
        value: str = self.cleaned_data["place"]
        kind, _, pk = value.partition(":")
        record = self.instance
        record.level = RecordLevel(kind)
        record.village_id = int(pk) if kind == RecordLevel.VILLAGE else None
        record.township_id = pk if kind == RecordLevel.TOWNSHIP else None
        return value

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.instance.is_talk:
            self._clean_people(data)
        else:
            self._clean_sheets(data)
        self._clean_district(data)
        return data

    def _clean_people(self, data: dict[str, Any]) -> None:
        numbers = [data.get(name) for name in PEOPLE_FIELDS]
        for name in PEOPLE_FIELDS:
            if name in data and data[name] is None:
                data[name] = 0
        if not any(numbers) and not self.errors.keys() & set(PEOPLE_FIELDS):
            self.add_error(PEOPLE_FIELDS[0], "请填写参加人数，至少有一类人")

    def _clean_sheets(self, data: dict[str, Any]) -> None:
        pairs = (
            ("returned", "issued", "收回份数不能多于发放份数"),
            ("valid", "returned", "有效份数不能多于收回份数"),
        )
        for small, large, message in pairs:
            low, high = data.get(small), data.get(large)
            if low is not None and high is not None and low > high:
                self.add_error(small, message)

    def _clean_district(self, data: dict[str, Any]) -> None:
        """A place and its round belong to one district."""
        chosen, record = data.get("round"), self.instance
        code = (record.village.code if record.village else record.township_id) or ""
        if chosen and code and data.get("place") and code[:6] != chosen.district_id[:6]:
            self.add_error("round", "轮次和地点不在同一个区县")

    def _compare_with(self, theirs: Model) -> None:
        super()._compare_with(theirs)
        labels = {
            key: name
            for _, group in self.fields["place"].choices  # type: ignore[attr-defined]
            if isinstance(group, list)
            for key, name in group
        } | {WHOLE_DISTRICT: "全区"}
        mine, other = self.cleaned_data["place"], place_value(theirs)  # type: ignore[arg-type]
        if mine != other:
            words = (labels.get(mine, mine), labels.get(other, other))
            self.changes.append(FieldChange("在哪里", *words))


class TallyForm(VersionedModelForm):
    """民主测评 as counted; the acceptance sheet shows the same figures."""

    numbers_label = "人数和票数"

    class Meta:
        model = Acceptance
        fields = TALLY_FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TALLY_FIELDS:
            self.fields[name].required = True
            self.fields[name].widget.attrs["inputmode"] = "numeric"

    @property
    def numbers(self) -> list[list[forms.BoundField]]:
        return [[self[name] for name in row] for row in TALLY_ROWS]

    def tally(self) -> Tally:
        return Tally(**{name: self.cleaned_data[name] for name in TALLY_FIELDS})
