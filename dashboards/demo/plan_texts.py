"""The words of the demo's plans: from the village's own problems, so that no two read alike."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from dashboards.demo import texts
from dashboards.demo.problems import KINDS

if TYPE_CHECKING:
    from dashboards.demo.walk import Walk
    from rectification.models import Plan

WHY = (
    "前些年并村时账目和人员没有理顺，村民之间还分老村新村。",
    "村里青壮年大多在外，留下的党员年纪偏大，会议常常凑不齐人。",
    "乡镇包村干部几年换了四任，情况交接不清，承诺过的事没有下文。",
    "集体没有稳定收入，想办的事拿不出钱，班子说话不硬气。",
    "换届时各有一帮支持者，选后没有人出面弥合。",
    "书记家在城区，遇事电话里定，群众说看不见人。",
    "监委会成员和村干部沾亲，监督抹不开面子。",
    "上级拨付的项目几次变更，村民不知情，疑心越积越重。",
    "制度挂在墙上，没有人检查，也没有人因为不办受到提醒。",
    "遗留的合同期限长、价格低，谁上任都绕着走。",
    "党员学习以念文件为主，年轻人不愿意参加。",
    "矛盾先后找过几个部门，各答各的，最后又回到村里。",
)
AIMS = (
    "三个月内两委会议按期召开，每次决定都有责任人和期限。",
    "半年内历史账目有结论，村民代表认可。",
    "年底前培养两名后备干部，列入发展对象一名。",
    "群众满意率不低于百分之八十五，不满意的逐户回访。",
    "信访件比上年减少一半，没有新的越级走访。",
    "集体年收入增加五万元以上，收支按季张榜。",
    "党员活动到会率稳定在七成以上。",
    "代办事项当天受理，超过三天的说明原因。",
    "下次换届前化解积怨，候选人一个标准、一个程序。",
    "每个村民小组都有一名能说上话的党员联系户。",
)
HOW = (
    "联村领导每月到村开一次碰头会，当场定责任人。",
    "第一书记先用两周走遍全村，按组列出群众最急的三件事。",
    "把能马上办的事排在前面，办成一件公布一件。",
    "请退休的老支书和有威信的老党员参加调解。",
    "结对单位帮助理清账目，出具书面说明张贴公开。",
    "班子分工重新张榜，电话一并公布。",
    "每季度开一次村民代表会议，专门听取落实情况。",
    "涉及部门的事由包村领导牵头上交，写明请求和答复日期。",
    "派两名年轻党员到先进村跟班一个月，回来分管代办点。",
    "议事先在党员会上通气，再交村民代表表决，结果三天内公开。",
    "把重点项目的合同、进度、付款做成一张表，贴在公开栏。",
    "对反映集中的人和事，由镇纪委先行核实，结论向村民说明。",
    "组织党员认领岗位，每人每月做一件看得见的小事。",
    "难事实行一事一策，办不了的讲清原因和下一步。",
)


def words_of(walk: Walk) -> dict[str, str]:
    """Causes, goal and measures of a village's plan; the same village gives the same words."""
    rng = Random(walk.case.village_id)  # noqa: S311 - invented data, nothing secret
    known = {kind.title: kind for kinds in KINDS.values() for kind in kinds}
    titles = walk.case.problems.order_by("number").values_list("title", flat=True)
    found = [known[title] for title in titles]
    causes = [texts.CAUSES[walk.case.main_category_id], *rng.sample(WHY, 3)]
    causes += [kind.detail for kind in found[:2]]
    return {
        "causes": f"{walk.case.village}的问题由来已久。" + "".join(causes),
        "goal": "".join(rng.sample(AIMS, 3)),
        "measures": "".join(rng.sample(HOW, 4)),
    }


def copied(plan: Plan, walk: Walk) -> dict[str, str]:
    """Another village's words with the names changed, and one sentence of one's own."""
    old, new = str(plan.case.village), str(walk.case.village)
    fields = ("causes", "goal", "measures")
    words = {name: getattr(plan, name).replace(old, new) for name in fields}
    return {**words, "goal": words["goal"] + "其他工作同步推进，力争走在全镇前列。"}
