"""Stage assessments, acceptance, and what follows it: look-backs and signals of relapse."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from core import clock
from rectification.choices import Conclusion, Progress, SignalKind
from rectification.models.cases import Case
from rectification.models.people import Cadre
from rectification.querysets import CaseRowQuerySet, FollowUpQuerySet, SignalQuerySet


class StageAssessment(models.Model):
    """阶段评估 of a case that stays 整顿中: 明显提升 is not 转化."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="assessments")
    assessed_on = models.DateField("评估日期")
    result = models.CharField("评估结果", max_length=8, choices=Progress.choices)
    meeting = models.CharField("会议", max_length=60)
    grounds = models.TextField("评估依据", max_length=1000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", default=clock.now)

    objects = CaseRowQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "阶段评估"
        ordering = ["-assessed_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.case} {self.assessed_on} {self.get_result_display()}"


class Acceptance(models.Model):
    """验收: one application and what came of it; a second try is a second row."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="acceptances")
    serial = models.PositiveSmallIntegerField("第几次", default=1)
    applied_on = models.DateField("申请日期")
    application_note = models.TextField("申请说明", max_length=2000, blank=True)
    closing_rates: models.JSONField[Any, Any] = models.JSONField("各难度销号率", default=list)
    returned_on = models.DateField("退回日期", null=True, blank=True)
    inspected_on = models.DateField("验收日期", null=True, blank=True)
    team = models.ManyToManyField(
        Cadre, related_name="acceptances", blank=True, verbose_name="验收组成员"
    )
    expected = models.PositiveIntegerField("应到", null=True, blank=True)
    present = models.PositiveIntegerField("实到", null=True, blank=True)
    issued = models.PositiveIntegerField("发放", null=True, blank=True)
    returned = models.PositiveIntegerField("收回", null=True, blank=True)
    valid = models.PositiveIntegerField("有效", null=True, blank=True)
    satisfied = models.PositiveIntegerField("满意", null=True, blank=True)
    basically = models.PositiveIntegerField("基本满意", null=True, blank=True)
    dissatisfied = models.PositiveIntegerField("不满意", null=True, blank=True)
    members_expected = models.PositiveIntegerField("党员应到", null=True, blank=True)
    members_present = models.PositiveIntegerField("党员实到", null=True, blank=True)
    score = models.DecimalField("验收得分", max_digits=4, decimal_places=1, null=True, blank=True)
    veto = models.CharField("一票否决事项", max_length=300, blank=True)
    computed = models.CharField(
        "按标准得出的结论", max_length=12, choices=Conclusion.choices, blank=True
    )
    computed_reasons: models.JSONField[Any, Any] = models.JSONField("依据", default=list)
    conclusion = models.CharField("验收结论", max_length=12, choices=Conclusion.choices, blank=True)
    lowered_reason = models.CharField("从严的理由", max_length=300, blank=True)
    decided_on = models.DateField("审定日期", null=True, blank=True)
    decision_no = models.CharField("审定文号", max_length=60, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = CaseRowQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "验收"
        ordering = ["case", "-serial"]
        constraints = [
            models.UniqueConstraint(fields=["case", "serial"], name="acceptance_serial_once"),
            models.CheckConstraint(
                condition=Q(present=None) | Q(expected=None) | Q(present__lte=F("expected")),
                name="acceptance_present_le_expected",
                violation_error_message="实到人数不能多于应到人数",
            ),
            models.CheckConstraint(
                condition=Q(issued=None) | Q(present=None) | Q(issued__lte=F("present")),
                name="acceptance_issued_le_present",
                violation_error_message="发放票数不能多于实到人数",
            ),
            models.CheckConstraint(
                condition=Q(returned=None) | Q(issued=None) | Q(returned__lte=F("issued")),
                name="acceptance_returned_le_issued",
                violation_error_message="收回票数不能多于发放票数，否则测评无效",
            ),
            models.CheckConstraint(
                condition=Q(valid=None) | Q(returned=None) | Q(valid__lte=F("returned")),
                name="acceptance_valid_le_returned",
                violation_error_message="有效票数不能多于收回票数",
            ),
            models.CheckConstraint(
                condition=Q(valid=None)
                | Q(satisfied=None)
                | Q(basically=None)
                | Q(dissatisfied=None)
                | Q(valid=F("satisfied") + F("basically") + F("dissatisfied")),
                name="acceptance_votes_add_up",
                violation_error_message="满意、基本满意、不满意三项之和应等于有效票数",
            ),
            models.CheckConstraint(
                condition=Q(conclusion="") | Q(decided_on__isnull=False) & ~Q(decision_no=""),
                name="acceptance_concluded_by_decision",
                violation_error_message="验收结论要有审定日期和文号",
            ),
            models.CheckConstraint(
                condition=Q(members_present=None)
                | Q(members_expected=None)
                | Q(members_present__lte=F("members_expected")),
                name="acceptance_members_present_le_expected",
                violation_error_message="党员实到不能多于党员应到",
            ),
            models.CheckConstraint(
                condition=Q(members_present=None)
                | Q(present=None)
                | Q(members_present__lte=F("present")),
                name="acceptance_members_present_le_present",
                violation_error_message="党员实到不能多于全部实到人数",
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=0, score__lte=100),
                name="acceptance_score_in_hundred",
                violation_error_message="验收得分在 0 到 100 之间",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} 第 {self.serial} 次验收"

    def get_absolute_url(self) -> str:
        return reverse("rectification:acceptance_detail", args=[self.pk])

    @property
    def satisfaction(self) -> Decimal | None:
        """满意率 as SATISFACTION_DEFINITION says; None without valid ballots."""
        if not self.valid or self.satisfied is None or self.basically is None:
            return None
        share = Decimal(100 * (self.satisfied + self.basically)) / self.valid
        return share.quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def is_sealed(self) -> bool:
        """Concluded or sent back: kept as it is, whatever comes after."""
        return bool(self.conclusion) or self.returned_on is not None


class FollowUp(models.Model):
    """跟踪问效 (回头看): due 3, 6 and 12 months after transformation."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="follow_ups")
    months = models.PositiveSmallIntegerField("转化后第几个月")
    due_on = models.DateField("应完成日期")
    done_on = models.DateField("完成日期", null=True, blank=True)
    is_stable = models.BooleanField("保持稳定", null=True, blank=True)
    findings = models.TextField("回头看情况", max_length=1000, blank=True)
    by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )
    version = models.PositiveIntegerField("版本", default=1)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "跟踪问效"
        ordering = ["case", "months"]
        constraints = [
            models.UniqueConstraint(fields=["case", "months"], name="follow_up_once"),
            models.CheckConstraint(
                condition=Q(done_on=None) | ~Q(findings=""),
                name="follow_up_done_with_findings",
                violation_error_message="请填写回头看了解到的情况",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.months} 个月跟踪"

    def get_absolute_url(self) -> str:
        return reverse("rectification:follow_up_edit", args=[self.pk])

    @property
    def is_overdue(self) -> bool:
        return self.done_on is None and self.due_on < clock.today()


class RelapseSignal(models.Model):
    """反弹苗头: a question that must be answered before the village is released."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="signals")
    kind = models.CharField("苗头", max_length=12, choices=SignalKind.choices)
    observed_on = models.DateField("发现日期")
    note = models.CharField("情况", max_length=300)
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    answer = models.TextField("处置情况", max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )
    answered_on = models.DateField("答复日期", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = SignalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "反弹苗头"
        ordering = ["-observed_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.case} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("rectification:signal_answer", args=[self.pk])
