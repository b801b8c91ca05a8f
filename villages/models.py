"""Villages, their yearly files (村情档案) and the terms of their secretaries."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from core.models import Job
from divisions.codes import Level, VillageKind
from divisions.models import Division
from villages.querysets import (
    DivisionImportQuerySet,
    SecretaryTermQuerySet,
    VillageFileQuerySet,
    VillageQuerySet,
)


SHORTENED = (
    ("村民委员会", "村"),
    ("村委会", "村"),
    ("社区居民委员会", "社区"),
    ("社区居委会", "社区"),
    ("居民委员会", ""),
    ("居委会", ""),
)


class Village(models.Model):
    """A village or community under a township. Its code may change, the row stays."""

    code = models.CharField(
        "区划代码",
        max_length=12,
        unique=True,
        error_messages={"unique": "已有使用这个区划代码的村"},
    )
    name = models.CharField("名称", max_length=80)
    township = models.ForeignKey(
        Division, models.PROTECT, related_name="villages", verbose_name="乡镇"
    )
    kind = models.CharField("类别", max_length=10, choices=VillageKind.choices)
    next_election_on = models.DateField("下次换届日期", null=True, blank=True)
    valid_from = models.DateField("启用日期", null=True, blank=True)
    valid_to = models.DateField("停用日期", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = VillageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "村庄"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="village_valid_period",
                violation_error_message="停用日期应晚于启用日期",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    def get_absolute_url(self) -> str:
        return reverse("villages:village_detail", args=[self.pk])

    @property
    def short_name(self) -> str:
        """The everyday name: 清泉村 for 清泉村委会, 富乐社区 for 富乐社区居委会."""
        for tail, kept in SHORTENED:
            if self.name.endswith(tail) and self.name != tail:
                stem = self.name.removesuffix(tail)
                return stem if stem.endswith(kept) else stem + kept
        return self.name


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


class DivisionImport(models.Model):
    """One file of divisions and villages: checked, looked at, then taken whole or not at all."""

    class State(models.TextChoices):
        CHECKING = "checking", "核对中"
        REFUSED = "refused", "有错误，未导入"
        READY = "ready", "待确认"
        APPLIED = "applied", "已导入"
        EXPIRED = "expired", "预览已过期"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="导入人",
        help_text="由命令导入的没有导入人",
    )
    filename = models.CharField("文件名", max_length=200)
    valid_from = models.DateField("新增区划的启用日期", null=True, blank=True)
    state = models.CharField("进度", max_length=10, choices=State.choices, default=State.CHECKING)
    job = models.ForeignKey(
        Job, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="后台任务"
    )
    new_count = models.PositiveIntegerField("新增", default=0)
    change_count = models.PositiveIntegerField("变更", default=0)
    same_count = models.PositiveIntegerField("相同", default=0)
    refused_count = models.PositiveIntegerField("拒绝", default=0)
    refusals: models.JSONField[list[list[object]], list[list[object]]] = models.JSONField(
        "错误", default=list, blank=True
    )
    notices: models.JSONField[list[str], list[str]] = models.JSONField(
        "提示", default=list, blank=True
    )
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    applied_at = models.DateTimeField("导入时间", null=True, blank=True)

    objects = DivisionImportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "区划导入"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.filename

    def get_absolute_url(self) -> str:
        return reverse("villages:import_preview", args=[self.pk])


class StagedRow(models.Model):
    """A checked row of a file on its way in; it leaves when the import is applied or given up."""

    class Outcome(models.TextChoices):
        NEW = "new", "新增"
        CHANGE = "change", "变更"

    run = models.ForeignKey(
        DivisionImport, models.CASCADE, related_name="rows", db_index=False, verbose_name="导入"
    )
    number = models.PositiveIntegerField("行")
    code = models.CharField("区划代码", max_length=12)
    name = models.CharField("名称", max_length=80, blank=True)
    level = models.PositiveSmallIntegerField("级别", choices=Level.choices)
    parent = models.CharField("上级代码", max_length=12, blank=True)
    kind = models.CharField("类别", max_length=10, choices=VillageKind.choices, blank=True)
    refused = models.BooleanField("有错误", default=False)
    outcome = models.CharField("结果", max_length=6, choices=Outcome.choices, default=Outcome.NEW)
    old_name = models.CharField("原名称", max_length=80, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "待导入的行"
        indexes = [models.Index(fields=["run", "code"], name="staged_row_run_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class NameChange(models.Model):
    """A name that an import replaced: the former one is kept, with the file of the new one."""

    code = models.CharField("区划代码", max_length=12, db_index=True)
    old_name = models.CharField("原名称", max_length=80)
    new_name = models.CharField("新名称", max_length=80)
    run = models.ForeignKey(
        DivisionImport, models.PROTECT, related_name="name_changes", verbose_name="导入"
    )

    class Meta:
        verbose_name = verbose_name_plural = "更名记录"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.old_name} → {self.new_name}"
