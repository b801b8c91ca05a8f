"""What the list of cases can be narrowed by. Every figure of a case opens it through these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters

from core import clock
from rectification.choices import CaseStatus
from rectification.filters.area import CaseAreaFilterSet, tick
from rectification.models import Case, Category, Round

if TYPE_CHECKING:
    from accounts.models import User
    from rectification.querysets import CaseQuerySet

GROUPS = (
    ("open", "在办（未结束的）"),
    ("working", "整顿期间（认定至验收）"),
    ("ever_designated", "已认定的（含以后各步）"),
    ("ever_transformed", "转化的（含出列、反弹）"),
)
# Fields only where the address asks for them: figures link to them, few people choose them.
RARE = (
    "main_category",
    "round",
    "designated_in",
    "transformed_in",
    "relapsed_in",
    "listed_in",
    "carried_into",
    "look_back",
)


def year_filter(label: str, field: str) -> django_filters.NumberFilter:
    return django_filters.NumberFilter(label=label, field_name=field, lookup_expr="year")


class CaseFilter(CaseAreaFilterSet):
    status = django_filters.ChoiceFilter(
        label="状态",
        choices=[("按阶段", GROUPS), ("单个状态", CaseStatus.choices)],
        empty_label="全部",
        method="by_status",
    )
    category = django_filters.ModelChoiceFilter(
        label="类型",
        queryset=Category.objects.order_by("code"),
        empty_label="全部",
        method="by_category",
    )
    overdue = tick("逾期未验收", "only_overdue")
    improved = tick("明显提升", "only_improved")
    relapsed = tick("反弹过", "only_relapsed")
    slots = django_filters.ChoiceFilter(
        label="四个一", choices=[("missing", "未配齐")], empty_label="不限", method="by_slots"
    )
    main_category = django_filters.ModelChoiceFilter(
        label="主要类型", queryset=Category.objects.order_by("code"), empty_label="全部"
    )
    round = django_filters.ModelChoiceFilter(
        label="轮次（本轮）", queryset=Round.objects.none(), empty_label="全部"
    )
    designated_in = django_filters.NumberFilter(label="认定于（年）", method="by_designation")
    transformed_in = year_filter("转化于（年）", "transformed_on")
    relapsed_in = year_filter("反弹于（年）", "relapsed_on")
    listed_in = django_filters.NumberFilter(label="提请于哪年轮次", field_name="round__year")
    carried_into = django_filters.NumberFilter(label="续整到哪年", method="by_carrying")
    look_back = django_filters.ChoiceFilter(
        label="回头看",
        choices=[("month", "本月应完成"), ("late", "已逾期")],
        empty_label="不限",
        method="by_look_back",
    )
    search_in = ("village__name", "village__code", "village__township__name")
    case_path = ""

    class Meta:
        model = Case
        fields: list[str] = []

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.filters["round"].queryset = Round.objects.visible_to(user)
        for name in RARE:
            if not (self.data or {}).get(name):
                del self.filters[name]

    def by_status(self, rows: CaseQuerySet, _name: str, value: str) -> CaseQuerySet:
        match value:
            case "open":
                return rows.open()
            case "working":
                return rows.working()
            case "ever_designated":
                return rows.designated()
            case "ever_transformed":
                return rows.transformed()
        return rows.filter(status=value)

    def by_category(self, rows: CaseQuerySet, _name: str, value: Category) -> CaseQuerySet:
        return rows.of_category(value)

    def only_overdue(self, rows: CaseQuerySet, *_: Any) -> CaseQuerySet:
        return rows.overdue(clock.today())

    def only_improved(self, rows: CaseQuerySet, *_: Any) -> CaseQuerySet:
        return rows.still_improved(clock.today())

    def only_relapsed(self, rows: CaseQuerySet, *_: Any) -> CaseQuerySet:
        return rows.relapsed()

    def by_slots(self, rows: CaseQuerySet, *_: Any) -> CaseQuerySet:
        return rows.missing_slots()

    def by_designation(self, rows: CaseQuerySet, _name: str, value: Any) -> CaseQuerySet:
        return rows.designated().filter(designated_on__year=int(value))

    def by_carrying(self, rows: CaseQuerySet, _name: str, value: Any) -> CaseQuerySet:
        return rows.carried_into(int(value))

    def by_look_back(self, rows: CaseQuerySet, _name: str, value: str) -> CaseQuerySet:
        return rows.owing_look_back(clock.today(), only_late=value == "late")
