"""The standard every district may begin with: copied, then edited and published as its own.

Source: the central notice of 2014 (the ten types) and the numbers localities set beside them;
none of these is a constant of the product, each stands in the district's own copy.
"""

from __future__ import annotations

from typing import Any

from rectification.models.standards import (
    Criterion,
    MilestoneTemplate,
    StandardSlot,
    VisitFrequency,
)

NAME = "软弱涣散村党组织认定与整顿标准"

DIRECT, DISCRETIONARY = Criterion.Kind.DIRECT, Criterion.Kind.DISCRETIONARY
_C = Criterion.Comparison
_FILE, _TERMS = "村情档案", "书记任期"


def _direct(
    text: str,
    indicator: str,
    test: tuple[str, int | None],
    source: str,
    category: str,
) -> dict[str, Any]:
    comparison, threshold = test
    return {
        "text": text,
        "kind": DIRECT,
        "indicator": indicator,
        "comparison": comparison,
        "threshold": threshold,
        "source": source,
        "category_id": category,
    }


def _discretionary(text: str, category: str, source: str = "乡镇排查") -> dict[str, Any]:
    return {"text": text, "kind": DISCRETIONARY, "source": source, "category_id": category}


CRITERIA: tuple[dict[str, Any], ...] = (
    _direct("书记岗位空缺超过 3 个月", "书记空缺月数", (_C.GT, 3), _TERMS, "C01"),
    _direct("班子瘫痪、工作停滞 3 个月以上", "班子瘫痪月数", (_C.GTE, 3), "乡镇排查", "C01"),
    _direct("班子不团结、影响工作 6 个月以上", "不团结月数", (_C.GTE, 6), "乡镇排查", "C03"),
    _direct("连续 2 年以上没有发展党员对象", "未发展党员年数", (_C.GTE, 2), _FILE, "C04"),
    _direct("年度群众满意率低于 60%", "群众满意率（%）", (_C.LT, 60), _FILE, "C10"),
    _direct("发生严重群体性事件", "严重群体性事件", (_C.IS, None), "信访、政法部门", "C08"),
    _direct(
        "组织部会同纪检、政法、信访等部门认定应当整顿", "部门联查", (_C.IS, None), "联查征询", "C08"
    ),
    _discretionary("班子配备不齐，书记长期缺职", "C01"),
    _discretionary("书记不胜任现职、工作不在状态，或者走读影响履职", "C02"),
    _discretionary("班子不团结、内耗严重", "C03"),
    _discretionary("组织制度形同虚设，不开展党组织活动", "C04"),
    _discretionary("换届选举拉票贿选问题突出", "C05", "纪检监察部门"),
    _discretionary("宗族宗教和黑恶势力干扰渗透严重", "C06", "政法、统战部门"),
    _discretionary("村务财务公开和民主管理混乱", "C07", "农业农村、民政部门"),
    _discretionary("社会治安问题和信访矛盾纠纷集中", "C08", "信访、政法部门"),
    _discretionary("没有村级组织活动场所", "C09", _FILE),
    _discretionary("服务意识差、服务能力弱、群众意见大", "C10"),
)

SLOTS: tuple[dict[str, Any], ...] = (
    {"key": "county_leader", "name": "县级领导联村"},
    {"key": "township_leader", "name": "乡镇班子成员包村"},
    {"key": "first_secretary", "name": "第一书记驻村"},
    {"key": "paired_unit", "name": "机关单位结对", "kind": StandardSlot.Kind.UNIT},
    {"key": "resident_cadre", "name": "驻村干部", "is_enabled": False},
    {"key": "liaison", "name": "部门联络员", "is_enabled": False},
)

_TRANSFORMED = MilestoneTemplate.Anchor.TRANSFORMED
MILESTONES: tuple[dict[str, Any], ...] = (
    {"key": "four_ones", "name": "四个一到位", "days": 7},
    {"key": "problem_list", "name": "问题清单", "days": 20},
    {"key": "plan_approved", "name": "方案批准", "days": 30},
    {"key": "mid_assessment", "name": "中期评估", "days": 120},
    {"key": "applied", "name": "申请验收", "days": 240},
    {"key": "accepted", "name": "验收", "days": 270},
    {"key": "follow_3", "name": "3 个月跟踪", "months": 3, "anchor": _TRANSFORMED},
    {"key": "follow_6", "name": "6 个月跟踪", "months": 6, "anchor": _TRANSFORMED},
    {"key": "follow_12", "name": "12 个月跟踪", "months": 12, "anchor": _TRANSFORMED},
)

_P = VisitFrequency.Period
FREQUENCIES: tuple[dict[str, Any], ...] = (
    {"slot_key": "county_leader", "period": _P.MONTH, "times": 1},
    {"slot_key": "township_leader", "period": _P.WEEK, "times": 1},
    {"slot_key": "first_secretary", "period": _P.MONTH, "times": 20},
    {"slot_key": "paired_unit", "period": _P.QUARTER, "times": 1},
)
