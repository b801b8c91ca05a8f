"""The ten categories, and a year's standard: criteria, slots, milestones, frequencies, lines."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from accounts.models import User
from divisions.models import Division
from rectification.choices import SATISFACTION_DEFINITION
from rectification.querysets import StandardQuerySet, StandardSlotQuerySet
from rectification.similarity import LEAST_PERCENT, USUAL_LIMIT


class Category(models.Model):
    """One of the ten central types of a weak and lax village Party organization (2014 notice)."""

    code = models.CharField("编号", max_length=3, primary_key=True)
    name = models.CharField("名称", max_length=60)
    short_name = models.CharField("简称", max_length=12)
    definition = models.CharField("定义", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "认定类型"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Standard(models.Model):
    """认定与整顿标准 of a district for a year. Frozen once published; mended by a new version."""

    class Status(models.TextChoices):
        DRAFT = "draft", "编制中"
        PUBLISHED = "published", "已发布"

    district = models.ForeignKey(
        Division, models.PROTECT, related_name="standards", verbose_name="区县"
    )
    year = models.PositiveSmallIntegerField(
        "年度", validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    name = models.CharField("名称", max_length=80)
    edition = models.PositiveSmallIntegerField("版次", default=1)
    revises = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="revisions",
        verbose_name="修订自",
    )
    revision_reason = models.CharField("修订原因", max_length=200, blank=True)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.DRAFT)
    published_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="发布人"
    )
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    # day limits
    late_entry_days = models.PositiveSmallIntegerField("走访几天后录入算补录", default=2)
    stall_days = models.PositiveSmallIntegerField("任务多少天无进展算停滞", default=30)
    rectification_days = models.PositiveSmallIntegerField("整顿期限（认定后天数）", default=270)
    consolidation_months = models.PositiveSmallIntegerField("基本合格后延长巩固（月）", default=6)
    election_warning_months = models.PositiveSmallIntegerField("换届前预警（月）", default=12)
    # plans
    similarity_percent = models.PositiveSmallIntegerField(
        "方案雷同提示线（%）",
        default=USUAL_LIMIT,
        validators=[MinValueValidator(LEAST_PERCENT), MaxValueValidator(100)],
        help_text="与别村方案相同超过这条线的，批准要写明理由",
    )
    # acceptance: ballots
    quorum_percent = models.PositiveSmallIntegerField(
        "测评实到率不低于（%）", default=67, validators=[MaxValueValidator(100)]
    )
    min_ballots = models.PositiveSmallIntegerField("有效票不少于（张）", default=15)
    min_member_percent = models.PositiveSmallIntegerField(
        "参加测评党员比例不低于（%）", default=30, validators=[MaxValueValidator(100)]
    )
    # acceptance: lines
    pass_score = models.DecimalField("合格分", max_digits=4, decimal_places=1, default=70)
    fail_score = models.DecimalField("不合格分（低于）", max_digits=4, decimal_places=1, default=60)
    pass_satisfaction = models.DecimalField(
        "合格满意率（%）",
        max_digits=4,
        decimal_places=1,
        default=80,
        help_text=SATISFACTION_DEFINITION,
    )
    fail_satisfaction = models.DecimalField(
        "不合格满意率（%，低于）", max_digits=4, decimal_places=1, default=50
    )
    version = models.PositiveIntegerField("版本", default=1)

    objects = StandardQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="标准沿革")

    class Meta:
        verbose_name = verbose_name_plural = "认定与整顿标准"
        ordering = ["-year", "-edition"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "year", "edition"],
                name="standard_edition_once",
                violation_error_message="本区县这一年度已有同一版次的标准",
            ),
            models.CheckConstraint(
                condition=Q(fail_score__lte=F("pass_score"))
                & Q(fail_satisfaction__lte=F("pass_satisfaction")),
                name="standard_fail_line_below_pass_line",
                violation_error_message="不合格线不能高于合格线",
            ),
            models.CheckConstraint(
                condition=Q(revises=None) | ~Q(revision_reason=""),
                name="standard_revision_has_reason",
                violation_error_message="修订已发布的标准要写明原因",
            ),
        ]

    def __str__(self) -> str:
        edition = f"（第 {self.edition} 版）" if self.edition > 1 else ""
        return f"{self.year} 年{self.name}{edition}"

    @property
    def is_frozen(self) -> bool:
        """A published standard is never edited."""
        return self.status == self.Status.PUBLISHED


class Criterion(models.Model):
    """One criterion of a standard. A direct hit needs a written reason to be left out."""

    class Kind(models.TextChoices):
        DIRECT = "direct", "直接认定"
        DISCRETIONARY = "discretionary", "酌情认定"

    class Comparison(models.TextChoices):
        GTE = "gte", "不少于"
        GT = "gt", "大于"
        LTE = "lte", "不大于"
        LT = "lt", "小于"
        IS = "is", "是"

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="criteria")
    number = models.PositiveSmallIntegerField("序号")
    text = models.CharField("标准条文", max_length=200)
    kind = models.CharField("性质", max_length=15, choices=Kind.choices)
    indicator = models.CharField("指标", max_length=60, blank=True)
    comparison = models.CharField("比较", max_length=5, choices=Comparison.choices, blank=True)
    threshold = models.DecimalField("阈值", max_digits=10, decimal_places=2, null=True, blank=True)
    source = models.CharField("数据来源", max_length=60, blank=True)
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="criteria", verbose_name="对应类型"
    )

    class Meta:
        verbose_name = verbose_name_plural = "认定条件"
        ordering = ["standard", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "number"],
                name="criterion_number_once",
                violation_error_message="序号重复",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"


class StandardSlot(models.Model):
    """A place to be filled in each case: one of the four ones (四个一), or a further one."""

    class Kind(models.TextChoices):
        CADRE = "cadre", "干部"
        UNIT = "unit", "单位"

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="slots")
    number = models.PositiveSmallIntegerField("序号")
    key = models.SlugField("代号", max_length=30)
    name = models.CharField("名称", max_length=40)
    kind = models.CharField("填谁", max_length=5, choices=Kind.choices, default=Kind.CADRE)
    due_days = models.PositiveSmallIntegerField("认定后几天内到位", default=7)
    is_enabled = models.BooleanField("启用", default=True)

    objects = StandardSlotQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "帮扶力量配置"
        ordering = ["standard", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "key"],
                name="slot_key_once",
                violation_error_message="代号重复",
            )
        ]

    def __str__(self) -> str:
        return self.name


class MilestoneTemplate(models.Model):
    """A milestone that each case of the standard gets, with its distance from an anchor date."""

    class Anchor(models.TextChoices):
        DESIGNATED = "designated", "认定之日"
        TRANSFORMED = "transformed", "转化之日"

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="milestones")
    number = models.PositiveSmallIntegerField("序号")
    key = models.SlugField("代号", max_length=30)
    name = models.CharField("名称", max_length=40)
    anchor = models.CharField(
        "从何时起算", max_length=12, choices=Anchor.choices, default=Anchor.DESIGNATED
    )
    days = models.PositiveSmallIntegerField("天数", default=0)
    months = models.PositiveSmallIntegerField("月数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "进度节点模板"
        ordering = ["standard", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "key"],
                name="milestone_template_key_once",
                violation_error_message="代号重复",
            )
        ]

    def __str__(self) -> str:
        return self.name


class VisitFrequency(models.Model):
    """How often a slot is expected in the village: a duty shown, never a score."""

    class Period(models.TextChoices):
        WEEK = "week", "每周"
        MONTH = "month", "每月"
        QUARTER = "quarter", "每季度"

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="frequencies")
    slot_key = models.SlugField("配置代号", max_length=30)
    period = models.CharField("周期", max_length=8, choices=Period.choices)
    times = models.PositiveSmallIntegerField("次数（天数）", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "走访频次要求"
        ordering = ["standard", "slot_key"]

    def __str__(self) -> str:
        return f"{self.slot_key} {self.get_period_display()} {self.times} 次"
