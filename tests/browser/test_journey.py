"""One village from its file to 转化, as the people who work on it see it: by visible words only.

Every person signs in with the form and from there on clicks what a page shows; no address is typed.
"""

import re
from datetime import date, datetime, time

import pytest
from playwright.sync_api import expect

from core import clock as core_clock
from rectification.choices import CaseStatus
from rectification.models import Case
from tests.factories import make_district, make_user, make_village
from tests.matrix import LEADER, OFFICE, TOWNSHIP
from tests.rectification.factories import make_cadre
from tests.rectification.rounds import publish_standard
from tests.tools.browser import sign_in

# Rolled back to what the migrations leave, because the ten categories come from one.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
VILLAGE, NEIGHBOUR = "杨柳村", "石桥村"
ROUND = "2026年度排查整顿"
PROBLEM, TASK = "账目三年没有公开", "公开近三年账目"
SLOTS = {
    "县级领导联村": "周常委",
    "乡镇班子成员包村": "吴委员",
    "第一书记驻村": "郑书记",
    "机关单位结对": "区财政局",
}


class Person:
    """Somebody at a browser, who knows a page by its words."""

    def __init__(self, page, account):
        self.page = page
        sign_in(page, account.username)

    def menu(self, word):
        menu = self.page.get_by_role("navigation", name="主菜单")
        menu.get_by_role("link", name=word, exact=True).click()

    def follow(self, words, *, exact=True):
        self.page.get_by_role("link", name=words, exact=exact).click()

    def tab(self, word):
        """Open a part of a case."""
        tabs = self.page.get_by_role("navigation", name="档案内容")
        tabs.get_by_role("link", name=word, exact=True).click()

    def press(self, words):
        self.page.get_by_role("button", name=words, exact=True).click()

    def fill(self, **values):
        """Fill fields in by their labels, a star for "required" aside."""
        for label, value in values.items():
            self.page.get_by_label(re.compile(rf"^{label}\*?$")).fill(str(value))

    def choose(self, label, option):
        box = self.page.get_by_label(re.compile(rf"^{label}\*?$"))
        words = box.locator("option", has_text=option).first.text_content()
        box.select_option(label=words.strip())

    def tick(self, words):
        self.page.get_by_label(words).check()

    def sees(self, *words):
        for text in words:
            found = self.page.locator("main").get_by_text(text).filter(visible=True)
            expect(found.first).to_be_visible()

    def do(self, words):
        """Take up something of 我的待办."""
        self.menu("待办")
        self.page.locator("main").get_by_role("link").filter(has_text=words).click()


@pytest.fixture
def calendar(clock):
    """Let a day come."""

    def come(month, day, year=2026):
        clock.moment = datetime.combine(date(year, month, day), time(10), core_clock.zone())

    come(3, 9)
    return come


@pytest.fixture
def someone(open_page, calendar):
    """Let somebody sign in, on the day it is."""
    return lambda account: Person(open_page(), account)


@pytest.fixture
def staff(calendar):
    """A district with two villages, a published standard, its people and its cadres."""
    district = make_district(townships=1)
    make_village(name=f"{VILLAGE}村委会")
    make_village(name=f"{NEIGHBOUR}村委会")
    publish_standard(district)
    accounts = {role: make_user(role) for role in (OFFICE, TOWNSHIP, LEADER)}
    make_cadre(name="周常委", post="区委常委", unit="区委")
    make_cadre(name="吴委员", account=accounts[TOWNSHIP], division=accounts[TOWNSHIP].division)
    make_cadre(name="冯组长", post="副科长", unit="区委组织部")
    return accounts


def test_a_village_goes_from_its_file_to_transformation(someone, staff, calendar):
    office, township = someone(staff[OFFICE]), someone(staff[TOWNSHIP])
    open_round(office)
    fill_in_the_file(township)
    screen_and_submit(township)
    propose(office)

    calendar(3, 30)
    office, township = someone(staff[OFFICE]), someone(staff[TOWNSHIP])
    designate(office)
    assign_people(office)
    find_a_problem(township)
    draft_the_plan(township)
    approve_and_start(office)

    calendar(5, 20)
    office, township = someone(staff[OFFICE]), someone(staff[TOWNSHIP])
    visit(township)
    hold_a_seminar(township)
    do_the_task(township)
    close_the_problem(office)

    calendar(8, 3)
    assess(someone(staff[OFFICE]))

    calendar(11, 16)
    office, township = someone(staff[OFFICE]), someone(staff[TOWNSHIP])
    apply_for_acceptance(township)
    inspect(office)
    conclude(office)
    follow_the_figure(someone(staff[LEADER]))
    assert Case.objects.get().status == CaseStatus.TRANSFORMED


# --- the round ------------------------------------------------------------------------------------


def open_round(office):
    office.menu("年度轮次")
    office.follow("建立新一轮")
    office.choose("采用的标准", "2026")
    office.press("建立")
    office.sees("排查还没有启动")
    office.follow("启动排查")
    office.fill(乡镇上报截止日期="2026-03-20")
    office.press("启动排查")
    office.sees("排查已启动")


def fill_in_the_file(township):
    township.menu("我的村")
    township.follow(VILLAGE, exact=False)
    township.sees("这一年还没有村情档案")
    township.follow("填写 2026 年村情档案")
    township.fill(户数=320, 人口=1012)
    township.press("保存")
    township.sees("1,012")


def screen_and_submit(township):
    township.do("还有 2 个村没有排查结果")
    township.follow(f"填{VILLAGE}的排查结果")
    township.tick("拟列入")
    township.choose("主要类型", "村务财务公开")
    township.fill(理由="账目多年不公开，群众反映强烈")
    township.press("保存，填下一个村")
    township.sees(f"接着填{NEIGHBOUR}")
    township.tick("不列入")
    township.press("保存")
    township.follow("上报名单")
    township.fill(乡镇党委会日期="2026-03-09")
    township.press("上报名单")
    township.sees("名单已上报组织部")


def propose(office):
    office.do("乡镇上报的 1 个村还没有提请认定")
    office.tick(f"选择{VILLAGE}")
    office.press("对勾选的村提请认定")
    office.press("确认提请认定")
    office.sees("待常委会审定")


def designate(office):
    office.do("等待常委会审定")
    office.follow("认定")
    office.fill(常委会日期="2026-03-27", 常委会纪要号="〔2026〕第 6 号", 整顿期限="2026-11-30")
    office.press("认定")
    office.sees("已认定", "〔2026〕第 6 号", "四个一到位")


# --- the case -------------------------------------------------------------------------------------


def assign_people(office):
    office.do("安排到人")
    register_first_secretary(office)
    for slot, holder in SLOTS.items():
        office.do("安排到人")
        office.page.get_by_role("row", name=slot).get_by_role("link", name="安排").click()
        if slot == "机关单位结对":
            office.fill(结对单位=holder)
        else:
            office.choose("干部", holder)
        office.press("安排")
        office.sees(holder)
    expect(office.page.get_by_text("空缺")).to_have_count(0)


def register_first_secretary(office):
    office.page.get_by_role("row", name="第一书记驻村").get_by_role("link", name="安排").click()
    office.follow("登记干部")
    office.fill(姓名="郑书记", 职务="第一书记", 单位="区农业农村局", 任职日期="2026-03-01")
    office.press("保存")
    office.sees("郑书记")


def find_a_problem(township):
    township.do("起草整顿方案")
    township.follow(VILLAGE, exact=False)
    township.follow("登记问题")
    township.fill(**{"是什么问题（一句话）": PROBLEM})
    township.tick("复杂")
    township.choose("来源", "排查")
    township.choose("责任人", "吴委员")
    township.press("保存")
    township.sees(PROBLEM)
    township.follow("安排任务")
    township.fill(**{"措施（一句话）": TASK})
    township.choose("责任人", "吴委员")
    township.press("保存")
    township.sees(TASK)


def draft_the_plan(township):
    township.do("起草整顿方案")
    township.fill(
        问题成因="班子长期不议事", 整顿目标="年底前账目按季公开", 主要措施="公开账目，议事上墙"
    )
    township.press("保存")
    township.press("报批")
    township.sees("待批准")
    expect(township.page.get_by_text("批准前还差")).to_have_count(0)


def approve_and_start(office):
    office.do("审批整顿方案")
    office.follow("审批")
    office.tick("批准")
    office.press("确定")
    office.do("方案已批准，启动整顿")
    office.follow("启动整顿")
    office.press("启动整顿")
    office.sees("整顿中", "申请验收")


def visit(township):
    township.menu("记走访")
    township.follow(VILLAGE, exact=False)
    township.page.get_by_text("老党员").click()
    township.fill(了解到的情况="账目已经贴出来，大家还有疑问")
    township.page.get_by_text("没有发现新问题").click()
    township.page.get_by_text(PROBLEM).click()
    township.press("保存")
    township.sees("走访已保存", "账目已经贴出来")


def hold_a_seminar(township):
    township.follow(VILLAGE, exact=False)
    township.tab("调研测评")
    township.follow("登记本村调研")
    township.fill(日期="2026-05-19", 主题="账目公开后的意见", 党员=6, 村民代表=9)
    township.fill(反映的情况="希望按季公开")
    township.press("保存")
    township.sees("账目公开后的意见")


def do_the_task(township):
    township.do(TASK)
    township.follow("记进展")
    township.fill(进展="三年账目已经张榜")
    township.press("保存")
    township.sees("三年账目已经张榜")
    township.follow("办结")
    township.press("办结")
    township.sees("已完成")
    township.do(PROBLEM)
    township.follow("申请销号")
    township.fill(解决情况和依据="账目张榜七天，没有异议，村民会议记录在案")
    township.press("申请销号")
    township.sees("核准销号")


def close_the_problem(office):
    office.do(f"核准“{PROBLEM}”的销号申请")
    office.follow("核准销号")
    office.press("核准销号")
    office.sees("已销号")


# --- assessment and acceptance --------------------------------------------------------------------


def assess(office):
    open_case(office)
    office.tab("评估验收")
    office.follow("登记阶段评估")
    office.fill(会议="区整顿工作调度会", 评估依据="账目公开，议事正常")
    office.tick("明显提升")
    office.press("保存")
    office.sees("最近评估：明显提升", "整顿中")


def open_case(office):
    office.menu("整顿档案")
    office.follow(VILLAGE, exact=False)


def apply_for_acceptance(township):
    township.do("申请验收")
    township.follow("申请验收")
    township.press("申请验收")
    township.sees("待验收")


def inspect(office):
    office.do("乡镇已申请验收")
    office.follow("组织验收")
    office.tick("冯组长")
    office.press("组织验收")
    office.sees("验收中")


def conclude(office):
    office.do("录入测评和得分")
    office.tab("调研测评")
    office.follow("登记测评票数")
    office.fill(应到=30, 实到=28, 党员应到=10, 党员实到=9, 发放=28, 收回=28, 有效=28)
    office.fill(满意=20, 基本满意=6, 不满意=2)
    office.press("保存")
    office.follow("填写验收记录")
    office.fill(验收日期="2026-11-16", 验收得分=88, 审定日期="2026-11-16")
    office.fill(审定文号="组字〔2026〕41号")
    office.press("先保存")
    office.sees("合格")
    office.press("审定验收结论")
    office.sees("合格", "组字〔2026〕41号")
    open_case(office)
    office.sees("已转化", "3 个月跟踪")


def follow_the_figure(leader):
    """The figure of the dashboard opens its rows, and a row the whole story."""
    figure = leader.page.get_by_role("link", name="1 转化", exact=True)
    figure.click()
    expect(leader.page.get_by_role("heading", name="整顿档案")).to_be_visible()
    leader.sees("已转化")
    leader.follow(VILLAGE, exact=False)
    leader.sees("已转化", "2026年11月16日")
    leader.tab("办理记录")
    leader.sees("〔2026〕第 6 号", "验收结论", "启动整顿", "申请验收")
