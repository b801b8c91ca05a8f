"""What a district learns from its problems: causes, measures with their results, topics."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accounts.models import User
from accounts.roles import Department
from core import clock
from divisions.models import Division
from rectification.choices import AnswerKind, HelpField
from rectification.models.standards import Category
from rectification.querysets import CauseQuerySet, MeasureQuerySet, TopicQuerySet


class Cause(models.Model):
    """问题成因: why something is wrong, apart from the category under which it is listed.

    The shipped ones are one list for all districts, like the categories, so that figures compare; a
    district adds its own. What was used is retired, never deleted. ``help_field`` says which kind
    of unit should help with it (党群治弱、政法治乱、经济治穷).
    """

    code = models.CharField("编号", max_length=6, primary_key=True)
    district = models.ForeignKey(
        Division,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="causes",
        verbose_name="哪个区县自编",
    )
    name = models.CharField("成因", max_length=40)
    help_field = models.CharField("适合谁帮", max_length=10, choices=HelpField.choices)
    is_in_use = models.BooleanField("在用", default=True)

    objects = CauseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "问题成因"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Measure(models.Model):
    """措施库: a measure a district uses again; what it achieved is counted from the tasks."""

    district = models.ForeignKey(
        Division, models.PROTECT, related_name="measures", verbose_name="区县"
    )
    text = models.CharField("措施", max_length=200)
    result_wanted = models.CharField("要求和标志性成果", max_length=200, blank=True)
    cause = models.ForeignKey(
        Cause,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="measures",
        verbose_name="针对的成因",
    )
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="measures",
        verbose_name="针对的类型",
    )
    days = models.PositiveSmallIntegerField("通常在认定后几天内完成", default=90)
    is_in_use = models.BooleanField("在用", default=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = MeasureQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="措施沿革")

    class Meta:
        verbose_name = verbose_name_plural = "措施"
        ordering = ["category", "cause", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "text"],
                name="measure_once",
                violation_error_message="措施库里已经有这条措施",
            ),
            models.CheckConstraint(
                condition=Q(cause__isnull=False) | Q(category__isnull=False),
                name="measure_has_an_aim",
                violation_error_message="请选择针对的类型或成因",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("rectification:measure_detail", args=[self.pk])


class Topic(models.Model):
    """区级专题: the same hard cause in several villages, settled by one answer of the district."""

    district = models.ForeignKey(
        Division, models.PROTECT, related_name="topics", verbose_name="区县"
    )
    title = models.CharField("专题", max_length=120)
    cause = models.ForeignKey(Cause, models.PROTECT, related_name="topics", verbose_name="成因")
    question = models.TextField("要解决的共性问题", max_length=1000)
    department = models.CharField("牵头部门", max_length=20, choices=Department.choices, blank=True)
    reply_due_on = models.DateField("请于何日前答复")
    reply_days = models.PositiveSmallIntegerField("答复期限（工作日）", null=True, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提出人")
    made_at = models.DateTimeField("提出时间", default=clock.now)
    answer_kind = models.CharField(
        "答复结果", max_length=10, choices=AnswerKind.choices, blank=True
    )
    answer = models.TextField("答复内容", max_length=2000, blank=True)
    decision_no = models.CharField("文号", max_length=60, blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    # Counted by TopicQuerySet.for_list.
    village_count: int
    problem_count: int

    objects = TopicQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="专题沿革")

    class Meta:
        verbose_name = verbose_name_plural = "区级专题"
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("rectification:topic_detail", args=[self.pk])
