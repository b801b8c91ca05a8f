"""The yearly file of a village (村情档案)."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from villages.models.villages import Village
from villages.querysets import VillageFileQuerySet


class Rating(models.TextChoices):
    GOOD = "good", "好"
    MIDDLE = "middle", "中"
    BAD = "bad", "差"


class Degree(models.TextChoices):
    NONE = "none", "无"
    SLIGHT = "slight", "轻微"
    MARKED = "marked", "较重"
    SEVERE = "severe", "严重"


def count(label: str, **options: object) -> models.PositiveIntegerField[int | None, int | None]:
    """A number that may be unknown: blank is never zero."""
    return models.PositiveIntegerField(label, null=True, blank=True, **options)  # type: ignore[arg-type]


def money(label: str) -> models.DecimalField[Decimal | str | None, Decimal | None]:
    """An amount in 万元 (10,000 yuan), to the cent of a 万元; may be unknown."""
    return models.DecimalField(
        f"{label}（万元）",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )


FIRST_YEAR = 1990

# Of each pair the first cannot be more than the second; where one is unknown nothing is said.
NOT_MORE_THAN = (
    ("migrants", "population"),
    ("vacancies", "posts"),
    ("members_female", "members"),
    ("members_under_35", "members"),
    ("members_over_60", "members"),
    ("members_over_70", "members_over_60"),
    ("members_mobile", "members"),
    ("recruited_three_years", "members"),
)


class VillageFile(models.Model):
    """村情档案 of one village for one year (domain form F12). Unknown stays blank, never zero."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="files", verbose_name="村")
    year = models.PositiveSmallIntegerField(
        "年度", validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(2100)]
    )
    # 一、基本情况
    households = count("户数")
    population = count("人口")
    residents = count("常住人口")
    migrants = count("外出人口")
    groups = count("村民小组")
    farmland_mu = models.DecimalField(
        "耕地（亩）",
        max_digits=10,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    is_poor_village = models.BooleanField("建档立卡贫困村", null=True, blank=True)
    # 二、两委班子
    director_name = models.CharField("村委会主任", max_length=40, blank=True)
    supervisor_name = models.CharField("村务监督委员会主任", max_length=40, blank=True)
    posts = count("“两委”职数")
    vacancies = count("“两委”缺额")
    # 三、党组织和党员
    members = count("党员总数")
    members_female = count("女党员")
    members_under_35 = count("35 岁以下党员")
    members_over_60 = count("60 岁以上党员")
    members_over_70 = count("70 岁以上党员")
    members_mobile = count("流动党员")
    recruited_three_years = count("近三年发展党员")
    # 四、集体经济
    collective_income = money("集体收入")
    collective_assets = money("集体资产")
    collective_debts = money("集体负债")
    has_activity_place = models.BooleanField("有活动场所", null=True, blank=True)
    activity_area = count("活动场所面积（平方米）")
    activity_built_year = models.PositiveSmallIntegerField("活动场所建成年", null=True, blank=True)
    # 五、治理
    party_disclosed_on = models.DateField("党务最近公开日期", null=True, blank=True)
    affairs_disclosed_on = models.DateField("村务最近公开日期", null=True, blank=True)
    finance_disclosed_on = models.DateField("财务最近公开日期", null=True, blank=True)
    petitions = count("信访件数")
    petitions_backlog = count("信访积案数")
    order_cases = count("治安案件数")
    satisfaction = models.DecimalField(
        "群众满意率（%）",
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    dispute_topics = models.CharField(
        "主要矛盾事项", max_length=300, blank=True, help_text="只写事项，不写人名"
    )
    audit_findings = models.CharField(
        "巡察审计发现", max_length=300, blank=True, help_text="只写事项，不写案情"
    )
    clan_influence = models.CharField(
        "宗族派性影响",
        max_length=10,
        choices=Degree.choices,
        blank=True,
        help_text="全村的总体程度，不涉及任何个人",
    )
    rating = models.CharField("年度评价", max_length=10, choices=Rating.choices, blank=True)
    entered_on = models.DateField("填报日期", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = VillageFileQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="村情档案沿革")

    class Meta:
        verbose_name = verbose_name_plural = "村情档案"
        ordering = ["village", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "year"],
                name="village_file_once_a_year",
                violation_error_message="该村这一年度的村情档案已经建立，请直接修改",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{part}__lte": F(whole)}), name=f"village_file_{part}"
                )
                for part, whole in NOT_MORE_THAN
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.year} 年村情档案"

    def get_absolute_url(self) -> str:
        return f"{reverse('villages:village_detail', args=[self.village_id])}?year={self.year}"

    @property
    def is_late_entry(self) -> bool:
        """补录: entered after the year was over."""
        return bool(self.entered_on and self.entered_on.year > self.year)
