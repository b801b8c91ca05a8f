import re

import pytest
from django.core import signing
from django.test import Client

from accounts import resume
from core.forms import ACCOUNT_FIELD
from core.models import Feedback, SubmissionKey
from tests.factories import PASSWORD, make_user
from tests.matrix import AUDITOR

pytestmark = pytest.mark.django_db
TEXT = "按钮太小，\n老同志看不清"
FORM = "/feedback/new/"


def hidden(page, name):
    """Return the value of a hidden input of a page."""
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def fill_in(client):
    """Open the form as a person does, and return what its post will hold."""
    page = client.get(FORM).content.decode()
    names = ("submission_key", ACCOUNT_FIELD, "csrfmiddlewaretoken")
    return {"text": TEXT, **{name: hidden(page, name) for name in names}}


def sign_in(client, user, response):
    """Sign in on the page that answered a post."""
    token = hidden(response.content.decode(), "resume")
    data = {"username": user.username, "password": PASSWORD, "resume": token}
    return client.post("/sign-in/", data)


def send_again(client, page):
    """Press 继续保存 on the page that shows what was kept."""
    address = re.search(r'<form method="post" action="([^"]+)"', page.split("<dl")[1])[1]
    fields = re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', page, re.DOTALL)
    return client.post(address, dict(fields))


@pytest.fixture
def author():
    return make_user(AUDITOR)


def test_an_idle_session_loses_nothing_and_saves_once(client, clock, author):
    client.force_login(author)
    data = fill_in(client)
    clock.forward(minutes=31)
    expired = client.post(FORM, data)
    assert expired.status_code == 401
    assert "您刚才填写的内容已保留" in expired.content.decode()
    assert not Feedback.objects.exists()

    signed_in = sign_in(client, author, expired)
    assert signed_in.url == "/resume/"
    page = client.get("/resume/").content.decode()
    assert "您刚才填写的内容还在" in page
    assert "意见或建议" in page
    assert "老同志看不清" in page

    send_again(client, page)
    send_again(client, page)
    assert Feedback.objects.get().text.replace("\r\n", "\n") == TEXT
    assert SubmissionKey.objects.count() == 1


def test_a_lost_session_loses_nothing(client, author):
    client.force_login(author)
    data = fill_in(client)
    client.cookies.clear()
    signed_in = sign_in(client, author, client.post(FORM, data))
    assert signed_in.url == "/resume/"


@pytest.mark.parametrize("knows_account", [True, False])
def test_what_another_account_typed_is_thrown_away(client, clock, author, knows_account):
    """The account is known from the form itself, and without that from the session that ended."""
    other = make_user(AUDITOR)
    client.force_login(author)
    data = fill_in(client)
    if not knows_account:
        del data[ACCOUNT_FIELD]
    clock.forward(minutes=31)
    response = sign_in(client, other, client.post(FORM, data))
    assert response.url == "/audit/"
    page = client.get("/audit/").content.decode()
    assert "刚才填写的内容属于另一个账号" in page
    assert client.get("/resume/").status_code == 302


def test_a_part_that_was_posted_is_answered_with_the_whole_sign_in_page(client, clock, author):
    client.force_login(author)
    data = fill_in(client)
    clock.forward(minutes=31)
    response = client.post(FORM, data, headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Retarget"]) == (401, "body")
    assert sign_in(client, author, response).url == "/resume/"


def test_what_was_kept_can_be_thrown_away(client, author):
    client.force_login(author)
    data = fill_in(client)
    client.cookies.clear()
    sign_in(client, author, client.post(FORM, data))
    assert client.post("/resume/").status_code == 302
    assert client.get("/resume/").status_code == 302


def test_a_password_is_never_kept(client):
    response = client.post("/password/", {"old_password": "a", "new_password1": "b"})
    assert response.status_code == 401
    assert 'name="resume"' not in response.content.decode()


def test_what_is_too_long_to_be_kept_says_where_to_find_it(client):
    response = client.post(FORM, {"text": "长" * (resume.MAX_CHARACTERS + 1)})
    page = response.content.decode()
    assert 'name="resume"' not in page
    assert "用浏览器的“后退”找回" in page


@pytest.mark.parametrize("salt", ["elsewhere", ""])
def test_a_forged_token_is_ignored(client, author, salt):
    token = signing.dumps({"a": 1}, salt=salt) if salt else "forged"
    data = {"username": author.username, "password": PASSWORD, "resume": token}
    assert client.post("/sign-in/", data).url == "/audit/"


def test_an_old_token_is_ignored(client, author, monkeypatch):
    client.force_login(author)
    data = fill_in(client)
    client.cookies.clear()
    expired = client.post(FORM, data)
    monkeypatch.setattr(resume, "MAX_AGE", -1)
    assert sign_in(client, author, expired).url == "/audit/"


def test_a_wrong_password_keeps_what_is_kept(client, author):
    client.force_login(author)
    data = fill_in(client)
    client.cookies.clear()
    token = hidden(client.post(FORM, data).content.decode(), "resume")
    wrong = {"username": author.username, "password": "wrong", "resume": token}
    again = client.post("/sign-in/", wrong)
    assert hidden(again.content.decode(), "resume") == token


def test_choices_and_links_are_told_in_words():
    fields = [
        ["result", "200"],
        ["author", "7"],
        ["free", "x"],
        ["submission_key", "k"],
        ["at", ""],
    ]
    kept = resume.Kept(account=1, path="/feedback/new/", fields=fields, had_files=False)
    lines = resume.describe(kept)
    assert lines == [("结果", "200"), ("提出人", "（已选）"), ("其他内容", "x")]


# --- tokens against forged posts ------------------------------------------------------------------


@pytest.fixture
def strict(author):
    """A browser whose posts are checked, signed in."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(author)
    return client


def test_a_post_from_elsewhere_is_refused(strict):
    for headers in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        response = strict.post(FORM, {"text": TEXT}, headers=headers)
        assert response.status_code == 403
        assert "已拒绝" in response.content.decode()
    assert not Feedback.objects.exists()


def test_a_page_left_open_over_a_new_sign_in_loses_nothing(strict):
    data = {**fill_in(strict), "csrfmiddlewaretoken": "x" * 64}
    response = strict.post(FORM, data, headers={"Origin": "http://testserver"})
    assert response.url == "/resume/"
    assert "老同志看不清" in strict.get("/resume/").content.decode()
    assert not Feedback.objects.exists()


def test_a_page_left_open_by_another_account_shows_the_new_one_nothing(strict):
    data = {**fill_in(strict), "csrfmiddlewaretoken": "x" * 64}
    strict.force_login(make_user(AUDITOR))
    response = strict.post(FORM, data, headers={"Origin": "http://testserver"})
    assert response.url == "/audit/"
    assert "属于另一个账号" in strict.get("/audit/").content.decode()
    assert not Feedback.objects.exists()


def test_cookies_that_are_gone_lead_to_sign_in_and_back(strict, author):
    data = fill_in(strict)
    strict.cookies.clear()
    response = strict.post(FORM, data, headers={"Referer": "http://testserver/feedback/new/"})
    assert response.status_code == 401
    assert resume.read(hidden(response.content.decode(), "resume")).belongs_to(author.pk)


def test_a_sign_in_page_that_is_too_old_asks_again_and_keeps_what_it_carries():
    client = Client(enforce_csrf_checks=True)
    token = signing.dumps({"any": "thing"}, salt="x")
    data = {"username": "a", "password": "b", "resume": token}
    response = client.post("/sign-in/", data, headers={"Origin": "http://testserver"})
    page = response.content.decode()
    assert response.status_code == 401
    assert hidden(page, "resume") == token
    assert "页面打开太久" in page
