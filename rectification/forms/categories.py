"""The fields for the types of a village: the main one, and those beside it."""

from __future__ import annotations

from django import forms

from rectification.models import Category


def categories(label: str = "主要类型") -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=label, queryset=Category.objects.order_by("code"), empty_label="请选择"
    )


def further() -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        label="其他类型",
        queryset=Category.objects.order_by("code"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
