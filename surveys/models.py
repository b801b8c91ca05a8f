"""Survey records: seminars, interviews, questionnaires, by kind and number of people, no names."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accounts.models import User
from core import clock
from divisions.models import Division
from rectification.models import Round
from surveys.choices import TALKS, RecordKind, RecordLevel
from surveys.querysets import SurveyRecordQuerySet
from villages.models import Village

PEOPLE_FIELDS = (
    "members",
    "representatives",
    "villagers",
    "village_cadres",
    "township_cadres",
    "others",
)
SHEET_FIELDS = ("issued", "returned", "valid")
NOBODY = dict.fromkeys(PEOPLE_FIELDS, 0)


class SurveyRecord(models.Model):
    """One seminar, one interview, or one batch of questionnaires of a round.

    Its level says where it was held: in a village, for a township, for the whole district.
    """

    round = models.ForeignKey(
        Round, models.PROTECT, related_name="survey_records", verbose_name="轮次"
    )
    kind = models.CharField("形式", max_length=15, choices=RecordKind.choices)
    level = models.CharField("层次", max_length=10, choices=RecordLevel.choices)
    village = models.ForeignKey(
        Village,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="survey_records",
        verbose_name="村",
    )
    township = models.ForeignKey(
        Division,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="survey_records",
        verbose_name="乡镇",
    )
    held_on = models.DateField("日期")
    topic = models.CharField("主题", max_length=120)
    members = models.PositiveIntegerField("党员", default=0)
    representatives = models.PositiveIntegerField("村民代表", default=0)
    villagers = models.PositiveIntegerField("村民", default=0)
    village_cadres = models.PositiveIntegerField("村干部", default=0)
    township_cadres = models.PositiveIntegerField("乡镇干部", default=0)
    others = models.PositiveIntegerField("其他人员", default=0)
    issued = models.PositiveIntegerField("发放", null=True, blank=True)
    returned = models.PositiveIntegerField("收回", null=True, blank=True)
    valid = models.PositiveIntegerField("有效", null=True, blank=True)
    findings = models.TextField(
        "反映的情况", max_length=4000, help_text="写事不写人：不写姓名、电话、证件号"
    )
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="录入人")
    entered_at = models.DateTimeField("录入时间", default=clock.now)
    version = models.PositiveIntegerField("版本", default=1)

    objects = SurveyRecordQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="调研记录沿革")

    class Meta:
        verbose_name = verbose_name_plural = "调研记录"
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level=RecordLevel.VILLAGE, village__isnull=False, township=None)
                | Q(level=RecordLevel.TOWNSHIP, village=None, township__isnull=False)
                | Q(level=RecordLevel.DISTRICT, village=None, township=None),
                name="survey_record_place_fits_level",
                violation_error_message="村一级选村，乡镇一级选乡镇，区一级都不选",
            ),
            models.CheckConstraint(
                condition=Q(kind=RecordKind.QUESTIONNAIRE, **NOBODY)
                | Q(kind__in=TALKS) & ~Q(**NOBODY),
                name="survey_record_talk_has_people",
                violation_error_message="座谈会和访谈填各类人数（至少一人），问卷不填人数",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind=RecordKind.QUESTIONNAIRE,
                    issued__isnull=False,
                    returned__isnull=False,
                    valid__isnull=False,
                )
                | Q(kind__in=TALKS, issued=None, returned=None, valid=None),
                name="survey_record_questionnaire_has_sheets",
                violation_error_message="问卷填发放、收回、有效份数，座谈会和访谈不填",
            ),
            models.CheckConstraint(
                condition=Q(returned=None) | Q(returned__lte=F("issued")),
                name="survey_record_returned_le_issued",
                violation_error_message="收回份数不能多于发放份数",
            ),
            models.CheckConstraint(
                condition=Q(valid=None) | Q(valid__lte=F("returned")),
                name="survey_record_valid_le_returned",
                violation_error_message="有效份数不能多于收回份数",
            ),
        ]
        indexes = [
            models.Index(fields=["round", "-held_on"], name="survey_round_day"),
            models.Index(fields=["-held_on", "-id"], name="survey_day"),
        ]

    def __str__(self) -> str:
        return f"{self.held_on} {self.topic}"

    def get_absolute_url(self) -> str:
        return reverse("surveys:record_detail", args=[self.pk])

    @property
    def is_talk(self) -> bool:
        """Whether people were talked with face to face."""
        return self.kind in TALKS

    @property
    def people(self) -> int:
        """Everybody talked with, of all kinds."""
        return sum(getattr(self, name) for name in PEOPLE_FIELDS)

    @property
    def people_by_kind(self) -> list[tuple[str, int]]:
        """The kinds that were there, with their numbers."""
        labels = field_labels()
        named = [(labels[name], getattr(self, name)) for name in PEOPLE_FIELDS]
        return [(label, number) for label, number in named if number]

    @property
    def place(self) -> str:
        """Where it was held: village with its township, township, or the district."""
        if self.village:
            return f"{self.village.township}{self.village}"
        return str(self.township or self.round.district)

    @property
    def days_late(self) -> int:
        """Days between the event and its entry."""
        return (clock.day_of(self.entered_at) - self.held_on).days

    @property
    def is_late(self) -> bool:
        """补录: entered more than the standard's days after it was held."""
        return self.days_late > self.round.standard.late_entry_days


def field_labels() -> dict[str, str]:
    """The word for each column, as forms, corrections and exports show it."""
    return {field.name: str(field.verbose_name) for field in SurveyRecord._meta.concrete_fields}
