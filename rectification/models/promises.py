"""What was promised to a village and came or did not come, and what help it got."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accounts.models import User
from core import clock
from rectification.choices import HelpKind, PromiseKind, PromiseState
from rectification.models.cases import Case
from rectification.models.people import Cadre
from rectification.models.problems import Problem
from rectification.querysets import HelpItemQuerySet, PromiseQuerySet


class Promise(models.Model):
    """承诺: policy, money, a project or people, promised by a leader or a unit."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="promises", verbose_name="整顿档案")
    problem = models.ForeignKey(
        Problem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="promises",
        verbose_name="为哪个问题",
    )
    kind = models.CharField("种类", max_length=10, choices=PromiseKind.choices)
    what = models.CharField("承诺内容", max_length=200)
    amount = models.DecimalField(
        "金额（万元）", max_digits=10, decimal_places=2, null=True, blank=True
    )
    cadre = models.ForeignKey(
        Cadre,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="promises",
        verbose_name="承诺人",
    )
    unit_name = models.CharField("承诺单位", max_length=80, blank=True)
    promised_on = models.DateField("承诺日期")
    due_on = models.DateField("兑现期限")
    arrived_on = models.DateField("到位日期", null=True, blank=True)
    arrived_amount = models.DecimalField(
        "到位金额（万元）", max_digits=10, decimal_places=2, null=True, blank=True
    )
    confirmed_by_whom = models.CharField("村里谁确认的（职务）", max_length=40, blank=True)
    confirmed_on = models.DateField("确认日期", null=True, blank=True)
    withdrawn_on = models.DateField("收回日期", null=True, blank=True)
    withdrawn_reason = models.CharField("收回原因", max_length=200, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    entered_at = models.DateTimeField("登记时间", default=clock.now)
    version = models.PositiveIntegerField("版本", default=1)

    objects = PromiseQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="承诺沿革")

    class Meta:
        verbose_name = verbose_name_plural = "承诺"
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cadre__isnull=False) | ~Q(unit_name=""),
                name="promise_has_a_promiser",
                violation_error_message="请选择承诺人，或者填写承诺单位",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("promised_on")),
                name="promise_period",
                violation_error_message="兑现期限不能早于承诺日期",
            ),
            models.CheckConstraint(
                condition=Q(arrived_on=None) | Q(withdrawn_on=None),
                name="promise_arrived_or_withdrawn",
                violation_error_message="已到位的承诺不能收回",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on=None) | Q(arrived_on__isnull=False),
                name="promise_confirmed_when_arrived",
                violation_error_message="到位以后才能由村里确认",
            ),
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        return reverse("rectification:promise_detail", args=[self.pk])

    @property
    def promiser(self) -> str:
        """Who promised, in words."""
        return "、".join(str(part) for part in (self.cadre, self.unit_name) if part)

    @property
    def status(self) -> PromiseState:
        """Where the promise stands, from its dates."""
        if self.withdrawn_on:
            return PromiseState.WITHDRAWN
        if self.confirmed_on:
            return PromiseState.CONFIRMED
        return PromiseState.ARRIVED if self.arrived_on else PromiseState.OWED

    def get_status_display(self) -> str:
        """The words of the status, as a column would have them."""
        return str(self.status.label)

    @property
    def is_owed(self) -> bool:
        return self.status == PromiseState.OWED

    @property
    def is_short(self) -> bool:
        """Money that arrived, but less than was promised."""
        return bool(self.amount and self.arrived_on) and (self.arrived_amount or 0) < self.amount  # type: ignore[operator]

    @property
    def is_overdue(self) -> bool:
        return self.is_owed and self.due_on < clock.today()


class HelpItem(models.Model):
    """帮扶事项, by kind; 慰问 is counted apart and never as help."""

    case = models.ForeignKey(
        Case, models.PROTECT, related_name="help_items", verbose_name="整顿档案"
    )
    kind = models.CharField("类别", max_length=10, choices=HelpKind.choices)
    on = models.DateField("日期")
    what = models.CharField("做了什么", max_length=200)
    cadre = models.ForeignKey(
        Cadre,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="help_items",
        verbose_name="帮扶人",
    )
    unit_name = models.CharField("帮扶单位", max_length=80, blank=True)
    amount = models.DecimalField(
        "金额（万元）", max_digits=10, decimal_places=2, null=True, blank=True
    )
    households = models.PositiveIntegerField("惠及户数", null=True, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    entered_at = models.DateTimeField("登记时间", default=clock.now)
    version = models.PositiveIntegerField("版本", default=1)

    objects = HelpItemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "帮扶事项"
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cadre__isnull=False) | ~Q(unit_name=""),
                name="help_has_a_helper",
                violation_error_message="请选择帮扶人，或者填写帮扶单位",
            )
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        return f"{self.case.get_absolute_url()}?tab=people#help"

    @property
    def helper(self) -> str:
        """Who helped, in words."""
        return "、".join(str(part) for part in (self.cadre, self.unit_name) if part)
