"""Signing in and choosing a password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm

from core.forms import StyledForm

if TYPE_CHECKING:
    from accounts.models import User


class SignInForm(StyledForm, AuthenticationForm):
    """Account name and password; the answer does not tell which of them is wrong."""

    error_messages = {
        "invalid_login": "账号或密码不对，请核对大小写后再试",
        "inactive": "这个账号已停用，请联系本单位系统管理员",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "账号"
        self.fields["password"].label = "密码"


class OwnPasswordForm(StyledForm, PasswordChangeForm):
    """A new password of one's own; the present one is asked for."""

    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": "当前密码不对，请重新输入",
        "password_mismatch": "两次输入的新密码不一样",
    }
    field_order = ["old_password", "new_password1", "new_password2"]

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        old, new = self.fields["old_password"], self.fields["new_password1"]
        old.label = "初始密码" if user.must_change_password else "当前密码"
        new.label = "新密码"
        new.help_text = "至少 10 个字符，不能全是数字，不要用姓名、账号或常见密码"
        self.fields["new_password2"].label = "再输入一次新密码"
        self.fields["new_password2"].help_text = ""

    def clean_new_password1(self) -> str:
        """Refuse the password that is being replaced."""
        new: str = self.cleaned_data.get("new_password1", "")
        if new and self.user.check_password(new):
            raise forms.ValidationError("新密码不能与当前密码相同")
        return new
