from datetime import timedelta

import pytest
from django.db import connection
from django.http import Http404
from django.urls import get_resolver, reverse
from django_tasks_db.models import DBTaskResult

from core import audit, health
from core.audit import ACTS, act_words, record_words
from core.clock import now
from core.exceptions import Conflict, DomainError, NotAllowed
from core.jobs import end_if_dead
from core.middleware import DomainErrorMiddleware
from core.models import AuditEntry, Feedback, Job
from core.views import errors
from rectification import workflow
from rectification.workflow_problems import PROBLEM_STEPS, TASK_STEPS
from tests.factories import OTHER_DISTRICT, make_district, make_user
from tests.matrix import AUDITOR, HELPER, LEADER, OFFICE, ROLES, SYSADMIN, TOWNSHIP, World
from tests.test_permission_matrix import MATRIX

pytestmark = pytest.mark.django_db


def write(client, user, text="字太小", **data):
    client.force_login(user)
    return client.post("/feedback/new/", {"text": text, **data})


# --- 意见建议 -------------------------------------------------------------------------------------


def test_an_opinion_is_kept_answered_by_the_office_and_read_by_its_author(client):
    author, office = make_user(HELPER), make_user(OFFICE)
    assert write(client, author, page="/cases/").status_code == 302
    row = Feedback.objects.get()
    assert (row.author, row.area_code, row.page) == (author, author.division_id, "/cases/")

    client.force_login(office)
    page = client.get("/feedback/").content.decode()
    assert "字太小" in page
    assert 'href="/cases/"' in page
    client.post(f"/feedback/{row.pk}/reply/", {"reply": "已经放大", "version_seen": 1})

    client.force_login(author)
    page = client.get("/feedback/").content.decode()
    assert "已经放大" in page
    assert office.name in page
    assert "/reply/" not in page


def test_an_opinion_is_read_by_nobody_else(client):
    write(client, make_user(TOWNSHIP))
    for other in (
        make_user(TOWNSHIP),
        make_user(LEADER),
        make_user(OFFICE, make_district(OTHER_DISTRICT)),
    ):
        client.force_login(other)
        assert "字太小" not in client.get("/feedback/").content.decode()


@pytest.mark.parametrize("page", ["javascript:alert(1)", "https://evil.example/", "//evil.example"])
def test_an_opinion_leads_the_office_to_no_other_site(client, page):
    write(client, make_user(TOWNSHIP), page=page)
    assert Feedback.objects.get().page == ""


def test_an_empty_answer_is_refused(client):
    write(client, make_user(OFFICE))
    row = Feedback.objects.get()
    data = {"reply": "  ", "version_seen": 1}
    assert client.post(f"/feedback/{row.pk}/reply/", data).status_code == 422


# --- 操作日志 -------------------------------------------------------------------------------------


def test_the_log_tells_who_did_what_to_which_record_and_never_what_was_typed(client):
    office = make_user(OFFICE)
    write(client, office, "秘密的内容")
    row = Feedback.objects.get()
    client.post(f"/feedback/{row.pk}/reply/", {"reply": "另一个秘密", "version_seen": 1})
    client.force_login(make_user(AUDITOR))
    page = client.get("/audit/").content.decode()
    assert "提出意见建议" in page
    assert "答复意见建议" in page
    assert f"编号 {row.pk}" in page
    assert office.name in page
    assert "秘密的内容" not in page
    assert "另一个秘密" not in page


def log(**fields):
    values = {"act": "core:feedback", "result": 302, "area_code": "990101000000", **fields}
    return AuditEntry.objects.create(**values)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("who=王", {"王一"}),
        ("act=accounts:sign_in", {"李二"}),
        ("act=admin:", {"张三"}),
        ("result=refused", {"李二"}),
        ("result=done", {"王一"}),
        ("since=2999-01-01", set()),
        ("until=2999-01-01", {"王一", "李二", "张三"}),
    ],
)
def test_the_log_is_searched_by_person_act_result_and_day(client, query, found):
    log(user_name="王一")
    log(user_name="李二", act="accounts:sign_in", result=403)
    log(user_name="张三", act="admin:accounts_user_add", result=500)
    client.force_login(make_user(AUDITOR))
    page = client.get(f"/audit/?{query}").content.decode()
    assert {name for name in ("王一", "李二", "张三") if name in page} == found


def test_the_log_of_another_district_does_not_exist(client):
    log(user_name="外区人", area_code="990102000000")
    client.force_login(make_user(AUDITOR))
    assert "外区人" not in client.get("/audit/").content.decode()


def test_reading_leaves_no_trace_and_every_act_leaves_one(client):
    client.force_login(make_user(OFFICE))
    client.get("/feedback/")
    assert not AuditEntry.objects.exists()
    client.post("/feedback/new/", {"text": ""})
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.result) == ("core:feedback", 422)


def accepts_posts(client, name, row):
    """Say whether an address takes posts, asked as a role that may use it."""
    world = World()
    for role in (role for role in ROLES if not row.expected(role) & {403, 404}):
        client.force_login(world.user(role))
        arguments = row.args(world) if row.args else []
        return client.post(reverse(name, args=arguments), row.data(world)).status_code != 405
    return False


@pytest.mark.parametrize("name", [n for n in MATRIX if not n.startswith(("admin:", "/admin/"))])
def test_every_act_and_export_has_words_for_the_log(client, name):
    if name not in ACTS:
        assert not name.endswith("_export")
        assert not accepts_posts(client, name, MATRIX[name])


def test_acts_of_the_admin_have_words_for_the_log():
    assert act_words("admin:accounts_user_change") == "后台：修改账号"
    assert act_words("admin:autocomplete") == "后台：autocomplete"
    assert act_words("unknown:name") == "unknown:name"


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ("", ""),
        ("pk=12 action=extend", "编号 12 “延期”"),
        ("pk=7 slot_pk=3", "编号 7 岗位编号 3"),
        ("pk=7 year=2025", "编号 7 2025年"),
        ("object_id=5", "编号 5"),
        ("pk=7 action=forged", "编号 7 “forged”"),
        ("app_label=divisions", "divisions"),
    ],
)
def test_records_are_told_in_words(record, words):
    assert record_words(record) == words


def test_every_argument_and_step_of_our_addresses_has_words_for_the_log():
    apps = [app for app in get_resolver().url_patterns if getattr(app, "app_name", "") != "admin"]
    own = [address for app in apps for address in leaves(app)]
    found = {name for address in own for name in address.pattern.converters}
    assert {"pk", "action"} <= found <= set(audit.ARGUMENTS)
    for steps in (workflow.STEPS, PROBLEM_STEPS, TASK_STEPS):
        for action, step in steps.items():
            assert audit.STEPS[action] == step.name


def leaves(pattern):
    """Yield the addresses under a pattern."""
    for part in getattr(pattern, "url_patterns", ()):
        yield from leaves(part)
    if not hasattr(pattern, "url_patterns"):
        yield pattern


def test_the_log_needs_no_more_queries_for_more_rows(client, django_assert_max_num_queries):
    for number in range(15):
        log(user_name=f"人{number}")
    client.force_login(make_user(AUDITOR))
    client.get("/audit/")
    with django_assert_max_num_queries(4):
        client.get("/audit/")


def test_a_part_of_the_log_is_its_table_alone(client):
    client.force_login(make_user(AUDITOR))
    part = client.get("/audit/", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part["Vary"]


# --- 运行状态 -------------------------------------------------------------------------------------


def test_health_shows_every_check(client):
    client.force_login(make_user(SYSADMIN))
    page = client.get("/health/").content.decode()
    for name in ("数据库", "数据库结构", "后台任务", "磁盘剩余", "版本"):
        assert name in page


def test_a_task_that_waits_too_long_shows_that_the_worker_is_down(clock):
    assert health.check_worker().kind == "good"
    DBTaskResult.objects.create(
        args_kwargs={}, task_path="x", backend_name="default", run_after=clock.moment
    )
    clock.forward(minutes=3)
    found = health.check_worker()
    assert found.kind == "bad"
    assert "后台任务进程" in found.advice


def test_a_full_disk_and_missing_migrations_are_told(monkeypatch):
    monkeypatch.setattr(health, "LOW_DISK", 1 << 62)
    assert health.check_disk().kind == "bad"
    assert health.check_migrations().kind == "good"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'core'")
    assert health.check_migrations().kind == "bad"


@pytest.mark.parametrize(
    ("size", "words"), [(512, "512 B"), (2048, "2 KB"), (3 * 1024**2, "3 MB"), (2**31, "2.0 GB")]
)
def test_sizes_are_told_as_people_read_them(size, words):
    assert health.size_words(size) == words


# --- jobs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "asks_again"), [("running", True), ("done", False)])
def test_a_job_asks_again_until_it_is_finished(client, state, asks_again):
    user = make_user(OFFICE)
    job = Job.objects.create(owner=user, kind="x", title="导入", state=state, done=3, total=12)
    client.force_login(user)
    address = reverse("core:job_detail", args=[job.pk])
    for headers in ({}, {"HX-Request": "true"}):
        page = client.get(address, headers=headers).content.decode()
        assert ("hx-trigger" in page) == asks_again
    assert job.percent == 25
    assert Job(total=0).percent == 0


# --- errors ---------------------------------------------------------------------------------------


def test_a_job_is_taken_back_once_by_its_owner(client):
    job = Job.objects.create(owner=make_user(OFFICE), kind="import", title="导入")
    cancel, page = f"/jobs/{job.pk}/cancel/", f"/jobs/{job.pk}/"
    client.force_login(make_user(OFFICE))
    assert client.post(cancel).status_code == 404
    client.force_login(job.owner)
    assert f'action="{cancel}"' in client.get(page).content.decode()
    assert client.post(cancel).url == page
    shown = client.get(page).content.decode()
    assert "已取消" in shown
    assert cancel not in shown
    again = client.post(cancel)
    assert again.status_code == 409
    assert "已经结束" in again.content.decode()


def test_a_job_whose_worker_was_killed_ends_with_words_what_to_do(client):
    job = Job.objects.create(
        owner=make_user(OFFICE), kind="import", title="导入", state=Job.State.RUNNING
    )
    client.force_login(job.owner)
    for minutes, words in ((14, "进行中"), (16, "请重新办理一次")):
        Job.objects.update(updated_at=now() - timedelta(minutes=minutes))
        assert words in client.get(f"/jobs/{job.pk}/").content.decode()
    job.refresh_from_db()
    assert job.state == Job.State.FAILED


def test_a_job_that_told_something_meanwhile_is_not_taken_for_dead():
    job = Job.objects.create(
        owner=make_user(OFFICE), kind="import", title="导入", state=Job.State.RUNNING
    )
    job.updated_at = now() - timedelta(minutes=16)  # as read before the worker wrote
    end_if_dead(job)
    assert Job.objects.get().state == Job.State.RUNNING


def test_an_unknown_address_is_told_in_words(client):
    assert client.get("/nowhere/").status_code == 404
    client.force_login(make_user(AUDITOR))
    page = client.get("/nowhere/")
    assert page.status_code == 404
    assert "没有找到这个页面" in page.content.decode()


@pytest.mark.parametrize(("view", "status"), [(errors.forbidden, 403), (errors.not_found, 404)])
def test_an_error_in_a_part_lands_in_the_message_region(rf, view, status):
    request = rf.get("/x/")
    request.htmx = True
    response = view(request, Http404())
    assert response.status_code == status
    assert response["HX-Retarget"] == "#messages"
    assert "<html" not in response.content.decode()


def test_a_server_error_needs_neither_account_nor_database(rf):
    response = errors.server_error(rf.get("/x/"))
    assert response.status_code == 500
    assert "刚才的改动没有保存" in response.content.decode()


@pytest.mark.parametrize(
    ("error", "status", "title"),
    [
        (DomainError("还差会议日期", link="/there/"), 422, "未能办理"),
        (Conflict("刚被他人处理"), 409, "内容已被他人更新"),
        (NotAllowed("没有权限"), 403, "没有权限"),
    ],
)
def test_a_refusal_becomes_a_page_or_a_part(rf, error, status, title):
    middleware = DomainErrorMiddleware(lambda request: None)
    request = rf.post("/x/")
    request.htmx = False
    page = middleware.process_exception(request, error)
    assert page.status_code == status
    assert title in page.content.decode()
    assert error.message in page.content.decode()
    request.htmx = True
    part = middleware.process_exception(request, error)
    assert (part.status_code, part["HX-Retarget"]) == (status, "#messages")
    assert middleware.process_exception(request, ValueError()) is None
