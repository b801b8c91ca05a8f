"""底线: nothing is asked that the law forbids to ask. Rankings: test_ranking.py."""

import pytest
from django.apps import apps
from django.forms import modelform_factory
from django.urls import reverse

from accounts.roles import Role
from core.exceptions import DomainError
from core.policy import refusal
from rectification import choices
from rectification.admin.standards import StandardAdmin
from rectification.forms.measures import MeasureForm
from rectification.models import (
    Cause,
    Criterion,
    Measure,
    MilestoneTemplate,
    Round,
    Standard,
    StandardSlot,
    Task,
)
from rectification.services import causes, standards, tasks
from rectification.services.measures import save_measure
from tests.factories import make_user, make_village
from tests.rectification.factories import holder_of, make_problem, make_round, make_task

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
def test_the_services_refuse_it_whoever_calls_them():
    """An import, a copy or a further form has no way around the article."""
    problem = make_problem()
    office, township = make_user(Role.OFFICE), holder_of(problem.case)
    daily = Task(
        case=problem.case,
        problem=problem,
        category=problem.category,
        owner=problem.owner,
        measure="每天到村打卡",
        start_on=problem.found_on,
        deadline=problem.deadline,
    )
    task = make_task(problem)
    task.result_wanted = "在线时长达标"
    standard = standards.copy_shipped(office.division, 2027, by=office)
    standard.milestones.filter(number=1).update(name="到村定位")
    measure = Measure(district=office.division, text="干部积分", category=problem.category)
    cause = Cause(name="不签到", help_field="party")

    def save():
        measure.save()
        return measure

    for act in (
        lambda: tasks.add_task(daily, by=township),
        lambda: tasks.revise_task(task, save=task.save, changes=[], by=township),
        lambda: standards.publish(standard, by=office),
        lambda: save_measure(save, by=office),
        lambda: causes.save_cause(cause, by=office),
    ):
        with pytest.raises(DomainError, match="国办函〔2026〕12号"):
            act()
    assert not Measure.objects.exists()
    assert not Cause.objects.exclude(district=None).exists()
    assert not Standard.objects.get(pk=standard.pk).is_frozen


@pytest.mark.django_db
def test_a_measure_of_the_first_entry_is_guarded_too(client):
    village, office = make_village(), make_user(Role.OFFICE)
    rounds = make_round(office.division)
    client.force_login(office)
    data = {
        "village": village.pk,
        "secretary": "李清泉",
        "main_category": "C01",
        "problems": "账目不公开",
        "measures": "每天拍照留痕",
    }
    Round.objects.filter(pk=rounds.pk).update(status="open")
    response = client.post(reverse("rectification:case_quick_add"), data)
    assert response.status_code == 422
    page = response.content.decode()
    assert "国办函〔2026〕12号" in page
    assert "每天拍照留痕" in page
    assert not Task.objects.exists()


@pytest.mark.django_db
def test_a_measure_that_asks_for_screenshots_is_refused_beside_its_field(client):
    problem = make_problem()
    client.force_login(holder_of(problem.case))
    address = reverse("rectification:task_add", args=[problem.case_id])
    data = {"target": f"p{problem.pk}", "measure": "每天上传入户照片打卡"}
    response = client.post(address, data)
    assert response.status_code == 422
    assert "国办函〔2026〕12号" in response.content.decode()
