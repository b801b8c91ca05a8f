"""What is typically wrong in a weak village, by category, and what is done about it. Invented."""

from __future__ import annotations

from dataclasses import dataclass

from rectification.choices import Level, Nature, ProblemSource

ORDINARY, COMPLEX, MAJOR = Nature.ORDINARY, Nature.COMPLEX, Nature.MAJOR
VILLAGE, TOWNSHIP, DISTRICT = Level.VILLAGE, Level.TOWNSHIP, Level.DISTRICT
S = ProblemSource


@dataclass(frozen=True, slots=True)
class Kind:
    """A problem as it is entered, the measures against it, and what shows that it is solved."""

    title: str
    detail: str
    nature: Nature
    level: Level
    source: ProblemSource
    measures: tuple[str, ...]
    evidence: str
    is_historical: bool = False
    households: int | None = None


KINDS: dict[str, tuple[Kind, ...]] = {
    "C01": (
        Kind(
            "村党支部缺额 2 名委员，分工无人承担",
            "宣传、纪检两项工作一直由书记兼着，会议开不齐。",
            ORDINARY,
            VILLAGE,
            S.VISIT,
            ("摸清后备人选，召开党员大会补选支部委员", "明确新委员分工并公示"),
            "党员大会补选 2 名委员，分工已在公开栏公示，支委会每月按期召开。",
        ),
        Kind(
            "村务监督委员会名存实亡",
            "三名成员中两人长年在外，近一年没有开展监督。",
            ORDINARY,
            VILLAGE,
            S.INSPECTION,
            ("推选补齐村务监督委员会成员", "每季度对账目监督一次并签字"),
            "成员已补齐，本季度账目监督记录齐全。",
        ),
        Kind(
            "村里没有合适的书记后备人选",
            "党员平均年龄 61 岁，近三年没有发展党员。",
            COMPLEX,
            TOWNSHIP,
            S.SCREENING,
            ("从返乡青年和致富能手中储备 3 名后备干部", "列出发展对象并落实培养联系人"),
            "储备后备干部 3 名，其中 1 名列为发展对象。",
        ),
    ),
    "C02": (
        Kind(
            "书记常住区里，村民办事找不到人",
            "书记在城区经营公司，平均每周到村不足两天。",
            COMPLEX,
            TOWNSHIP,
            S.VISIT,
            ("乡镇党委与书记谈话，落实坐班和值班安排", "公开值班表和代办员电话"),
            "值班表已公开并执行三个月，抽查在岗情况正常。",
        ),
        Kind(
            "工程发包由书记一人说了算",
            "两项小型工程没有经过民主决策程序。",
            MAJOR,
            TOWNSHIP,
            S.AUDIT,
            ("对近三年工程项目逐项清理", "建立工程项目“四议两公开”清单"),
            "清理项目 7 个，补齐手续，今年的工程均经民主程序。",
        ),
        Kind(
            "书记对村级发展没有思路，集体收入连年下降",
            "两处集体房屋闲置，到期合同没有重新发包。",
            COMPLEX,
            TOWNSHIP,
            S.SURVEY,
            ("盘活闲置房屋，公开招租", "组织书记参加区级示范培训并跟班学习"),
            "两处房屋公开招租成功，年增收 6 万元。",
        ),
    ),
    "C03": (
        Kind(
            "书记和主任互不通气，班子会开不起来",
            "近半年只开过一次两委联席会，议题都没有议成。",
            COMPLEX,
            TOWNSHIP,
            S.VISIT,
            ("乡镇党委分别谈心，开好专题组织生活会", "明确书记、主任职责清单，恢复两委联席会"),
            "专题组织生活会已开，两委联席会连续三个月按期召开。",
        ),
        Kind(
            "两委成员各自拉人，修路方案久拖不决",
            "环村路硬化资金已到位，因线路走向争执停了一年。",
            MAJOR,
            TOWNSHIP,
            S.PETITION,
            ("请区交通部门比选线路，向村民代表说明", "召开村民代表会议表决线路方案"),
            "村民代表会议通过线路方案，工程已完工验收。",
            households=64,
        ),
        Kind(
            "换届时结下的积怨影响日常工作",
            "落选一方的村民小组长不参加会议、不配合工作。",
            COMPLEX,
            VILLAGE,
            S.VISIT,
            ("包村领导逐人谈心，化解换届积怨", "重新推选不履职的村民小组长"),
            "逐人谈心 11 次，两个小组长重新推选，工作恢复正常。",
        ),
        Kind(
            "两委会议记录不全，决定事项没有人落实",
            "去年 14 项决定中有 9 项没有责任人和期限。",
            ORDINARY,
            VILLAGE,
            S.INSPECTION,
            ("建立两委决定事项台账，逐项明确责任人", "每月在党员会上通报落实情况"),
            "台账已建立，9 项遗留决定已落实 8 项，1 项说明原因后撤销。",
        ),
    ),
    "C04": (
        Kind(
            "“三会一课”连续两个季度没有开展",
            "会议记录本只有标题没有内容。",
            ORDINARY,
            VILLAGE,
            S.INSPECTION,
            ("按季度排出“三会一课”计划并公开", "乡镇组织委员到会指导"),
            "本季度支部党员大会、支委会、党课均已按计划召开。",
        ),
        Kind(
            "流动党员失去联系",
            "在外党员 9 人中有 6 人两年没有参加组织生活。",
            ORDINARY,
            VILLAGE,
            S.SURVEY,
            ("逐一联系流动党员，建立联系卡", "春节返乡时召开流动党员座谈会"),
            "6 名流动党员全部取得联系并转入线上学习小组。",
        ),
        Kind(
            "主题党日走过场，党员不愿参加",
            "近三次到会率都不足四成。",
            ORDINARY,
            VILLAGE,
            S.VISIT,
            ("党员认领实事清单，把党日开到田间和公益现场",),
            "近三次主题党日到会率 78%，党员认领实事 15 件。",
        ),
    ),
    "C05": (
        Kind(
            "上届换届有请客送礼的反映，群众不信任班子",
            "反映事项已移送有关部门，结论未向群众说明。",
            MAJOR,
            TOWNSHIP,
            S.DEPARTMENT,
            ("商有关部门反馈结论，由乡镇向村民代表说明", "签订换届纪律承诺并公示"),
            "结论已在村民代表会上说明，承诺书已公示。",
            is_historical=True,
        ),
        Kind(
            "下届人选早早开始拉票串联",
            "有人以请客名义在小组内串联。",
            COMPLEX,
            TOWNSHIP,
            S.VISIT,
            ("对有意参选的人员逐一提醒谈话", "公布举报电话，宣传换届纪律"),
            "提醒谈话 6 人次，宣传覆盖全部村民小组。",
        ),
    ),
    "C06": (
        Kind(
            "两大派轮流执政，上一届定的事下一届推翻",
            "林地合同、门面房租约都因换届反复。",
            MAJOR,
            DISTRICT,
            S.VISIT,
            ("请有威信的老党员出面调和，签订共同议事约定", "合同由乡镇“三资”平台统一管理"),
            "共同议事约定已签，全部合同纳入乡镇平台管理。",
            is_historical=True,
            households=120,
        ),
        Kind(
            "红白理事由少数人把持，村规民约形同虚设",
            "大操大办成风，村里说不上话。",
            COMPLEX,
            VILLAGE,
            S.VISIT,
            ("修订村规民约并经村民会议表决", "改选红白理事会，吸收党员和妇女代表"),
            "村规民约已表决通过，理事会已改选。",
        ),
        Kind(
            "采石场被少数人强占经营，村集体收不到承包费",
            "合同到期后仍在开采，已报有关部门，村里只记文号。",
            MAJOR,
            DISTRICT,
            S.DEPARTMENT,
            ("由区里牵头联合执法，收回到期场地", "收回后公开发包，收益入集体账"),
            "场地已收回并公开发包，首年承包费 11 万元入账。",
            is_historical=True,
            households=86,
        ),
    ),
    "C07": (
        Kind(
            "财务半年没有公开，村民质疑征地补偿去向",
            "公开栏最近一次财务公开停在半年以前。",
            ORDINARY,
            VILLAGE,
            S.PETITION,
            ("补公开三个季度的财务收支", "理财小组逐月审核签字后公开"),
            "三个季度收支已补公开，理财小组逐月审核签字。",
            households=93,
        ),
        Kind(
            "往来款 38 万元挂账十多年，债权债务说不清",
            "多为前几届村办企业欠款，凭证不全。",
            MAJOR,
            DISTRICT,
            S.AUDIT,
            ("请区审计部门会同乡镇经管站清理往来款", "对能确认的制订还款计划，不能确认的提请处置"),
            "确认债权 21 万元并签还款计划，其余按程序核销。",
            is_historical=True,
        ),
        Kind(
            "重大事项不经村民代表会议",
            "机动地发包只由几个人商量决定。",
            COMPLEX,
            TOWNSHIP,
            S.PETITION,
            ("废止未经程序的发包，重新按“四议两公开”办理", "给村民代表发议事清单"),
            "机动地 42 亩已重新公开发包。",
            households=31,
        ),
        Kind(
            "印章由个人保管，开证明随意",
            "没有用印登记。",
            ORDINARY,
            VILLAGE,
            S.INSPECTION,
            ("印章交便民服务站专人保管，用印登记",),
            "用印登记本已启用，抽查 20 次均有登记。",
        ),
    ),
    "C08": (
        Kind(
            "征地补偿款分配争议，群众多次到区里反映",
            "新老户分配比例十年没有定下来，涉及补偿款 260 万元。",
            MAJOR,
            DISTRICT,
            S.PETITION,
            ("区里明确分配政策口径", "召开村民会议表决分配方案", "分户张榜公布"),
            "分配方案经村民会议通过并张榜，无新的来访。",
            is_historical=True,
            households=147,
        ),
        Kind(
            "邻里宅基地纠纷集中，调解没有人管",
            "今年以来登记 9 起，只调成 2 起。",
            COMPLEX,
            VILLAGE,
            S.PETITION,
            ("补齐人民调解委员会，司法所每周到村坐班", "对 9 起纠纷逐案包干"),
            "9 起纠纷调成 8 起，1 起引导诉讼。",
            households=18,
        ),
        Kind(
            "夜间盗窃多发，没有巡防队伍",
            "上半年报案 5 起。",
            ORDINARY,
            VILLAGE,
            S.DEPARTMENT,
            ("组建党员和民兵巡防队", "主要路口安装路灯"),
            "巡防队 14 人排班巡逻，近三个月没有发案。",
        ),
        Kind(
            "河道砂坑积水无人管，村民担心安全",
            "位于两镇交界，责任不清。",
            COMPLEX,
            TOWNSHIP,
            S.VISIT,
            ("商水务部门明确责任段，设置围挡和警示",),
            "责任段已划定，围挡和警示牌已设置。",
        ),
    ),
    "C09": (
        Kind(
            "村部是租来的民房，开会没有地方",
            "面积 40 平方米，坐不下全体党员。",
            COMPLEX,
            TOWNSHIP,
            S.VISIT,
            ("腾退闲置小学校舍改建村部", "申请区级补助资金"),
            "闲置校舍改建完工，面积 210 平方米，已启用。",
        ),
        Kind(
            "活动场所常年锁门",
            "钥匙由个人保管，村民反映大。",
            ORDINARY,
            VILLAGE,
            S.SURVEY,
            ("公布开放时间，落实值班",),
            "每周开放六天，值班表上墙。",
        ),
    ),
    "C10": (
        Kind(
            "为民代办没有人管，村民往返跑镇里",
            "代办员一年没有登记办件。",
            ORDINARY,
            VILLAGE,
            S.SURVEY,
            ("重新确定代办员，每周三天坐班", "公布代办事项目录"),
            "近三个月登记办件 86 件，办结 84 件。",
        ),
        Kind(
            "饮水管网老化，夏天经常停水",
            "管网使用二十多年，村里没有资金更换。",
            MAJOR,
            DISTRICT,
            S.PETITION,
            ("区水务部门列入改造计划", "施工前安排应急供水"),
            "主管网更换 3.2 公里，供水恢复正常。",
            households=210,
        ),
        Kind(
            "垃圾清运不及时，村民意见大",
            "清运合同到期后没有续签。",
            ORDINARY,
            VILLAGE,
            S.VISIT,
            ("重新签订清运合同，明确频次", "村民小组长每日巡查"),
            "清运改为每日一次，群众满意。",
        ),
    ),
}
