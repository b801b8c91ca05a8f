"""The vocabularies of the case: one enumeration for each, in the words of docs/glossary.md."""

from __future__ import annotations

from django.db import models


class CaseStatus(models.TextChoices):
    PROPOSED = "proposed", "待审定"
    DECLINED = "declined", "未认定"
    DESIGNATED = "designated", "已认定"
    RECTIFYING = "rectifying", "整顿中"
    APPLIED = "applied", "待验收"
    INSPECTING = "inspecting", "验收中"
    EXTENDED = "extended", "延长巩固"
    TRANSFORMED = "transformed", "已转化"
    RELEASED = "released", "已出列"
    RELAPSED = "relapsed", "已反弹"
    ENDED = "ended", "已终止"


OPEN_STATUSES = (
    CaseStatus.PROPOSED,
    CaseStatus.DESIGNATED,
    CaseStatus.RECTIFYING,
    CaseStatus.APPLIED,
    CaseStatus.INSPECTING,
    CaseStatus.EXTENDED,
)
# Only these count as 转化: 明显提升 is an assessment of a case that is still being rectified.
TRANSFORMED_STATUSES = (CaseStatus.TRANSFORMED, CaseStatus.RELEASED, CaseStatus.RELAPSED)
# Statuses of a case that a standing committee has put on the list.
DESIGNATED_STATUSES = tuple(
    status for status in CaseStatus if status not in {CaseStatus.PROPOSED, CaseStatus.DECLINED}
)

# From the designation until the case comes to its end: people, problems and tasks are worked on.
WORKING_STATUSES = (
    CaseStatus.DESIGNATED,
    CaseStatus.RECTIFYING,
    CaseStatus.APPLIED,
    CaseStatus.INSPECTING,
    CaseStatus.EXTENDED,
)
# A village is visited during its rectification and while it is followed afterwards.
VISITED_STATUSES = (*WORKING_STATUSES, CaseStatus.TRANSFORMED)


class CaseSource(models.TextChoices):
    ROUND = "round", "年度排查"
    MID_YEAR = "mid_year", "年中补充认定"
    RELAPSE = "relapse", "反弹再列"


class RelapseReason(models.TextChoices):
    ELECTION = "election", "换届后班子不稳"
    SECRETARY = "secretary", "书记变动"
    DISPUTE = "dispute", "矛盾纠纷复发"
    CLAN = "clan", "宗族派性抬头"
    LEGACY = "legacy", "历史遗留问题未解决"
    OTHER = "other", "其他"


class EndReason(models.TextChoices):
    MERGED = "merged", "撤并"
    MISTAKE = "mistake", "认定有误"


class Level(models.TextChoices):
    VILLAGE = "village", "村级"
    TOWNSHIP = "township", "乡镇"
    DISTRICT = "district", "区级"
    ABOVE = "above", "区以上"


class Nature(models.TextChoices):
    ORDINARY = "ordinary", "一般"
    COMPLEX = "complex", "复杂"
    MAJOR = "major", "重大"


class ProblemSource(models.TextChoices):
    VISIT = "visit", "走访"
    SURVEY = "survey", "测评"
    PETITION = "petition", "信访"
    INSPECTION = "inspection", "巡察"
    AUDIT = "audit", "审计"
    DEPARTMENT = "department", "部门函"
    SCREENING = "screening", "排查"


class ProblemStatus(models.TextChoices):
    OPEN = "open", "处理中"
    CLOSING = "closing", "申请销号"
    CLOSED = "closed", "已销号"
    HANDED_OVER = "handed_over", "已移交"
    TRACKED = "tracked", "长期跟踪"
    UNSOLVABLE = "unsolvable", "不能解决"


OPEN_PROBLEM_STATUSES = (ProblemStatus.OPEN, ProblemStatus.CLOSING)


class VerdictValue(models.TextChoices):
    """Half-solved is an answer."""

    SOLVED = "solved", "已解决"
    PARTLY = "partly", "部分解决"
    UNSOLVED = "unsolved", "没有解决"


class HelpField(models.TextChoices):
    """Which kind of unit helps best with a cause (党群治弱、政法治乱、经济治穷)."""

    PARTY = "party", "党群部门（治弱）"
    LAW = "law", "政法部门（治乱）"
    ECONOMY = "economy", "经济部门（治穷）"


class HandoverStatus(models.TextChoices):
    PROPOSED = "proposed", "待接手"
    ACCEPTED = "accepted", "已接手"
    REFUSED = "refused", "未接受"
    WITHDRAWN = "withdrawn", "已撤回"


class PromiseKind(models.TextChoices):
    POLICY = "policy", "政策"
    MONEY = "money", "资金"
    PROJECT = "project", "项目"
    PEOPLE = "people", "人员"


class PromiseState(models.TextChoices):
    """Not stored: what the dates of a promise say."""

    OWED = "owed", "未到位"
    ARRIVED = "arrived", "已到位待确认"
    CONFIRMED = "confirmed", "村里已确认"
    WITHDRAWN = "withdrawn", "已收回"


class HelpKind(models.TextChoices):
    TEAM = "team", "班子建设"
    ECONOMY = "economy", "产业发展"
    EDUCATION = "education", "教育培训"
    DISPUTE = "dispute", "化解矛盾"
    COMFORT = "comfort", "慰问"


class TaskStatus(models.TextChoices):
    OPEN = "open", "进行中"
    DONE = "done", "已完成"
    DROPPED = "dropped", "不再进行"


class PlanStatus(models.TextChoices):
    DRAFTING = "drafting", "起草中"
    SUBMITTED = "submitted", "待批准"
    APPROVED = "approved", "已批准"
    RETURNED = "returned", "已退回"


class AnswerKind(models.TextChoices):
    SOLVED = "solved", "已解决"
    RULE = "rule", "已明确政策"
    REFUSED = "refused", "不予支持（附理由）"
    PASSED_ON = "passed_on", "继续上交"
    WITHDRAWN = "withdrawn", "已撤回"


# What the level that was asked can say; a question is withdrawn by who asked it.
ANSWERS = tuple(kind for kind in AnswerKind if kind != AnswerKind.WITHDRAWN)


class Audience(models.TextChoices):
    CADRE = "cadre", "村干部"
    REPRESENTATIVE = "representative", "村民代表"
    VETERAN_MEMBER = "veteran_member", "老党员"
    RESPECTED = "respected", "群众威信人士"
    HARDSHIP = "hardship", "困难家庭"
    OTHER = "other", "其他群众"


class VisitMode(models.TextChoices):
    OWN = "own", "本人到村"
    DELEGATED = "delegated", "委托他人"


class Progress(models.TextChoices):
    """Result of a stage assessment (阶段评估)."""

    CLEAR = "clear", "明显提升"
    SOME = "some", "有所变化"
    NONE = "none", "无明显变化"


class Conclusion(models.TextChoices):
    PASS = "pass", "合格"
    CONSOLIDATE = "consolidate", "基本合格"
    FAIL = "fail", "不合格"


# The one definition of the figure: printed beside it wherever it stands.
SATISFACTION_DEFINITION = (
    "满意率 =（满意票 + 基本满意票）÷ 有效票 × 100%，四舍五入保留一位小数；弃权和废票不计入有效票"
)


class SignalKind(models.TextChoices):
    PETITIONS = "petitions", "信访增多"
    SECRETARY = "secretary", "书记离任"
    SATISFACTION = "satisfaction", "满意率下降"
    ELECTION = "election", "一年内换届"
    OTHER = "other", "其他苗头"


class RoundStatus(models.TextChoices):
    PREPARING = "preparing", "筹备中"
    OPEN = "open", "进行中"
    CLOSED = "closed", "已结束"


class ScreeningOutcome(models.TextChoices):
    LISTED = "listed", "拟列入"
    NOT_LISTED = "not_listed", "不列入"
    CONTINUED = "continued", "续整"


class SubmissionStatus(models.TextChoices):
    OPEN = "open", "填报中"
    SUBMITTED = "submitted", "已上报"
    RETURNED = "returned", "已退回"


class OpinionConclusion(models.TextChoices):
    SUPPORT = "support", "建议列入"
    OPPOSE = "oppose", "不建议列入"
    NONE = "none", "无意见"
