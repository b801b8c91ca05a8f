"""Invented names for the fictional district.

None of the stems below is the name of a township or village in the statistical codes of 2023, so
that no real place can be taken for a weak one. Persons are put together from common characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

PROVINCE = ("990000000000", "演示省")
CITY = ("990100000000", "演示市")
DISTRICT = ("990101000000", "云岭区")
NEIGHBOUR = ("990102000000", "屏川区")

TOWNSHIPS = (
    ("990101100000", "霁川镇"),
    ("990101101000", "岚岭镇"),
    ("990101102000", "雁河镇"),
    ("990101103000", "榆门镇"),
    ("990101104000", "沐桥镇"),
    ("990101105000", "荻泉镇"),
    ("990101106000", "屏溪镇"),
    ("990101107000", "霜河镇"),
    ("990101108000", "芷塘镇"),
    ("990101109000", "蘅湾镇"),
    ("990101110000", "禾门镇"),
    ("990101111000", "枫门镇"),
    ("990101200000", "雁寨乡"),
    ("990101201000", "霁岭乡"),
    ("990101202000", "槐塘乡"),
    ("990101203000", "岚坪乡"),
)
# Villages of each township above (285 in all), and communities of the first five towns.
VILLAGE_COUNTS = (21, 19, 20, 18, 19, 18, 19, 17, 18, 17, 18, 17, 16, 16, 16, 16)
COMMUNITY_COUNTS = (4, 3, 2, 2, 1)

NEIGHBOUR_TOWNSHIP = ("990102100000", "芷屏镇")
NEIGHBOUR_VILLAGES = 6

_STEM_WORDS = """
菊峁 雪洲 鹂渡 桂浦 鹊坳 鹊岭 苇渡 莺圩 松垄 柳屿 鹊洲 葵岔 荷渡 橘坡 溪峁 梨泉 杉滩 柏圩 粟圩 菊屿
鹤垄 橘浦 菊湾 椿渡 椿屿 柏坳 竹浦 荻铺 蒲铺 苔寨 雁埠 藤堡 燕汀 樟洼 鲤泉 沐墩 苇洲 鹂洼 蘅庄 橘汀
葛垭 菊汀 鹭屿 雨屿 竹汀 苔冲 霜场 虹寨 葛堡 霞铺 李汀 鸥坳 烟渚 雁坳 燕冲 荻屿 麦岗 泉冲 橘洲 杉湾
鹊浦 芷屿 沐岔 雨场 鹭坪 鹭沟 云屿 茶圩 槐冲 橘渡 星垱 晴岔 柏浦 榆溪 葵店 椿垄 枣冲 楠畈 荻畈 榆埠
荷庄 溪垱 禾峁 菊塘 樟岔 苇垭 苇湾 橘湖 苇崖 霜坪 羊岔 槐墩 榆垄 鲤坳 藤垭 鹂溪 楠岗 粟墩 槐坝 稻岩
楠岔 岚渚 蘅墩 羊湖 泉场 鹿岔 李屿 月垭 烟垄 禾渡 霞场 鹂铺 晴湖 苔岔 楠沟 雪铺 杏坳 楠寨 藤峁 苔垭
牛垭 月滩 鹿畈 梨洼 岚岔 枣垱 霞滩 苇铺 泉屿 粟汀 菊庄 荷岔 楠滩 鹭场 鸥湖 露畈 粟泉 莺渡 葵桥 莺垭
晴坳 桂崖 沐场 岚洲 露冲 雪桥 枣坳 桂汀 稻场 雨桥 鹂渚 露洼 菊坳 沐岩 云店 禾寨 鹤坝 桐店 楠屿 藤冲
鹤滩 苔浦 松铺 雨湾 稻泉 虹坝 霜冲 蘅垱 菊沟 桐墩 菊岩 樟畈 雁圩 羊畈 鹭滩 榆冲 藤泉 竹垄 杏岔 榆洲
泉崖 稻峪 燕埠 莺渚 荻塘 蒲垭 芷浦 稻坝 羊店 梨圩 苔庄 梨沟 杏铺 苔畈 霞埠 蘅坝 雨浦 莺店 燕垭 杉峁
雪垭 虹垱 梅崖 菊洲 枣岔 鹂崖 楠庄 柏岔 鹂峪 莺汀 晴墩 鹭墩 雨湖 荷湾 泉渡 苔泉 晴洲 椿洲 榆岗 梨岔
葵洼 露垄 茶崖 兰湖 蘅店 燕垱 雪埠 藤洲 泉圩 云峁 燕峁 燕堡 鲤坡 松渡 鹂场 菊滩 雪堡 虹垭 荷岗 稻岗
槐岩 鸥岭 鸥溪 鹿浦 岚湾 杏堡 鹤店 星峁 兰峪 菊垄 葵垄 烟滩 稻湖 鸥塘 霜岗 榆堡 莺屿 藤场 椿滩 蘅畈
禾浦 楠坡 禾洲 橘洼 芷岭 鸥墩 泉墩 枣溪 椿墩 莺浦 燕渡 月冲 云渚 藤汀 雁岔 枣坝 烟屿 牛汀 烟岩 燕滩
蘅湖 茶堡 兰坡 松峁 云垭 菊坝 荻湾 榆圩 鹂坳 燕渚 溪垄 蘅场 沐垄 荻寨 蘅岩 桐峁 鹿湖 岚堡 椿塘 菊崖
燕洼 露坪 稻岭 虹滩 橘圩 葵冲 柏冲 橘埠 橘岗 藤岗 鹤场 桂峪 雨汀 鹭岩 星场 鹤圩 沐坳 雨坡 粟坝 桐岩
"""
STEMS = _STEM_WORDS.split()

SURNAMES = (
    "赵钱孙周吴郑冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严"
    "华金魏陶姜戚谢邹喻柏苏潘葛范彭鲁韦马苗凤花方俞任袁柳"
)
GIVEN_FIRST = "永春志明德立建守文国玉秀庆长振书广正新宝学福荣世景树海传继兴"
GIVEN_SECOND = "田林河山川泉柱根贵才良顺和安平义信礼清波涛峰岩松梅兰芳霞云"


class Persons:
    """Gives invented persons, each once."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._used: set[str] = set()

    def next(self) -> str:
        """Return a name that was not given before."""
        while True:
            name = "".join(self._rng.choice(part) for part in (SURNAMES, GIVEN_FIRST, GIVEN_SECOND))
            if name not in self._used:
                self._used.add(name)
                return name
