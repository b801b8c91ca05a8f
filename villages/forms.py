"""Forms of the village: the yearly file, the secretary's terms, the next election, an import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q

from core import clock
from core.forms import Form, VersionedModelForm
from villages.models import NOT_MORE_THAN, SecretaryTerm, Village, VillageFile
from villages.sections import FILE_FIELDS

if TYPE_CHECKING:
    from datetime import date

    from django.core.files.uploadedfile import UploadedFile

MAX_FILE_BYTES = 60 * 1024 * 1024
DISCLOSED = ("party_disclosed_on", "affairs_disclosed_on", "finance_disclosed_on")


UNANSWERED = "（未填）"


def allow_unknown(form: forms.BaseForm) -> None:
    """Let every choice be left open, in the same word."""
    for field in form.fields.values():
        if isinstance(field.widget, forms.NullBooleanSelect):
            field.widget.choices = [("unknown", UNANSWERED), ("true", "是"), ("false", "否")]
        elif isinstance(field, forms.ChoiceField) and not field.required:
            choices: Any = field.choices
            field.choices = [(key, words if key else UNANSWERED) for key, words in choices]


def refuse_future(form: forms.BaseForm, *names: str) -> None:
    """Refuse days after today in fields that tell what has happened."""
    for name in names:
        day = form.cleaned_data.get(name)
        if day and day > clock.today():
            form.add_error(name, "不能晚于今天")


class VillageFileForm(VersionedModelForm):
    """A year's file. Blank means unknown; a correction of a filled value says why."""

    change_reason = forms.CharField(
        label="修改原因",
        max_length=100,
        required=False,
        help_text="更正已填的内容时写明，如“核对户籍后更正”；补填空白项不用写",
    )

    class Meta:
        model = VillageFile
        fields = FILE_FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allow_unknown(self)
        if not self.instance.pk:
            del self.fields["change_reason"]
        for name, field in self.fields.items():
            if isinstance(field, forms.IntegerField | forms.DecimalField):
                field.widget.attrs["inputmode"] = "decimal"
            if name in {"dispute_topics", "audit_findings"}:
                field.widget = forms.Textarea(attrs={"rows": 2, "class": "form-control"})

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for part, whole in NOT_MORE_THAN:
            self._check_part(part, whole)
        self._check_ages()
        refuse_future(self, *DISCLOSED)
        if values.get("has_activity_place") is False and values.get("activity_area"):
            self.add_error("activity_area", "填了“没有活动场所”，面积应为空")
        if (values.get("activity_built_year") or 0) > clock.today().year:
            self.add_error("activity_built_year", "不能晚于今年")
        if self._corrects() and not values.get("change_reason"):
            self.add_error("change_reason", "改动了已填的内容，请写明原因")
        return values

    def _check_part(self, part: str, whole: str) -> None:
        little, much = self.cleaned_data.get(part), self.cleaned_data.get(whole)
        if little is not None and much is not None and little > much:
            name = self.fields[whole].label
            self.add_error(part, f"{little} 多于“{name}”的 {much}，请核对")

    def _check_ages(self) -> None:
        young, old = (self.cleaned_data.get(f"members_{age}") for age in ("under_35", "over_60"))
        members = self.cleaned_data.get("members")
        if young is None or old is None or members is None:
            return
        if young + old > members:
            words = f"与 35 岁以下相加为 {young + old}，多于党员总数 {members}，请核对"
            self.add_error("members_over_60", words)

    def _corrects(self) -> bool:
        """Whether a value that was filled in gets another one."""
        if not self.instance.pk:
            return False
        changed = [name for name in self.changed_data if name in FILE_FIELDS]
        return any(self.initial.get(name) not in {None, ""} for name in changed)

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 - as Django calls it
        self.instance._change_reason = self.cleaned_data.get("change_reason", "")
        return super().save(commit)


class SecretaryTermForm(VersionedModelForm):
    """One term of a secretary. Terms of a village do not overlap."""

    class Meta:
        model = SecretaryTerm
        fields = [
            "name",
            "birth_year",
            "education",
            "occupation_before",
            "lives_elsewhere",
            "holds_both_posts",
            "chosen_by",
            "started_on",
            "to_replace_since",
            "ended_on",
            "end_reason",
        ]
        help_texts = {"ended_on": "在任的不填"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allow_unknown(self)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        refuse_future(self, "started_on", "ended_on")
        started, ended = values.get("started_on"), values.get("ended_on")
        if ended and started and ended < started:
            self.add_error("ended_on", "离任日期不能早于任职日期")
        if ended and not values.get("end_reason"):
            self.add_error("end_reason", "填了离任日期，请选择离任原因")
        if values.get("end_reason") and not ended:
            self.add_error("ended_on", "选了离任原因，请填写离任日期")
        if started and not self.errors:
            self._check_overlap(started, ended)
        return values

    def others(self) -> Any:
        return SecretaryTerm.objects.filter(village=self.instance.village_id).exclude(
            pk=self.instance.pk
        )

    def _check_overlap(self, started: date, ended: date | None) -> None:
        clash = self.others().filter(Q(ended_on=None) | Q(ended_on__gt=started))
        if ended:
            clash = clash.filter(started_on__lt=ended)
        for term in clash[:1]:
            until = f"{term.ended_on}" if term.ended_on else "现在（尚未填离任日期）"
            self.add_error("started_on", f"与{term.name}的任期（{term.started_on} 至{until}）重叠")


class NewSecretaryTermForm(SecretaryTermForm):
    """A new term; where somebody is in office, the same form ends that term."""

    previous_ended_on = forms.DateField(label="前任离任日期", required=False)
    previous_end_reason = forms.ChoiceField(
        label="前任离任原因",
        choices=[("", UNANSWERED), *SecretaryTerm.EndReason.choices],
        required=False,
    )
    field_order = ["previous_ended_on", "previous_end_reason"]

    def __init__(self, *args: Any, previous: SecretaryTerm | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.previous = previous
        if previous is None:
            del self.fields["previous_ended_on"], self.fields["previous_end_reason"]
            return
        self.fields["previous_ended_on"].help_text = (
            f"现任书记{previous.name}，{previous.started_on} 起；新书记任职前先填他的离任日期，"
            "补记更早的任期不用填"
        )

    def others(self) -> Any:
        others = super().others()
        ends = self.previous and self.cleaned_data.get("previous_ended_on")
        return others.exclude(pk=self.previous.pk) if self.previous and ends else others

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if self.previous is None:
            return values
        refuse_future(self, "previous_ended_on")
        left, started = values.get("previous_ended_on"), values.get("started_on")
        if left and left < self.previous.started_on:
            self.add_error("previous_ended_on", "离任日期不能早于任职日期")
        if left and started and left > started:
            self.add_error("previous_ended_on", "前任的离任日期不能晚于新书记的任职日期")
        if left and not values.get("previous_end_reason"):
            self.add_error("previous_end_reason", "请选择离任原因")
        return values


class VillageForm(VersionedModelForm):
    """The next election. Name and code come from the import."""

    class Meta:
        model = Village
        fields = ["next_election_on"]

    def clean_next_election_on(self) -> date | None:
        day: date | None = self.cleaned_data["next_election_on"]
        if day and day < clock.today():
            raise forms.ValidationError("已经过去，请填下一次换届的日期")
        return day


class DivisionImportForm(Form):
    """A file to check; nothing is loaded before the preview is confirmed."""

    file = forms.FileField(
        label="文件",
        help_text=".xlsx、.csv 或 .csv.gz，第 1 行是表头，两列：区划代码、名称",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.gz"}),
    )
    valid_from = forms.DateField(
        label="新增区划的启用日期", required=False, help_text="不清楚的不填"
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_FILE_BYTES:
            raise forms.ValidationError("文件超过 60 MB，请分省或分市导入")
        return file
