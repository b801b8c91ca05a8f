"""底线: nothing is asked that the law forbids to ask, and nobody is ranked by counted activity."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db.models import Aggregate, F, QuerySet, Subquery
from django.db.models.expressions import OrderBy
from django.forms import modelform_factory
from django.urls import get_resolver, resolve, reverse

from accounts.roles import Role
from core.policy import refusal
from dashboards.selectors import records_of, tiles
from rectification import choices
from rectification.admin.standards import StandardAdmin
from rectification.forms.measures import MeasureForm
from rectification.models import Criterion, MilestoneTemplate, StandardSlot
from rectification.services import standards
from tests.dashboards.scene import TODAY
from tests.factories import make_district, make_division, make_user, make_village
from tests.rectification.factories import holder_of, make_case, make_problem, make_task, make_visit

FORBIDDEN = [
    ("定位", "轨迹"),
    ("到村定位", "轨迹"),
    ("走访轨迹", "轨迹"),
    ("打卡", "打卡签到"),
    ("每日打卡", "打卡签到"),
    ("会议签到", "打卡签到"),
    ("人脸识别", "打卡签到"),
    ("积分", "积分排名"),
    ("干部积分", "积分排名"),
    ("走访次数排名", "积分排名"),
    ("乡镇排行榜", "积分排名"),
    ("在线时长", "在线时长"),
    ("学习时长", "在线时长"),
    ("强制拍照", "照片"),
    ("上传工作照片", "照片"),
    ("截图", "照片"),
    ("点赞数", "点赞量"),
    ("登录次数", "强制要求定期登录"),
    ("gps", "轨迹"),
    ("check_in", "打卡签到"),
    ("online_time", "在线时长"),
]


@pytest.mark.parametrize(("name", "quoted"), FORBIDDEN)
def test_a_forbidden_name_is_refused_with_the_article_quoted(name, quoted):
    words = refusal(name)
    assert "国办函〔2026〕12号" in words
    assert "不得" in words
    assert quoted in words


@pytest.mark.parametrize(
    "name",
    [
        "四个一到位",
        "方案批准",
        "明确村级功能定位",
        "推行村民积分制",
        "办好积分超市",
        "群众满意度排名靠后的村",
        "请水务局定期巡查",
        "latest",
        "tracked",
        "last_login",
        "",
    ],
)
def test_ordinary_words_are_not_refused(name):
    assert refusal(name) == ""


# --- what is kept and what is shipped -------------------------------------------------------------

OWN_APPS = ("core", "divisions", "accounts", "villages", "rectification", "surveys")


def test_no_model_keeps_what_the_guard_refuses():
    kept = [
        f"{model._meta.label}.{field.name}: {text}"
        for app in OWN_APPS
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.get_fields()
        for text in (model.__name__, field.name, str(getattr(field, "verbose_name", "")))
        if refusal(text)
    ]
    assert kept == []


def test_no_choice_of_a_case_is_refused():
    kinds = [kind for kind in vars(choices).values() if hasattr(kind, "choices")]
    texts = [text for kind in kinds for pair in kind.choices for text in map(str, pair)]
    assert [text for text in texts if refusal(text)] == []


@pytest.mark.django_db
def test_the_shipped_standard_passes():
    office = make_user(Role.OFFICE)
    standard = standards.copy_shipped(office.division, 2026, by=office)
    parts = (standard.criteria, standard.slots, standard.milestones)
    texts = [str(row) for part in parts for row in part.all()]
    assert [text for text in texts if refusal(text)] == []


# --- what people may name -------------------------------------------------------------------------


def test_every_part_of_a_standard_is_guarded_in_the_admin():
    fields = {MilestoneTemplate: "name", StandardSlot: "name", Criterion: "text"}
    for inline in StandardAdmin.inlines:
        name = fields.get(inline.model, "slot_key")
        form = modelform_factory(inline.model, form=inline.form, fields=[name])({name: "check_in"})
        assert "国办函〔2026〕12号" in str(form.errors)


@pytest.mark.django_db
def test_a_milestone_called_check_in_is_refused_in_the_admin():
    form = modelform_factory(
        MilestoneTemplate, form=StandardAdmin.inlines[2].form, fields=["number", "key", "name"]
    )({"number": 9, "key": "daily", "name": "每日打卡"})
    assert not form.is_valid()
    assert "打卡签到" in str(form.errors["name"])


@pytest.mark.django_db
def test_a_measure_of_the_library_is_guarded_too():
    form = MeasureForm(
        {"text": "每天打卡", "result_wanted": "打卡率 100%"}, user=make_user(Role.OFFICE)
    )
    assert "国办函〔2026〕12号" in str(form.errors["text"])
    assert "国办函〔2026〕12号" in str(form.errors["result_wanted"])


@pytest.mark.django_db
def test_a_measure_that_asks_for_screenshots_is_refused_beside_its_field(client):
    problem = make_problem()
    client.force_login(holder_of(problem.case))
    address = reverse("rectification:task_add", args=[problem.case_id])
    data = {"target": f"p{problem.pk}", "measure": "每天上传入户照片打卡"}
    response = client.post(address, data)
    assert response.status_code == 422
    assert "国办函〔2026〕12号" in response.content.decode()


# --- no ranking -----------------------------------------------------------------------------------

# Problems by what can be closed next, and causes by the villages they trouble: both order the work,
# neither counts what a person or a township did.
BY_COUNT = {("rectification.Problem", "open_task_count"), ("rectification.Problem", "villages")}


def counts(expression):
    """Whether a number is counted or summed anywhere in an expression."""
    if isinstance(expression, Aggregate):
        return expression.name in {"Count", "Sum", "Avg"}
    if isinstance(expression, Subquery):
        return any(counts(part) for part in expression.query.annotations.values())
    return any(counts(part) for part in expression.get_source_expressions() if part is not None)


def ranked(rows):
    """The counts by which a query orders its rows."""
    for term in rows.query.order_by:
        expression = term.expression if isinstance(term, OrderBy) else term
        name = expression.name if isinstance(expression, F) else expression
        if isinstance(name, str):
            name = name.lstrip("-")
            expression = rows.query.annotations.get(name)
        if expression is not None and counts(expression):
            yield rows.model._meta.label, str(name)


def pages():
    """The address of every page and export that needs no object."""
    for namespace in ("rectification", "villages", "surveys", "dashboards", "core"):
        _, space = get_resolver().namespace_dict[namespace]
        for name in {key for key in space.reverse_dict if isinstance(key, str)}:
            if not any(params for _, params in space.reverse_dict.getlist(name)[0][0]):
                yield reverse(f"{namespace}:{name}")


@pytest.fixture
def asked(monkeypatch):
    """Collect every query whose rows a page reads."""
    found = []
    fetch = QuerySet._fetch_all

    def spy(rows):
        found.append(rows)
        fetch(rows)

    monkeypatch.setattr(QuerySet, "_fetch_all", spy)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.OFFICE, Role.LEADER, Role.TOWNSHIP])
def test_question_38_no_page_or_export_ranks_by_counts(client, asked, role):
    case = make_case()
    make_task(make_problem(case))
    make_visit(case)
    client.force_login(make_user(role))
    seen = 0
    for address in pages():
        sorts = getattr(import_module(resolve(address).func.__module__), "SORTS", {})
        for query in ("", *(f"?sort={sign}{name}" for name in sorts for sign in ("", "-"))):
            seen += client.get(address + query).status_code == 200
    assert seen > 15
    assert {item for rows in asked for item in ranked(rows)} <= BY_COUNT


@pytest.mark.django_db
def test_question_38_the_townships_stand_in_the_order_of_their_codes():
    district = make_district(townships=3)
    for number, cases in ((1, 1), (2, 3), (3, 2)):
        for _ in range(cases):
            make_problem(make_case(make_village(make_division(f"{district.code[:6]}00{number}"))))
    office = make_user(Role.OFFICE, district)
    board = tiles(records_of(office, year=None, day=TODAY))
    codes = [tile.area.code for tile in board]
    assert codes == sorted(codes)
    assert len(codes) == 3


def test_the_search_for_rankings_finds_one():
    cadres = apps.get_model("rectification", "Cadre").objects.with_load()
    assert list(ranked(cadres.order_by("-problem_count"))) == [
        ("rectification.Cadre", "problem_count")
    ]
    assert list(ranked(cadres.order_by("name"))) == []
