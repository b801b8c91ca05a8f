"""Forms of the village: the yearly file, the secretary's terms, the next election."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock as core_clock
from tests.factories import make_file, make_term, make_user, make_village
from villages.models import SecretaryTerm, Village, VillageFile

pytestmark = pytest.mark.django_db

THIS_YEAR = core_clock.today().year


@pytest.fixture
def office(client):
    user = make_user(Role.OFFICE)
    client.force_login(user)
    return user


@pytest.fixture
def village():
    return make_village(name="清泉村委会")


# --- the yearly file ------------------------------------------------------------------------------


def post_file(client, village, year=2025, **values):
    return client.post(reverse("villages:village_file_edit", args=[village.pk, year]), values)


def test_a_file_is_begun_with_some_items_and_the_rest_stays_unknown(client, office, village):
    response = post_file(client, village, households="120", vacancies="0")
    file = VillageFile.objects.get()
    assert response.status_code == 302
    assert (file.households, file.vacancies, file.population) == (120, 0, None)
    assert file.entered_on == core_clock.today()
    assert file.is_late_entry


def test_a_section_can_be_saved_before_the_next(client, office, village):
    response = post_file(client, village, households="120", go_on="posts")
    assert response.url.endswith("/files/2025/#posts")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"members": "10", "members_female": "11"}, "members_female"),
        ({"members": "10", "members_under_35": "6", "members_over_60": "5"}, "members_over_60"),
        ({"members_over_60": "3", "members_over_70": "4"}, "members_over_70"),
        ({"population": "10", "migrants": "11"}, "migrants"),
        ({"posts": "5", "vacancies": "6"}, "vacancies"),
        ({"satisfaction": "101"}, "satisfaction"),
        ({"petitions": "-1"}, "petitions"),
        ({"has_activity_place": "false", "activity_area": "80"}, "activity_area"),
        ({"activity_built_year": "2999"}, "activity_built_year"),
        ({"party_disclosed_on": "2999-01-01"}, "party_disclosed_on"),
    ],
)
def test_figures_that_cannot_be_are_refused_beside_their_field(
    client, office, village, values, field
):
    response = post_file(client, village, **values)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not VillageFile.objects.exists()


def test_there_is_no_file_for_a_year_to_come(client, office, village):
    address = reverse("villages:village_file_edit", args=[village.pk, THIS_YEAR + 1])
    assert client.get(address).status_code == 404


def test_a_correction_says_why_and_keeps_the_former_value(client, office, village):
    post_file(client, village, households="120")
    refused = post_file(client, village, households="121", version_seen="1")
    assert "change_reason" in refused.context["form"].errors
    done = post_file(
        client, village, households="121", version_seen="1", change_reason="核对户籍后更正"
    )
    assert done.status_code == 302
    history = reverse("villages:village_file_history", args=[village.pk, 2025])
    text = client.get(history).content.decode()
    assert "核对户籍后更正" in text
    assert "<td>120</td><td>121</td>" in text
    assert office.name in text


def test_filling_in_what_was_blank_needs_no_reason(client, office, village):
    post_file(client, village, households="120")
    assert (
        post_file(client, village, households="120", groups="3", version_seen="1").status_code
        == 302
    )


def test_the_second_of_two_savers_is_told_and_keeps_the_text(client, office, village):
    make_file(village, 2025, households=120)
    reason = {"change_reason": "更正", "version_seen": "1"}
    assert post_file(client, village, households="121", **reason).status_code == 302
    second = post_file(client, village, households="130", **reason)
    text = second.content.decode()
    assert second.status_code == 409
    assert 'value="130"' in text
    assert '<td class="keeps-lines">121</td>' in text
    assert VillageFile.objects.get().households == 121
    again = post_file(client, village, households="130", change_reason="更正", version_seen="2")
    assert again.status_code == 302
    assert VillageFile.objects.get().households == 130


def test_of_two_who_begin_a_file_the_second_is_told(client, office, village):
    make_file(village, 2025, households=120)
    second = post_file(client, village, households="130", change_reason="x")
    assert second.status_code == 409
    assert VillageFile.objects.get().households == 120


# --- secretaries and elections --------------------------------------------------------------------


def post_term(client, village, **values):
    base = {"name": "王新任", "started_on": "2026-01-10"}
    return client.post(
        reverse("villages:secretary_term_add", args=[village.pk]), {**base, **values}
    )


def test_a_new_secretary_ends_the_term_before_in_the_same_step(client, office, village):
    old = make_term(village)
    response = post_term(
        client, village, previous_ended_on="2026-01-09", previous_end_reason="adjusted"
    )
    old.refresh_from_db()
    assert response.status_code == 302
    assert (str(old.ended_on), old.end_reason, old.version) == ("2026-01-09", "adjusted", 2)
    assert SecretaryTerm.objects.get(ended_on=None).name == "王新任"
    assert old.history.count() == 2


def test_two_secretaries_at_a_time_are_refused(client, office, village):
    make_term(village)
    response = post_term(client, village)
    assert response.status_code == 422
    assert "重叠" in response.content.decode()
    assert SecretaryTerm.objects.count() == 1


def test_an_earlier_term_can_be_added_later(client, office, village):
    make_term(village)
    done = post_term(
        client, village, started_on="2018-01-01", ended_on="2021-03-31", end_reason="term"
    )
    assert done.status_code == 302


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"started_on": "2999-01-01"}, "started_on"),
        ({"ended_on": "2026-01-01", "end_reason": "term"}, "ended_on"),
        ({"ended_on": "2026-02-01"}, "end_reason"),
        ({"end_reason": "term"}, "ended_on"),
        ({"name": ""}, "name"),
    ],
)
def test_a_term_that_cannot_be_is_refused_beside_its_field(client, office, village, values, field):
    assert field in post_term(client, village, **values).context["form"].errors


def test_a_term_is_corrected_and_a_stale_copy_told(client, office, village):
    term = make_term(village)
    address = reverse("villages:secretary_term_edit", args=[term.pk])
    data = {"name": "李清源", "started_on": "2021-04-01", "version_seen": "1"}
    assert client.post(address, data).status_code == 302
    assert client.post(address, {**data, "name": "李清流"}).status_code == 409
    term.refresh_from_db()
    assert term.name == "李清源"


def post_election(client, village, day):
    address = reverse("villages:village_edit", args=[village.pk])
    return client.post(address, {"next_election_on": day, "version_seen": "1"}).status_code


def test_the_next_election_is_set_and_lies_ahead(client, office, village):
    assert post_election(client, village, "2020-01-01") == 422
    assert post_election(client, village, "2999-01-01") == 302
    assert Village.objects.get().next_election_on == date(2999, 1, 1)


def test_a_form_open_while_an_import_renamed_the_village_is_told(client, office, village):
    Village.objects.update(version=2, name="清泉新村委会")
    assert post_election(client, village, "2999-01-01") == 409
    assert Village.objects.get().name == "清泉新村委会"
