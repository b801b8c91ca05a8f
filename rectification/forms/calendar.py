"""The yearly notice as pasted text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from core import clock
from core.forms import Form
from core.notices import NotUnderstood, read_notice
from core.workdays import NOTICE_MONTH

if TYPE_CHECKING:
    from core.notices import NoticeDay


def _usual_year() -> int:
    """The year of which the notice is due: from November on the next one."""
    today = clock.today()
    return today.year + 1 if today.month >= NOTICE_MONTH else today.year


class NoticeForm(Form):
    """The year, the number and the text of a notice; ``days`` holds what was read."""

    year = forms.IntegerField(label="哪一年", min_value=2013, max_value=2100, initial=_usual_year)
    notice = forms.CharField(
        label="文号", max_length=60, help_text="如：国办发明电〔2025〕7号", strip=True
    )
    text = forms.CharField(
        label="通知正文",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text="从国务院办公厅的通知里复制“一、元旦……”到“七、国庆节……”各条，粘贴在这里",
    )
    days: list[NoticeDay]

    def clean(self) -> dict[str, Any] | None:
        year, text = self.cleaned_data.get("year"), self.cleaned_data.get("text")
        if year and text:
            try:
                self.days = read_notice(text, year)
            except NotUnderstood as refusal:
                self.add_error("text", f"这一段没有读出日子，请核对后再粘贴：{refusal}")
        return super().clean()
