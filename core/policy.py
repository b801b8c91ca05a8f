"""底线: what this product must never ask of anybody, refused with the article quoted.

One function, :func:`refusal`, reads a name or a sentence: forms in which people give names ask it,
the services behind them for any other way in, and the test that walks every model of ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from core.exceptions import DomainError

if TYPE_CHECKING:
    from collections.abc import Mapping

ORDER_2026 = "国办函〔2026〕12号《政务移动互联网应用程序规范化管理办法》"
RULES_2024 = "2024年《整治形式主义为基层减负若干规定》"
CHECK_IN = (
    f"{ORDER_2026}：除安保、应急等特殊场景外，"
    "不得“设置打卡签到、积分排名、统计在线时长等强制性功能”"
)
TRACES = (
    f"{ORDER_2026}：非必要情况下不得“强制要求下级和基层单位通过政务应用程序上传工作照片、"
    f"视频和轨迹等”；{RULES_2024}防止应用程序功能异化"
)
LIKES = f"{ORDER_2026}：不得“将点赞量、网络投票数、转发量、学习时长等作为考评依据”"
LOGINS = f"{ORDER_2026}：不得“考核通报用户安装使用率，强制要求定期登录”"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is not asked for, how it is recognised, and the article against it."""

    name: str
    pattern: re.Pattern[str]
    article: str


def _rule(name: str, pattern: str, article: str) -> Rule:
    return Rule(name, re.compile(pattern, re.IGNORECASE), article)


RULES = (
    _rule(
        "打卡签到",
        r"打卡|签到|签退|扫码报到|刷脸|人脸|指纹|考勤|接龙"
        r"|(?<![a-z])(check|clock|punch)[_ -]?in(?![a-z])|(?<![a-z])face[_ -]?id",
        CHECK_IN,
    ),
    # 功能定位 and the like are about what a village is for, not about where somebody stands.
    _rule(
        "定位和轨迹",
        r"(?<!功能)(?<!发展)(?<!产业)(?<!职责)(?<!职能)(?<!目标)(?<!角色)(?<!战略)定位|轨迹|经纬度"
        r"|电子围栏|(?<![a-z])(gps|geo|latitude|longitude|lat|lng)(?![a-z])",
        TRACES,
    ),
    # 积分制 and 积分超市 are ways in which a village governs itself; nobody is scored by us.
    _rule(
        "积分排名",
        r"(?<!村民)(?<!党员)积分(?!制|超市)|活跃度|排行|龙虎榜|红黑榜"
        r"|(?<!满意度)(?<!满意率)(?<!测评)(?<!收入)(?<!考核)(?<!评议)排名|(?<![a-z])leader_?board",
        CHECK_IN,
    ),
    _rule(
        "在线时长",
        r"在线时[长间]|停留时长|登录时长|学习时长|使用时长|(?<![a-z])online_(time|hours|minutes)",
        CHECK_IN,
    ),
    _rule(
        "强制拍照和截图",
        r"(强制|必须|要求|每次|上传).{0,6}(拍照|照片|视频|截图|录像)|截图|水印相机|拍照留痕|拍照上传"
        r"|(拍照|照片|视频).{0,4}(必填|打卡|留痕)",
        TRACES,
    ),
    _rule("点赞转发", r"点赞|转发量|转发数|投票数|阅读量|(?<![a-z])like_count", LIKES),
    _rule(
        "登录次数",
        r"(登录|登陆|安装|使用|激活)(次数|率|天数)|定期登录|每日登录|(?<![a-z])login_(count|days)",
        LOGINS,
    ),
)


def refusal(text: str) -> str:
    """Say why a name or sentence is not taken, with the article; nothing when it is."""
    for rule in RULES:
        found = rule.pattern.search(text)
        if found:
            return f"不能设置“{found[0]}”（{rule.name}）。{rule.article}。"
    return ""


def check(*texts: str) -> None:
    """Refuse, in a service, a name or sentence that asks for what the law forbids to ask."""
    for words in filter(None, map(refusal, texts)):
        raise DomainError(words)


def check_texts(texts: Mapping[str, object]) -> dict[str, ValidationError]:
    """Return the refusals of a form's texts by field."""
    refused = {
        name: refusal(value) for name, value in texts.items() if isinstance(value, str) and value
    }
    return {name: ValidationError(words) for name, words in refused.items() if words}
