"""What a plan is compared with: other villages' plans, and its own earlier versions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rectification import differences, similarity
from rectification.choices import TaskStatus
from rectification.models import Plan, Task

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from accounts.models import User
    from rectification.models import Case

PARTS = (("causes", "问题成因"), ("goal", "整顿目标"), ("measures", "主要措施"))
VERSIONED = (*PARTS, ("slots_reason", "力量未配齐的原因"))
OWN_TASKS = "自拟任务"
ELSEWHERE = "外乡镇的一个村"  # whoever is not of that township reads no more


@dataclass(frozen=True, slots=True)
class Likeness:
    """Another village's plan and what of this plan stands in it."""

    plan: Plan
    comparison: similarity.Comparison
    limit: int

    @property
    def percent(self) -> Decimal:
        return self.comparison.percent

    @property
    def is_above(self) -> bool:
        """More than the year's standard lets pass without a reason."""
        return self.percent > self.limit

    @property
    def words(self) -> str:
        """相似 82.3%，本年度提示线 70%."""
        return f"相似 {self.percent}%，本年度提示线 {self.limit}%"


def limit_of(plan: Plan) -> int:
    """雷同提示线 of the standard under which the plan's case runs."""
    return plan.case.round.standard.similarity_percent


def likenesses(plan: Plan) -> list[Likeness]:
    """Other villages' latest plans that have something in common, the closest first.

    Compared are the district's rounds of the same year and of the year before. What comes from the
    library of measures is shared on purpose and left out.
    """
    others = [item for item in _latest_plans(plan) if item.case.village_id != plan.case.village_id]
    tasks = _own_tasks([plan, *others])
    own, limit = _sentences(plan, tasks), limit_of(plan)
    found = [Likeness(o, similarity.compare(own, _sentences(o, tasks)), limit) for o in others]
    found = [item for item in found if item.percent >= similarity.LEAST_PERCENT]
    return sorted(found, key=lambda item: (-item.percent, item.plan.pk))


@dataclass(frozen=True, slots=True)
class SimilarPlan:
    """A likeness as one account may see it: the words of another township's plan stay its own."""

    likeness: Likeness
    is_visible: bool

    @property
    def name(self) -> str:
        return str(self.likeness.plan.case.village) if self.is_visible else ELSEWHERE


def similar_plans(plan: Plan, user: User) -> list[SimilarPlan]:
    """The likenesses of a plan for an account."""
    found = likenesses(plan)
    keys = [item.plan.pk for item in found]
    seen = set(Plan.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
    return [SimilarPlan(item, item.plan.pk in seen) for item in found]


def above_limit(plan: Plan) -> Likeness | None:
    """The closest plan when it is closer than the limit allows without a reason."""
    closest = next(iter(likenesses(plan)), None)
    return closest if closest and closest.is_above else None


def _latest_plans(plan: Plan) -> list[Plan]:
    of_round = plan.case.round
    years = (of_round.year, of_round.year - 1)
    rows = Plan.objects.filter(
        case__round__district=of_round.district_id, case__round__year__in=years
    )
    latest: dict[int, Plan] = {}
    for row in rows.for_list().order_by("case", "-number"):
        latest.setdefault(row.case_id, row)
    return list(latest.values())


def _own_tasks(plans: Iterable[Plan]) -> dict[int, list[str]]:
    """The measures the townships worded themselves, by case."""
    rows = Task.objects.filter(case__in=[plan.case_id for plan in plans], library=None)
    found = defaultdict(list)
    for case, measure in rows.exclude(status=TaskStatus.DROPPED).values_list("case", "measure"):
        found[case].append(measure)
    return found


def _sentences(plan: Plan, tasks: dict[int, list[str]]) -> list[similarity.Sentence]:
    village = plan.case.village
    parts = [(name, getattr(plan, field)) for field, name in PARTS]
    parts.append((OWN_TASKS, "\n".join(tasks.get(plan.case_id, []))))
    names = (village.name, village.short_name, village.township.name)
    return similarity.sentences(tuple(parts), names=names)


# --- versions -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Version:
    """One saved wording of a plan: which draft, the how-manieth wording of it, by whom and when."""

    row: Any
    wording: int

    @property
    def key(self) -> int:
        return int(self.row.history_id)

    @property
    def by(self) -> Any:
        return self.row.history_user or self.row.drafted_by

    @property
    def name(self) -> str:
        times = f"第 {self.wording - 1} 次修改" if self.wording > 1 else "初稿"
        return f"第 {self.row.number} 稿（{times}）"


def versions(case: Case) -> list[Version]:
    """Every wording the plans of a case have had, oldest first; steps change no wording."""
    rows = Plan.history.filter(case_id=case.pk).select_related("history_user", "drafted_by")
    found: list[Version] = []
    for row in rows.order_by("number", "history_date", "history_id"):
        former = found[-1] if found and found[-1].row.number == row.number else None
        if former is None:
            found.append(Version(row, 1))
        elif _words(former.row) != _words(row):
            found.append(Version(row, former.wording + 1))
    return found


def _words(row: Any) -> list[str]:
    return [getattr(row, field) for field, _ in VERSIONED]


@dataclass(frozen=True, slots=True)
class PartDifference:
    """One part of a plan in two versions."""

    name: str
    lines: list[differences.Line]

    @property
    def is_changed(self) -> bool:
        return differences.is_changed(self.lines)


def compare_versions(old: Version, new: Version) -> list[PartDifference]:
    """The parts of a plan, each with what was added and struck out between two versions."""
    return [
        PartDifference(
            name, differences.compare_texts(getattr(old.row, field), getattr(new.row, field))
        )
        for field, name in VERSIONED
    ]
