"""区级专题: made from the problems of one cause, answered once for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from accounts.roles import Department
from core.forms import Form, VersionedModelForm, style_field
from rectification.choices import AnswerKind
from rectification.deadlines import USUAL_REPLY_DAYS
from rectification.forms.escalations import reply_days_field
from rectification.forms.steps import long_text
from rectification.models import Problem, Topic

if TYPE_CHECKING:
    from accounts.models import User
    from rectification.models import Cause

TOPIC_ANSWERS = (AnswerKind.SOLVED, AnswerKind.RULE, AnswerKind.REFUSED)


def _problem_words(problem: Problem) -> str:
    village = problem.case.village
    words = f"{village.township}{village}：{problem.title}（{problem.get_nature_display()}"
    return f"{words}，历史遗留）" if problem.is_historical else f"{words}）"


class TopicForm(Form):
    """Which problems, what the district is to settle, who leads and how long it may take."""

    problems = forms.ModelMultipleChoiceField(
        label="并入哪些问题",
        queryset=Problem.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选两个村的问题"},
    )
    title = forms.CharField(label="专题名称", max_length=120)
    question = long_text("要区里解决什么", 1000, help_text="写清共性卡点，要明确什么政策、办什么事")
    department = forms.ChoiceField(
        label="牵头部门",
        required=False,
        choices=[("", "（由组织部答复）"), *Department.choices],
    )

    def __init__(self, cause: Cause, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Problem.objects.visible_to(user).unfinished().filter(cause=cause, topic=None)
        field: Any = self.fields["problems"]
        field.queryset = rows.for_detail().order_by("case__village__code", "number")
        field.label_from_instance = _problem_words
        hard = Problem.objects.visible_to(user).oldest_hard().filter(cause=cause, topic=None)
        field.initial = list(hard.values_list("pk", flat=True))
        self.fields["title"].initial = f"{cause}共性问题"
        self.fields["reply_days"] = reply_days_field(
            label="请在几个工作日内答复", initial=USUAL_REPLY_DAYS
        )
        style_field(self.fields["reply_days"])


class TopicTextForm(VersionedModelForm):
    """What the topic is called, what it asks and of whom; its problems and its day stay."""

    class Meta:
        model = Topic
        fields = ["title", "question", "department"]
        labels = {"title": "专题名称", "question": "要区里解决什么"}
        help_texts = {"department": "改了牵头部门，就由新的部门答复；答复期限不变"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["department"]
        field.choices = [("", "（由组织部答复）"), *Department.choices]


class TopicAnswerForm(Form):
    """The answer for all problems, and which of them it solves."""

    answer_kind = forms.ChoiceField(
        label="答复结果",
        choices=[(kind.value, kind.label) for kind in TOPIC_ANSWERS],
        widget=forms.RadioSelect,
    )
    answer = long_text("答复内容", 2000, help_text="不予支持的，写明理由")
    decision_no = forms.CharField(label="文号", max_length=60, required=False)
    solved = forms.ModelMultipleChoiceField(
        label="据此解决的问题",
        queryset=Problem.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="只在“已解决”时有用：选中的进入申请销号，由别的账号核准；没有选的继续办理",
    )

    def __init__(self, topic: Topic, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = topic.problems.unfinished().for_list()
        field: Any = self.fields["solved"]
        field.queryset = rows
        field.label_from_instance = _problem_words
        field.initial = [row.pk for row in rows]

    def clean(self) -> dict[str, Any] | None:
        data = self.cleaned_data
        if data.get("answer_kind") == AnswerKind.SOLVED and not data.get("solved"):
            self.add_error("solved", "请选出据此解决的问题；都没有解决的，选别的答复结果")
        return super().clean()
