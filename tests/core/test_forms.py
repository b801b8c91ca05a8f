import re
import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.clock import now
from core.exceptions import Conflict, DomainError, SavedBefore
from core.feedback import ReplyForm
from core.forms import VersionedModelForm, digest, process_form, words
from core.http import act_once
from core.models import Feedback, SubmissionKey
from tests.factories import make_user, make_village
from tests.matrix import OFFICE, TOWNSHIP
from villages.models import SecretaryTerm, VillageFile

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    user = make_user(OFFICE)
    client.force_login(user)
    return user


@pytest.fixture
def opinion():
    author = make_user(TOWNSHIP)
    return Feedback.objects.create(author=author, area_code=author.division_id, text="字太小")


def reply(client, opinion, text, version=1, key=None):
    data = {"reply": text, "version_seen": version}
    if key:
        data["submission_key"] = key
    return client.post(reverse("core:feedback_reply", args=[opinion.pk]), data)


# --- once -----------------------------------------------------------------------------------------


def test_one_key_saves_once_however_often_it_is_sent(client, office):
    key = str(uuid.uuid4())
    answers = [
        client.post("/feedback/new/", {"text": "x", "submission_key": key}) for _ in range(3)
    ]
    assert [answer.url for answer in answers] == ["/feedback/"] * 3
    assert Feedback.objects.count() == 1


def test_a_form_with_errors_does_not_use_its_key_up(client, office):
    key = str(uuid.uuid4())
    refused = client.post("/feedback/new/", {"text": "", "submission_key": key})
    assert refused.status_code == 422
    assert f'value="{key}"' in refused.content.decode()
    assert not SubmissionKey.objects.exists()
    client.post("/feedback/new/", {"text": "x", "submission_key": key})
    assert Feedback.objects.count() == 1


def test_two_accounts_may_use_one_key(client, office):
    key = str(uuid.uuid4())
    client.post("/feedback/new/", {"text": "x", "submission_key": key})
    client.force_login(make_user(OFFICE))
    client.post("/feedback/new/", {"text": "y", "submission_key": key})
    assert Feedback.objects.count() == 2


@pytest.mark.parametrize("key", ["", "no-uuid"])
def test_a_form_without_a_key_still_saves(client, office, key):
    client.post("/feedback/new/", {"text": "x", "submission_key": key})
    assert Feedback.objects.count() == 1


def test_an_error_stands_beside_its_field_and_is_tied_to_it(client, office):
    page = client.post("/feedback/new/", {"text": ""}).content.decode()
    assert 'id="id_text_error"' in page
    assert 'aria-invalid="true"' in page
    assert "请填写此项" in page


def test_a_button_acts_once_for_its_key(rf, office):
    acts = []
    request = rf.post("/x/", {"submission_key": str(uuid.uuid4())})
    request.user = office

    def act():
        acts.append(1)
        return "/done/"

    assert [act_once(request, act).url for _ in range(2)] == ["/done/", "/done/"]
    assert acts == [1]


def test_a_refused_act_leaves_nothing_behind(rf, office):
    request = rf.post("/x/", {"submission_key": str(uuid.uuid4())})
    request.user = office

    def act():
        Feedback.objects.create(author=office, area_code=office.division_id, text="half")
        raise DomainError("不行")

    with pytest.raises(DomainError):
        act_once(request, act)
    assert not Feedback.objects.exists()
    assert not SubmissionKey.objects.exists()


# --- Back, another text, Save ---------------------------------------------------------------------


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def test_another_text_under_a_used_key_is_asked_about_and_saved_on_purpose_only(client, office):
    key = str(uuid.uuid4())
    client.post("/feedback/new/", {"text": "字太小", "submission_key": key})
    changed = client.post("/feedback/new/", {"text": "按钮太小", "submission_key": key})
    page = changed.content.decode()
    assert changed.status_code == 409
    assert "已经保存过一次" in page
    assert 'href="/feedback/"' in page
    assert "按钮太小</textarea>" in page
    assert Feedback.objects.get().text == "字太小"

    fresh = hidden(page, "submission_key")
    assert fresh != key
    client.post("/feedback/new/", {"text": "按钮太小", "submission_key": fresh})
    assert set(Feedback.objects.values_list("text", flat=True)) == {"字太小", "按钮太小"}


def test_a_changed_text_with_errors_is_told_of_its_errors_first(client, office):
    key = str(uuid.uuid4())
    client.post("/feedback/new/", {"text": "字太小", "submission_key": key})
    assert client.post("/feedback/new/", {"submission_key": key}).status_code == 422


def test_back_in_a_form_for_a_row_shows_both_texts_and_builds_on_the_saved_one(
    client, office, opinion
):
    key = str(uuid.uuid4())
    reply(client, opinion, "第一个答复", key=key)
    changed = reply(client, opinion, "改过的答复", key=key)
    page = changed.content.decode()
    assert changed.status_code == 409
    assert "第一个答复" in page
    assert "改过的答复</textarea>" in page
    assert "别人" not in page

    version, fresh = hidden(page, "version_seen"), hidden(page, "submission_key")
    assert reply(client, opinion, "改过的答复", version, fresh).status_code == 302
    opinion.refresh_from_db()
    assert (opinion.reply, opinion.version) == ("改过的答复", 3)


def test_only_what_was_typed_tells_two_posts_apart(rf, office):
    def mark(path="/x/", **fields):
        return digest(rf.post(path, {"text": "a", **fields}))

    def upload(content):
        return SimpleUploadedFile("list.csv", content)

    assert mark() == mark(submission_key="1", csrfmiddlewaretoken="2", version_seen="3")
    assert mark(file=upload(b"a")) == mark(file=upload(b"a"))
    others = [mark(text="b"), mark(more=""), mark("/y/"), mark(file=upload(b"a"))]
    assert len({mark(), mark(text=["a", "b"]), mark(file=upload(b"b")), *others}) == 7


def test_a_button_that_says_something_else_under_a_used_key_is_refused(rf, office):
    key = str(uuid.uuid4())
    acts = []

    def press(choice):
        request = rf.post("/x/", {"choice": choice, "submission_key": key})
        request.user = office
        return act_once(request, lambda: acts.append(choice) or "/done/")

    press("yes")
    with pytest.raises(SavedBefore) as refusal:
        press("no")
    assert (refusal.value.link, acts) == ("/done/", ["yes"])


def test_keys_too_old_to_come_back_to_are_dropped_on_the_next_save(client, office):
    def aged(user, days):
        row = SubmissionKey.objects.create(user=user, key=uuid.uuid4())
        moment = now() - timedelta(days=days)
        SubmissionKey.objects.filter(pk=row.pk).update(created_at=moment)
        return row

    rows = [aged(office, 31), aged(office, 29), aged(make_user(OFFICE), 31)]
    client.post("/feedback/new/", {"text": "x", "submission_key": str(uuid.uuid4())})
    left = SubmissionKey.objects.filter(pk__in=[row.pk for row in rows])
    assert set(left) == set(rows[1:])


# --- two people -----------------------------------------------------------------------------------


def test_the_second_of_two_savers_is_told_keeps_the_text_and_decides(client, office, opinion):
    assert reply(client, opinion, "第一个答复").status_code == 302
    second = reply(client, opinion, "第二个答复")
    assert second.status_code == 409
    page = second.content.decode()
    assert "别人已经保存了新的内容" in page
    assert "第一个答复" in page
    assert "第二个答复" in page
    assert 'name="version_seen" value="2"' in page
    opinion.refresh_from_db()
    assert opinion.reply == "第一个答复"

    assert reply(client, opinion, "两边合起来", version=2).status_code == 302
    opinion.refresh_from_db()
    assert (opinion.reply, opinion.version) == ("两边合起来", 3)


def test_a_refusal_keeps_the_text_and_writes_nothing(rf, office, opinion):
    request = rf.post(
        "/x/", {"reply": "好", "version_seen": 1, "submission_key": str(uuid.uuid4())}
    )
    request.user, request.session = office, {}
    form = ReplyForm(request.POST, instance=opinion)

    def save():
        form.save()
        raise DomainError("还差一项", link="/there/", link_text="去补")

    response = process_form(request, form, save=save, template="_includes/form.html")
    page = response.content.decode()
    assert response.status_code == 422
    assert "还差一项" in page
    assert 'href="/there/"' in page
    assert "好</textarea>" in page
    assert Feedback.objects.get().reply == ""
    assert not SubmissionKey.objects.exists()


def test_a_save_leaves_alone_what_others_moved_meanwhile(opinion):
    form = ReplyForm({"reply": "好", "version_seen": 1}, instance=Feedback.objects.get())
    Feedback.objects.update(page="/moved/")
    assert form.is_valid()
    form.save()
    opinion.refresh_from_db()
    assert (opinion.reply, opinion.page) == ("好", "/moved/")


def test_what_a_view_sets_beside_the_form_is_written_too(client, office, opinion):
    reply(client, opinion, "好")
    opinion.refresh_from_db()
    assert opinion.replied_by == office


class FileForm(VersionedModelForm):
    class Meta:
        model = VillageFile
        fields = ["village", "satisfaction", "rating", "is_poor_village", "director_name"]


def test_only_real_differences_are_shown_in_words():
    village = make_village()
    row = VillageFile.objects.create(
        village=village, year=2026, satisfaction=Decimal("90.0"), rating="good"
    )
    data = {
        "village": village.pk,
        "satisfaction": "90",
        "rating": "bad",
        "is_poor_village": "false",
        "director_name": "",
        "version_seen": 0,
    }
    form = FileForm(data, instance=row)
    assert form.is_valid(), form.errors
    with pytest.raises(Conflict):
        form.save()
    found = [(change.label, change.mine, change.theirs) for change in form.changes]
    assert found == [("年度评价", "差", "好"), ("建档立卡贫困村", "否", "（空）")]


def test_values_are_told_in_words():
    field = VillageFile._meta.get_field("rating").formfield()
    assert words("good", field) == "好"
    assert words(("good", "bad"), field) == "好、差"
    assert words(None, field) == "（空）"
    day = SecretaryTerm._meta.get_field("started_on").formfield()
    assert words(date(2026, 6, 30), day) == "2026-06-30"


def test_a_request_without_the_right_method_only_shows_the_form(rf, office):
    request = rf.get("/x/")
    request.user, request.session = office, {}
    form = ReplyForm(instance=Feedback())
    response = process_form(request, form, save=lambda: "/", template="_includes/form.html")
    assert response.status_code == 200
