"""The import as the office meets it: upload, preview, confirmation, a job for large files."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from accounts.roles import Role
from core.models import Job
from tests.divisions.test_imports import csv_bytes
from tests.factories import make_district, make_user, make_village
from villages import jobs
from villages.models import DivisionImport, StagedRow, Village

pytestmark = pytest.mark.django_db

ROWS = [("990101001201", "清泉村委会"), ("990101001202", "甘泉村委会")]


@pytest.fixture
def office(client):
    make_district()
    user = make_user(Role.OFFICE)
    client.force_login(user)
    return user


def upload(client, rows, name="区划.csv", **values):
    content = rows if isinstance(rows, bytes) else csv_bytes(rows)
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("villages:import_divisions"), {"file": file, **values})


def confirm(client, run):
    return client.post(reverse("villages:import_apply", args=[run.pk]))


def test_a_file_is_previewed_and_loaded_only_after_confirmation(client, office):
    response = upload(client, ROWS, valid_from="2026-01-01")
    run = DivisionImport.objects.get()
    assert response.url == run.get_absolute_url()
    assert not Village.objects.exists()
    text = client.get(response.url).content.decode()
    assert "确认导入：新增 2，变更 0" in text
    assert "清泉村委会" in text
    assert confirm(client, run).url == run.get_absolute_url()
    assert set(Village.objects.values_list("code", "name")) == set(ROWS)
    assert "已导入" in client.get(run.get_absolute_url()).content.decode()


def test_the_preview_shows_a_change_with_old_and_new_name(client, office):
    make_village(name="清泉村委会", code="990101001201")
    text = client.get(
        upload(client, [("990101001201", "清水村委会"), ROWS[1]]).url
    ).content.decode()
    assert "清泉村委会" in text
    assert "清水村委会" in text
    assert "甘泉" not in text  # the new rows stand under their own tab


def test_a_refused_file_shows_each_reason_and_no_button(client, office):
    response = upload(client, [*ROWS, ("99", "西村委会")])
    text = client.get(response.url).content.decode()
    assert "有 2 位" in text
    assert "确认导入" not in text
    assert confirm(client, DivisionImport.objects.get()).status_code == 409
    assert not Village.objects.exists()


def test_rows_of_another_district_are_refused_by_place(client, office):
    text = client.get(upload(client, [("990102001201", "他乡村委会")]).url).content.decode()
    assert "范围" in text


def test_an_import_is_its_owners_alone(client, office):
    upload(client, ROWS)
    run = DivisionImport.objects.get()
    client.force_login(make_user(Role.OFFICE))
    assert client.get(run.get_absolute_url()).status_code == 404
    assert confirm(client, run).status_code == 404
    assert not Village.objects.exists()


def test_a_double_click_loads_once(client, office):
    upload(client, ROWS)
    run = DivisionImport.objects.get()
    key = {"submission_key": "3f0c9a52-55d1-4d35-a7ad-2f8f3a8b1c11"}
    address = reverse("villages:import_apply", args=[run.pk])
    assert client.post(address, key).status_code == 302
    assert client.post(address, key).status_code == 302
    assert Village.objects.count() == 2


def test_without_a_file_the_form_says_so(client, office):
    response = client.post(reverse("villages:import_divisions"), {})
    assert response.status_code == 422
    assert "file" in response.context["form"].errors


def test_a_file_beyond_all_measure_is_not_read(client, office, monkeypatch):
    monkeypatch.setattr("villages.forms.MAX_FILE_BYTES", 10)
    assert "60 MB" in upload(client, ROWS).content.decode()


def test_the_template_is_a_file_that_can_be_filled_in_and_uploaded(client, office):
    response = client.get(reverse("villages:import_template"))
    book = load_workbook(io.BytesIO(response.content))
    book.worksheets[0].append(ROWS[0])
    out = io.BytesIO()
    book.save(out)
    text = client.get(upload(client, out.getvalue(), "模板.xlsx").url).content.decode()
    assert "新增 1" in text


# --- large files ----------------------------------------------------------------------------------


@pytest.fixture
def in_background(monkeypatch):
    """Treat every file as a large one."""
    monkeypatch.setattr(jobs, "ROWS_AT_ONCE", 1)


def test_a_large_file_is_checked_and_loaded_in_the_background(
    client, office, in_background, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = upload(client, ROWS, valid_from="2026-01-01")
    check = Job.objects.get()
    run = DivisionImport.objects.get()
    assert response.url == reverse("core:job_detail", args=[check.pk])
    assert (check.state, check.done) == (Job.State.DONE, 2)
    assert check.result["next"] == run.get_absolute_url()
    assert not check.source
    with django_capture_on_commit_callbacks(execute=True):
        confirm(client, run)
    assert Job.objects.first().state == Job.State.DONE
    assert str(Village.objects.first().valid_from) == "2026-01-01"
    assert not StagedRow.objects.exists()


def test_a_large_import_that_meets_a_conflict_says_so_and_leaves_nothing(
    client, office, in_background, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        upload(client, ROWS)
    run = DivisionImport.objects.get()
    make_village(name="别人的村委会", code=ROWS[0][0])
    with django_capture_on_commit_callbacks(execute=True):
        confirm(client, run)
    job = Job.objects.first()
    assert job.state == Job.State.FAILED
    assert "改动了同一批" in job.message
    assert Village.objects.count() == 1


def test_a_check_that_breaks_leaves_a_failed_job_and_nothing_else(
    client, office, in_background, monkeypatch, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as waiting:
        upload(client, ROWS)
    monkeypatch.setattr("villages.imports.checks._check_parents", lambda *_: 1 / 0)
    job = Job.objects.get()
    with pytest.raises(ZeroDivisionError):
        jobs.check_file.func(job.pk)
    job.refresh_from_db()
    assert waiting
    assert job.state == Job.State.FAILED
    assert "什么都没有导入" in job.message
    assert not StagedRow.objects.exists()


def take_back(client, job):
    return client.post(reverse("core:job_cancel", args=[job.pk]))


def test_a_job_that_was_taken_back_while_it_waited_never_begins(
    client, office, in_background, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks():
        upload(client, ROWS)
    job = Job.objects.get()
    assert take_back(client, job).url == job.get_absolute_url()
    jobs.check_file.func(job.pk)
    job.refresh_from_db()
    assert (job.state, bool(job.source)) == (Job.State.CANCELLED, False)
    assert not DivisionImport.objects.exists()


def test_a_check_that_is_taken_back_while_it_runs_leaves_nothing(
    client, office, in_background, monkeypatch, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks():
        upload(client, ROWS)
    job = Job.objects.get()
    tell = jobs._tell

    def tell_after_cancel(*numbers):
        take_back(client, job)
        tell(*numbers)

    monkeypatch.setattr(jobs, "_tell", tell_after_cancel)
    jobs.check_file.func(job.pk)
    job.refresh_from_db()
    assert (job.state, bool(job.source)) == (Job.State.CANCELLED, False)
    assert not DivisionImport.objects.exists()
    assert not StagedRow.objects.exists()


def test_an_import_that_is_taken_back_before_its_end_is_undone_and_may_be_confirmed_again(
    client, office, monkeypatch, in_background, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        upload(client, ROWS)
    run = DivisionImport.objects.get()
    with django_capture_on_commit_callbacks():
        confirm(client, run)
    job = Job.objects.first()
    start = jobs._start
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "_start", lambda pk: start(pk) and take_back(client, job))
        jobs.apply_import.func(job.pk, str(run.pk))
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    assert not Village.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        confirm(client, run)
    assert Village.objects.count() == 2
