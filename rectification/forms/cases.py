"""The form of each step of a case: just what the step asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from core import clock
from core.forms import ActForm
from rectification.choices import EndReason, RelapseReason, RoundStatus
from rectification.forms.categories import categories, further
from rectification.forms.steps import beside, latest_act, long_text, past
from rectification.forms.team import offer_team, team_field, without_helpers
from rectification.models import Round
from rectification.services.cases import last_step_day
from rectification.services.dates import add_days
from rectification.services.limits import check_case_extended, check_designation
from rectification.workflow import STEPS
from villages.models import Village

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from rectification.models import Case


class CaseStepForm(ActForm):
    """What every step asks: the day, and words where they help. Subclasses add their own."""

    on = forms.DateField(label="日期", initial=clock.today)

    def __init__(self, *args: Any, case: Case, user: User, **kwargs: Any) -> None:
        self.case = case
        self.user = user
        super().__init__(*args, item=case, **kwargs)
        self.narrow()

    def narrow(self) -> None:
        """Offer only rows that the account sees; nothing to narrow by default."""

    def clean_on(self) -> date:
        on, earliest = past(self.cleaned_data["on"]), last_step_day(self.case)
        if on < earliest:
            raise forms.ValidationError(f"不能早于上一步的日期（{earliest:%Y年%-m月%-d日}）")
        return on

    def what_happened(self) -> str:
        moves = self.case.events.filter(problem=None, task=None, action__in=(*STEPS, "undo"))
        return latest_act(moves) or super().what_happened()


class NoteForm(CaseStepForm):
    note = long_text("说明", 1000, required=False)


class ReasonForm(CaseStepForm):
    note = long_text("原因", 1000)


class DesignateForm(CaseStepForm):
    on = forms.DateField(label="常委会日期", initial=clock.today)
    minutes_no = forms.CharField(
        label="常委会纪要号", max_length=60, help_text="如“〔2026〕第 12 号”"
    )
    deadline = forms.DateField(label="整顿期限")
    main_category = categories()
    further_categories = further()
    note = long_text("说明", 1000, required=False)

    def narrow(self) -> None:
        days = self.case.round.standard.rectification_days
        self.fields["deadline"].help_text = f"标准是认定后 {days} 天；会议另有决定的按会议"
        self.initial["deadline"] = add_days(clock.today(), days)
        self.initial["main_category"] = self.case.main_category_id
        self.initial["further_categories"] = self.case.further_categories.all()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        on, deadline = data.get("on"), data.get("deadline")
        if on and deadline:
            try:
                beside(check_designation, deadline, on)
            except forms.ValidationError as refusal:
                self.add_error("deadline", refusal)
        return data


class DeclineForm(CaseStepForm):
    on = forms.DateField(label="常委会日期", initial=clock.today)
    minutes_no = forms.CharField(label="常委会纪要号", max_length=60)
    note = long_text("不予认定的理由", 1000)


class InspectForm(CaseStepForm):
    team = team_field()
    note = long_text("说明", 1000, required=False)

    def narrow(self) -> None:
        offer_team(self.fields["team"], self.user)

    def clean_team(self) -> Any:
        return without_helpers(self.case, self.cleaned_data["team"])


class RelapseForm(CaseStepForm):
    reason = forms.ChoiceField(label="反弹原因", choices=[("", "请选择"), *RelapseReason.choices])
    main_category = categories("现在的主要类型")
    round = forms.ModelChoiceField(label="列入哪个轮次", queryset=Round.objects.none())
    note = long_text("具体情况", 1000)

    def narrow(self) -> None:
        rows = Round.objects.visible_to(self.user).exclude(status=RoundStatus.PREPARING)
        rows = rows.filter(district=self.case.round.district_id, year__gte=self.case.round.year)
        self.fields["round"].queryset = rows  # type: ignore[attr-defined]
        self.initial["round"] = rows.first()
        self.initial["main_category"] = self.case.main_category_id


class ExtendForm(CaseStepForm):
    deadline = forms.DateField(label="新的整顿期限")
    decision_no = forms.CharField(label="决定文号", max_length=60)
    note = long_text("延期原因", 1000)

    def clean_deadline(self) -> date:
        deadline: date = self.cleaned_data["deadline"]
        beside(check_case_extended, deadline, self.case)
        return deadline


class EndForm(CaseStepForm):
    end_reason = forms.ChoiceField(label="终止原因", choices=[("", "请选择"), *EndReason.choices])
    successor_village = forms.ModelChoiceField(
        label="承接的村",
        queryset=Village.objects.none(),
        required=False,
        help_text="因撤并终止的必须选定，以后的情况记到承接的村",
    )
    decision_no = forms.CharField(label="文号", max_length=60)
    note = long_text("说明", 1000, required=False)

    def narrow(self) -> None:
        rows = Village.objects.visible_to(self.user).exclude(pk=self.case.village_id)
        field = self.fields["successor_village"]
        field.queryset = rows.order_by("code")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("end_reason") == EndReason.MERGED and not data.get("successor_village"):
            self.add_error("successor_village", "因撤并终止的，要选定承接的村")
        return data


STEP_FORMS: dict[str, type[CaseStepForm]] = {
    "designate": DesignateForm,
    "decline": DeclineForm,
    "start": NoteForm,
    "apply": NoteForm,
    "send_back": ReasonForm,
    "inspect": InspectForm,
    "release": NoteForm,
    "relapse": RelapseForm,
    "extend": ExtendForm,
    "end": EndForm,
}
