"""验收: the sheet with ballots, score and decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from core.forms import VersionedModelForm
from rectification.choices import Conclusion
from rectification.forms.team import offer_team, team_field, without_helpers
from rectification.models import Acceptance
from rectification.services.acceptance import SHEET_FIELDS, TALLY_FIELDS, TALLY_ROWS, gaps

if TYPE_CHECKING:
    from accounts.models import User

# (heading, fields below one another, rows of numbers as on the paper sheet)
SECTIONS = (
    ("一、民主测评", ("inspected_on",), TALLY_ROWS),
    ("二、验收评分", ("score", "veto"), ()),
    (
        "三、审定结论",
        ("decided_on", "decision_no", "conclusion", "lowered_reason", "new_deadline"),
        (),
    ),
)
# (the smaller one, the larger one, what is wrong otherwise)
ORDER = (
    ("present", "expected", "实到人数不能多于应到人数"),
    ("members_present", "members_expected", "党员实到不能多于党员应到"),
    ("issued", "present", "发放票数不能多于实到人数"),
    ("returned", "issued", "收回票数不能多于发放票数，否则测评无效，应当重新组织"),
    ("valid", "returned", "有效票数不能多于收回票数"),
)
Section = tuple[str, list[forms.BoundField], list[list[forms.BoundField]]]
VOTES = ("satisfied", "basically", "dissatisfied")


class AcceptanceForm(VersionedModelForm):
    """The sheet may be saved as it grows; ``concluding`` asks for all of it."""

    conclusion = forms.ChoiceField(
        label="验收结论",
        choices=[("", "按标准得出的结论"), *Conclusion.choices],
        required=False,
        help_text="只能比按标准得出的结论更严，不能更宽",
    )
    lowered_reason = forms.CharField(
        label="从严的理由", max_length=300, required=False, help_text="只在从严时填写"
    )
    new_deadline = forms.DateField(
        label="新的整顿期限", required=False, help_text="只在结论为不合格时填写"
    )
    team = team_field()

    class Meta:
        model = Acceptance
        fields = ("team", *SHEET_FIELDS)
        help_texts = {
            "score": "满分 100 分",
            "veto": "没有就不填；填了就是不合格",
        }

    def __init__(self, *args: Any, user: User, concluding: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.concluding = concluding
        offer_team(self.fields["team"], user, self.instance.team.all())
        for name in (*TALLY_FIELDS, "score"):
            self.fields[name].widget.attrs["inputmode"] = (
                "decimal" if name == "score" else "numeric"
            )

    def sections(self) -> list[Section]:
        """Heading, fields and rows of numbers of each part, in the order of the paper form."""
        return [
            (title, [self[name] for name in fields], [[self[name] for name in row] for row in rows])
            for title, fields, rows in SECTIONS
        ]

    def clean_team(self) -> Any:
        return without_helpers(self.instance.case, self.cleaned_data["team"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for small, large, message in ORDER:
            low, high = data.get(small), data.get(large)
            if low is not None and high is not None and low > high:
                self.add_error(small, message)
        votes = [data.get(name) for name in VOTES]
        if None not in (*votes, data.get("valid")) and sum(votes) != data["valid"]:  # type: ignore[arg-type]
            self.add_error("dissatisfied", "满意、基本满意、不满意三项之和应等于有效票数")
        return data

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.concluding:
            for name in gaps(self.instance):
                if name not in self.errors:
                    self.add_error(name, "审定前要填写此项")
