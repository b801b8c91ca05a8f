"""The terms of a village's secretaries."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from villages.models.villages import Village
from villages.querysets import SecretaryTermQuerySet


class SecretaryTerm(models.Model):
    """One person's time as secretary of one village Party organization."""

    class Occupation(models.TextChoices):
        FARMING = "farming", "务农"
        BUSINESS = "business", "经商办企业"
        MIGRANT = "migrant", "外出务工"
        TOWN_CADRE = "town_cadre", "乡镇干部"
        VETERAN = "veteran", "退役军人"
        OTHER = "other", "其他"

    class ChosenBy(models.TextChoices):
        ELECTED = "elected", "选举"
        SENT = "sent", "上级派"
        OPEN = "open", "公开选"
        NEIGHBOUR = "neighbour", "邻村调"

    class EndReason(models.TextChoices):
        TERM = "term", "换届"
        ADJUSTED = "adjusted", "调整"
        RESIGNED = "resigned", "辞职"
        REMOVED = "removed", "免职"
        OTHER = "other", "其他"

    class Education(models.TextChoices):
        PRIMARY = "primary", "小学"
        JUNIOR = "junior", "初中"
        SENIOR = "senior", "高中（中专）"
        COLLEGE = "college", "大专"
        BACHELOR = "bachelor", "本科及以上"

    village = models.ForeignKey(Village, models.PROTECT, related_name="terms", verbose_name="村")
    name = models.CharField("书记姓名", max_length=40)
    birth_year = models.PositiveSmallIntegerField(
        "出生年份",
        null=True,
        blank=True,
        validators=[MinValueValidator(1920), MaxValueValidator(2010)],
    )
    education = models.CharField("文化程度", max_length=10, choices=Education.choices, blank=True)
    occupation_before = models.CharField(
        "任前主要从事", max_length=12, choices=Occupation.choices, blank=True
    )
    lives_elsewhere = models.BooleanField("走读（不住本村）", null=True, blank=True)
    holds_both_posts = models.BooleanField("书记主任一肩挑", null=True, blank=True)
    chosen_by = models.CharField("产生方式", max_length=10, choices=ChosenBy.choices, blank=True)
    started_on = models.DateField("任职日期")
    ended_on = models.DateField("离任日期", null=True, blank=True)
    end_reason = models.CharField("离任原因", max_length=10, choices=EndReason.choices, blank=True)
    to_replace_since = models.DateField(
        "列为需调整的日期", null=True, blank=True, help_text="年初列入需调整书记的，填列入日期"
    )
    version = models.PositiveIntegerField("版本", default=1)

    objects = SecretaryTermQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="书记任期沿革")

    class Meta:
        verbose_name = verbose_name_plural = "书记任期"
        ordering = ["village", "-started_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="secretary_term_period",
                violation_error_message="离任日期不能早于任职日期",
            ),
            models.UniqueConstraint(
                fields=["village"],
                condition=Q(ended_on=None),
                name="one_secretary_at_a_time",
                violation_error_message="该村已有在任书记，请先填写前任的离任日期",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.name}"
