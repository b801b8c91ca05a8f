"""The forms of 意见建议."""

from __future__ import annotations

from django import forms

from core.forms import ModelForm, VersionedModelForm
from core.http import local_address
from core.models import Feedback


class FeedbackForm(ModelForm):
    """What somebody wants to tell, and the page it is about."""

    class Meta:
        model = Feedback
        fields = ["text", "page"]
        widgets = {"text": forms.Textarea(attrs={"rows": 6}), "page": forms.HiddenInput}
        labels = {"text": "您的意见或建议"}
        help_texts = {
            "text": "说说哪里不好用、缺什么、哪里报得重复。请勿填写国家秘密和个人身份信息。"
        }

    def clean_page(self) -> str:
        """Keep only an address of this site: the office clicks on it."""
        return local_address(self.cleaned_data["page"])


class ReplyForm(VersionedModelForm):
    """The office's answer."""

    class Meta:
        model = Feedback
        fields = ["reply"]
        widgets = {"reply": forms.Textarea(attrs={"rows": 5})}

    def clean_reply(self) -> str:
        reply: str = self.cleaned_data["reply"]
        if not reply.strip():
            raise forms.ValidationError("请填写答复内容")
        return reply
