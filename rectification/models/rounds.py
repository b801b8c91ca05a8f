"""The yearly round: results for every village, the townships' lists, departments' opinions."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accounts.models import User
from accounts.roles import Department
from divisions.models import Division
from rectification.choices import (
    OpinionConclusion,
    RoundStatus,
    ScreeningOutcome,
    SubmissionStatus,
)
from rectification.models.standards import Category, Criterion, Standard
from rectification.querysets import (
    OpinionQuerySet,
    RoundQuerySet,
    ScreeningQuerySet,
    SubmissionQuerySet,
)
from villages.models import Village


class Round(models.Model):
    """年度轮次: one screening of all villages of a district under one published standard."""

    district = models.ForeignKey(
        Division, models.PROTECT, related_name="rounds", verbose_name="区县"
    )
    year = models.PositiveSmallIntegerField(
        "年度", validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    name = models.CharField("名称", max_length=80)
    standard = models.ForeignKey(
        Standard, models.PROTECT, related_name="rounds", verbose_name="采用的标准"
    )
    includes_communities = models.BooleanField("社区也排查", default=False)
    status = models.CharField(
        "状态", max_length=10, choices=RoundStatus.choices, default=RoundStatus.PREPARING
    )
    opened_on = models.DateField("启动日期", null=True, blank=True)
    due_on = models.DateField("乡镇上报截止日期", null=True, blank=True)
    closed_on = models.DateField("结束日期", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = RoundQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="轮次沿革")

    class Meta:
        verbose_name = verbose_name_plural = "年度轮次"
        ordering = ["-year", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "year"],
                name="round_once_a_year",
                violation_error_message="本区县这一年度的轮次已经建立",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("rectification:round_detail", args=[self.pk])


class Screening(models.Model):
    """排查结果 of one village in one round. An empty outcome: not yet looked at, never 'no'."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="screenings")
    village = models.ForeignKey(
        Village, models.PROTECT, related_name="screenings", verbose_name="村"
    )
    outcome = models.CharField(
        "排查结果", max_length=12, choices=ScreeningOutcome.choices, blank=True
    )
    main_category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="主要类型",
    )
    further_categories = models.ManyToManyField(
        Category, related_name="+", blank=True, verbose_name="其他类型"
    )
    criteria_hit = models.ManyToManyField(
        Criterion, related_name="screenings", blank=True, verbose_name="符合的认定条件"
    )
    reason = models.TextField("理由", max_length=1000, blank=True)
    entered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="填报人"
    )
    entered_at = models.DateTimeField("填报时间", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = ScreeningQuerySet.as_manager()
    history = HistoricalRecords(
        verbose_name="排查沿革", m2m_fields=[further_categories, criteria_hit]
    )

    class Meta:
        verbose_name = verbose_name_plural = "排查结果"
        ordering = ["round", "village"]
        constraints = [
            models.UniqueConstraint(fields=["round", "village"], name="screening_once_a_round"),
            models.CheckConstraint(
                condition=~Q(outcome=ScreeningOutcome.LISTED) | Q(main_category__isnull=False),
                name="screening_listed_has_main_category",
                violation_error_message="拟列入的村要选定主要类型",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.get_outcome_display() or '未排查'}"

    def get_absolute_url(self) -> str:
        return reverse("rectification:screening_edit", args=[self.pk])


class TownshipSubmission(models.Model):
    """报送: one township's list in one round; an empty one goes up too (零报告)."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="submissions")
    township = models.ForeignKey(
        Division, models.PROTECT, related_name="submissions", verbose_name="乡镇"
    )
    status = models.CharField(
        "状态", max_length=10, choices=SubmissionStatus.choices, default=SubmissionStatus.OPEN
    )
    meeting_on = models.DateField("乡镇党委会日期", null=True, blank=True)
    note = models.TextField("说明", max_length=1000, blank=True)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="上报人"
    )
    submitted_at = models.DateTimeField("上报时间", null=True, blank=True)
    return_reason = models.TextField("退回原因", max_length=500, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = SubmissionQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="报送沿革")

    class Meta:
        verbose_name = verbose_name_plural = "乡镇报送"
        ordering = ["round", "township"]
        constraints = [
            models.UniqueConstraint(fields=["round", "township"], name="submission_once_a_round"),
        ]

    def __str__(self) -> str:
        return f"{self.township} {self.round}"

    def get_absolute_url(self) -> str:
        return reverse("rectification:submission_detail", args=[self.pk])


class DepartmentOpinion(models.Model):
    """联查征询: a question to one department about one village, answered without case details."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="opinions")
    village = models.ForeignKey(Village, models.PROTECT, related_name="opinions", verbose_name="村")
    department = models.CharField("部门", max_length=20, choices=Department.choices)
    question = models.CharField("征询事项", max_length=300)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="征询人")
    asked_on = models.DateField("征询日期")
    due_on = models.DateField("请于何日前答复")
    conclusion = models.CharField(
        "结论", max_length=10, choices=OpinionConclusion.choices, blank=True
    )
    answer = models.TextField(
        "意见", max_length=500, blank=True, help_text="只写结论和理由，不写案情、线索和个人信息"
    )
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )
    answered_on = models.DateField("答复日期", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = OpinionQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="征询沿革")

    class Meta:
        verbose_name = verbose_name_plural = "联查征询"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "village", "department"],
                name="opinion_once_per_department",
                violation_error_message="本轮已就该村征询过这个部门",
            )
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.get_department_display()}"

    def get_absolute_url(self) -> str:
        return reverse("rectification:opinion_answer", args=[self.pk])
