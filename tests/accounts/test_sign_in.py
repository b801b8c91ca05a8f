import pytest
from django.urls import reverse

from accounts.models import DistrictSettings
from core.models import AuditEntry
from tests.factories import OTHER_DISTRICT, PASSWORD, make_district, make_user
from tests.matrix import AUDITOR, OFFICE, SYSADMIN

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in/"


def sign_in(client, user, password=PASSWORD, **data):
    return client.post(SIGN_IN, {"username": user.username, "password": password, **data})


def test_an_account_signs_in_and_meets_its_first_page(client):
    response = sign_in(client, make_user(AUDITOR))
    assert response.status_code == 302
    assert response.url == reverse("core:audit_list")


def test_a_wrong_password_is_refused_in_words_and_keeps_the_account_name(client):
    user = make_user(AUDITOR)
    response = sign_in(client, user, "wrong")
    assert response.status_code == 422
    page = response.content.decode()
    assert "账号或密码不对" in page
    assert f'value="{user.username}"' in page
    assert "wrong" not in page


def test_a_locked_account_reads_the_same_as_a_wrong_password(client):
    response = sign_in(client, make_user(AUDITOR, is_active=False))
    assert response.status_code == 422
    assert "账号或密码不对" in response.content.decode()


@pytest.mark.parametrize(
    "outside", ["//evil.example/x", "https://evil.example/", "javascript:alert(1)", "\\\\evil", "x"]
)
def test_sign_in_leads_to_no_other_site(client, outside):
    response = sign_in(client, make_user(AUDITOR), next=outside)
    assert response.url == reverse("core:audit_list")


def test_sign_in_leads_to_the_page_that_was_wanted(client):
    user = make_user(AUDITOR)
    wanted = "/feedback/?page=2"
    away = client.get(wanted)
    assert away.status_code == 302
    page = client.get(away.url).content.decode()
    assert f'name="next" value="{wanted}"' in page
    assert sign_in(client, user, next=wanted).url == wanted


def test_a_part_asked_without_a_session_sends_the_whole_page_to_sign_in(client):
    response = client.get(
        "/audit/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/audit/?who=x"},
    )
    assert response.status_code == 200
    assert response["HX-Redirect"] == f"{SIGN_IN}?next=%2Faudit%2F%3Fwho%3Dx"


def test_who_is_signed_in_needs_no_second_sign_in(client):
    client.force_login(make_user(AUDITOR))
    assert client.get(SIGN_IN).url == reverse("core:audit_list")


def test_sign_out_ends_the_session_and_is_logged_with_its_account(client):
    user = make_user(AUDITOR)
    client.force_login(user)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").url == SIGN_IN
    assert client.get("/audit/").status_code == 302
    assert AuditEntry.objects.get(act="accounts:sign_out").user == user


def test_sign_ins_are_logged_the_failed_ones_under_the_account_that_was_tried(client):
    user = make_user(AUDITOR)
    sign_in(client, user, "wrong")
    sign_in(client, user)
    tried, done = AuditEntry.objects.filter(act="accounts:sign_in").order_by("pk")
    assert (tried.user, tried.result, tried.area_code) == (user, 422, user.division_id)
    assert (done.user, done.result) == (user, 302)


# --- passwords ------------------------------------------------------------------------------------


def change(client, old, new, again=None):
    return client.post(
        "/password/",
        {"old_password": old, "new_password1": new, "new_password2": again or new},
    )


def test_a_first_password_opens_only_the_page_that_replaces_it(client):
    user = make_user(AUDITOR, must_change_password=True)
    client.force_login(user)
    assert client.get("/audit/").url == "/password/"
    part = client.get("/audit/", headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == "/password/"
    assert "请先修改初始密码" in client.get("/password/").content.decode()
    response = change(client, PASSWORD, "Another-3-word")
    assert response.url == reverse("core:audit_list")
    assert client.get("/audit/").status_code == 200


def test_who_has_a_first_password_can_still_sign_out(client):
    client.force_login(make_user(AUDITOR, must_change_password=True))
    assert client.post("/sign-out/").url == SIGN_IN


@pytest.mark.parametrize(
    ("old", "new", "again", "words"),
    [
        ("wrong", "Another-3-word", None, "当前密码不对"),
        (PASSWORD, "Another-3-word", "Another-4-word", "两次输入的新密码不一样"),
        (PASSWORD, PASSWORD, None, "新密码不能与当前密码相同"),
        (PASSWORD, "short-1", None, "10"),
        (PASSWORD, "12345678901", None, "数字"),
    ],
)
def test_a_new_password_must_be_good(client, old, new, again, words):
    user = make_user(AUDITOR)
    client.force_login(user)
    response = change(client, old, new, again)
    assert response.status_code == 422
    assert words in response.content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_changed_password_ends_the_other_sessions_of_the_account(client, client_factory):
    user = make_user(AUDITOR)
    other = client_factory()
    client.force_login(user)
    other.force_login(user)
    change(client, PASSWORD, "Another-3-word")
    assert client.get("/audit/").status_code == 200
    assert other.get("/audit/").status_code == 302


# --- the session's limit --------------------------------------------------------------------------


def test_an_idle_session_ends_after_the_minutes_of_its_district(client, clock):
    user = make_user(AUDITOR)
    DistrictSettings.objects.create(division=make_district(), idle_minutes=10)
    sign_in(client, user)
    clock.forward(minutes=9)
    assert client.get("/audit/").status_code == 200
    clock.forward(minutes=9)
    assert client.get("/audit/").status_code == 200
    clock.forward(minutes=11)
    assert client.get("/audit/").status_code == 302


def test_a_district_without_settings_has_the_products_minutes(client, clock, settings):
    settings.IDLE_LOGOUT_MINUTES = 20
    sign_in(client, make_user(AUDITOR))
    clock.forward(minutes=19)
    assert client.get("/audit/").status_code == 200
    clock.forward(minutes=21)
    assert client.get("/audit/").status_code == 302


# --- the frame of every page ----------------------------------------------------------------------


def test_every_page_warns_of_secrets_links_to_feedback_and_names_the_demo(client):
    client.force_login(make_user(AUDITOR))
    page = client.get("/audit/?who=x").content.decode()
    assert "非涉密系统，严禁录入国家秘密" in page
    assert 'href="/feedback/new/?page=%2Faudit%2F%3Fwho%3Dx"' in page
    assert "演示数据" in page


def test_a_real_district_is_not_marked_as_demo(client):
    client.force_login(make_user(AUDITOR, make_district("110116")))
    assert "演示数据" not in client.get("/audit/").content.decode()


def test_the_unit_of_the_settings_stands_on_the_page(client):
    DistrictSettings.objects.create(division=make_district(), unit_name="某某区委组织部")
    client.force_login(make_user(AUDITOR))
    assert "某某区委组织部" in client.get("/audit/").content.decode()


def test_who_cannot_sign_in_reads_whom_to_call(client):
    DistrictSettings.objects.create(division=make_district(), contact="组织科 8888")
    assert "组织科 8888" in client.get(SIGN_IN).content.decode()
    DistrictSettings.objects.create(division=make_district(OTHER_DISTRICT), contact="外区 9999")
    page = client.get(SIGN_IN).content.decode()
    assert "8888" not in page
    assert "9999" not in page


def test_the_admin_is_offered_only_to_those_who_may_enter(client):
    client.force_login(make_user(SYSADMIN))
    assert "后台管理" in client.get("/health/").content.decode()
    client.force_login(make_user(AUDITOR))
    assert "后台管理" not in client.get("/audit/").content.decode()


def test_a_page_asks_nothing_for_its_frame_after_the_first_one(client, django_assert_num_queries):
    client.force_login(make_user(OFFICE))
    client.get("/feedback/new/")
    with django_assert_num_queries(2):  # session and account
        client.get("/feedback/new/")
