"""口径: what each figure counts, to which day, and what it leaves out. One text per figure."""

from __future__ import annotations

from dataclasses import dataclass

from rectification.choices import CaseStatus
from rectification.selectors_help import HELP_DEFINITION

TODAY = "截至打开页面之时。"
OF_ROUND = (
    "选了轮次时，算该轮次提请认定的村和续整的村（以前轮次提请、到上年 12 月 31 日还没有结束的）；"
    "选“全部轮次”时不限。"
)


@dataclass(frozen=True, slots=True)
class Definition:
    """One 口径. ``is_alarm``: above zero it asks for a look."""

    key: str
    label: str
    text: str
    is_alarm: bool = False


def _status(status: CaseStatus, words: str) -> Definition:
    text = f"现在状态是“{status.label}”的整顿档案数（一村一次整顿算一份）：{words}{TODAY}{OF_ROUND}"
    return Definition(f"status_{status.value}", status.label, text)


S = CaseStatus
_ALL = (
    Definition(
        "designated",
        "认定",
        "常委会已认定的整顿档案数，含以后转化、出列、反弹和认定后终止的；"
        f"不含待审定和未认定的。{TODAY}{OF_ROUND}",
    ),
    Definition(
        "working",
        "整顿期间",
        "已认定、还没有验收合格的：已认定、整顿中、待验收、验收中、延长巩固五种状态之和。"
        f"{TODAY}{OF_ROUND}",
    ),
    Definition(
        "improved",
        "明显提升（未转化）",
        "还在整顿期间、最近一次阶段评估结果是“明显提升”的村。明显提升不是转化，两个数不相加；"
        f"已验收合格的不算在内。{TODAY}{OF_ROUND}",
    ),
    Definition(
        "transformed",
        "转化",
        "经验收合格、转化过的村：已转化、已出列、已反弹三种状态之和（转化后反弹的仍计为曾转化，"
        f"反弹另列）。延长巩固（基本合格）不算转化。{TODAY}{OF_ROUND}",
    ),
    Definition(
        "relapsed",
        "反弹",
        "转化后经认定反弹的村，含出列后反弹的。反弹后再整顿的另建一份档案，不重复计入本数。"
        f"{TODAY}不分轮次。",
        is_alarm=True,
    ),
    Definition(
        "overdue_problems",
        "逾期问题",
        "还没有办结（处理中、申请销号）、解决期限早于今天的问题；已移交和长期跟踪的不算。"
        f"{TODAY}{OF_ROUND}",
        is_alarm=True,
    ),
    Definition(
        "overdue_tasks",
        "逾期任务",
        f"进行中、完成期限早于今天的任务；不再进行的不算。{TODAY}{OF_ROUND}",
        is_alarm=True,
    ),
    Definition(
        "overdue_cases",
        "逾期未验收的村",
        "整顿期间、整顿期限（延长巩固的按巩固期满日）早于今天、还没有验收合格的村；"
        f"批准延期的按新期限。{TODAY}{OF_ROUND}",
        is_alarm=True,
    ),
    Definition(
        "missing_slots",
        "四个一未配齐的村",
        f"整顿期间、本年标准要求的帮扶力量今天有一项以上空缺的村。{TODAY}{OF_ROUND}",
        is_alarm=True,
    ),
    Definition(
        "waiting_questions",
        "等上级答复的问题",
        f"已上交、上级还没有答复的问题（含未到答复期限的）。{TODAY}{OF_ROUND}",
    ),
    Definition(
        "reopened_problems",
        "重新打开过的问题",
        "销号、移交、长期跟踪或认定不能解决以后又重新打开过的问题，打开几次都算一个，"
        f"不论现在是什么状态；撤回的不算。{TODAY}{OF_ROUND}",
    ),
    Definition(
        "look_backs_month",
        "本月应回头看的村",
        f"已转化、本月有一次 3、6 或 12 个月回头看应完成而未完成的村。{TODAY}不分轮次。",
    ),
    Definition(
        "look_backs_late",
        "回头看逾期的村",
        f"已转化、回头看应完成日期早于今天而未完成的村。{TODAY}不分轮次。",
        is_alarm=True,
    ),
    Definition(
        "to_screen",
        "应排查的村",
        "本轮次要排查的村数（轮次启动时按范围确定，每村一条排查结果），含续整的村。" + TODAY,
    ),
    Definition(
        "unscreened",
        "还没有结果的村",
        "本轮次应排查、排查结果还空着的村数；没填不等于“不列入”。" + TODAY,
    ),
    Definition(
        "screened_in",
        "拟列入的村",
        "本轮次排查结果是“拟列入”的村数，不论是否已提请、认定；续整的不算。" + TODAY,
    ),
    Definition(
        "listed_in",
        "本轮次新认定",
        "本轮次提请、常委会已认定的整顿档案数，含以后转化、终止的。" + TODAY,
    ),
    Definition(
        "carried",
        "续整",
        "以前轮次提请并认定、到本轮次上年 12 月 31 日还没有转化或终止的整顿档案数。" + TODAY,
    ),
    _status(S.PROPOSED, "已提请、等常委会审定。"),
    _status(S.DESIGNATED, "常委会已认定、整顿还没有启动。"),
    _status(S.RECTIFYING, "方案批准、正在整顿；含验收不合格继续整顿的。"),
    _status(S.APPLIED, "乡镇已申请验收、还没有组织。"),
    _status(S.INSPECTING, "验收组已组成、还没有结论。"),
    _status(S.EXTENDED, "验收基本合格、延长巩固。"),
    _status(S.TRANSFORMED, "验收合格、正在跟踪问效。"),
    _status(S.RELEASED, "跟踪问效都完成、已出列；含出列后反弹的。"),
    _status(S.RELAPSED, "转化后、出列前反弹的。"),
    _status(S.ENDED, "因撤并或认定有误终止的。"),
    _status(S.DECLINED, "常委会没有同意列入的。"),
    Definition(
        "main_category",
        "主要类型",
        "已认定的整顿档案按主要类型数，每村只有一个主要类型，各类之和等于认定数。"
        f"{TODAY}{OF_ROUND}",
    ),
    Definition(
        "any_category",
        "涉及的村",
        "主要类型或其他类型中有这一类的已认定档案数；一村可有几类，各类之和大于认定数。"
        f"{TODAY}{OF_ROUND}",
    ),
    Definition(
        "open_problems",
        "待办结的问题",
        "处理中和申请销号的问题按现在的解决层级和性质数；已销号、已移交、长期跟踪的不算。"
        f"{TODAY}{OF_ROUND}",
    ),
    Definition(
        "designated_in",
        "当年认定",
        "认定日期（常委会）在该年的档案数。各年都算，不随轮次选择变化。",
    ),
    Definition(
        "transformed_in",
        "当年转化",
        "转化日期（验收审定）在该年的档案数，不论哪年认定。各年都算，不随轮次选择变化。",
    ),
    Definition(
        "relapsed_in",
        "当年反弹",
        "认定反弹的日期在该年的档案数，不论哪年转化。各年都算，不随轮次选择变化。",
    ),
)
DEFINITIONS = {item.key: item for item in _ALL}
# Of numbers that stand on the case page alone.
OF_CASE_PAGE = (
    Definition("help_items", "帮扶事项", f"{HELP_DEFINITION}。在整顿档案“力量”页按村计。{TODAY}"),
)
