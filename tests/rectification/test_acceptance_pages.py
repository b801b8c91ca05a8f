"""The acceptance record on its pages: entered, computed, decided, sealed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock
from rectification.choices import SATISFACTION_DEFINITION, CaseStatus, Conclusion
from rectification.models import Acceptance, Case
from rectification.services import acceptance as services
from rectification.views.acceptance import acceptance_tab
from surveys.services import Tally, write_tally
from tests.factories import make_division, make_user, make_village
from tests.rectification.acceptance import SHEET, make_acceptance
from tests.rectification.factories import make_cadre

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def office(client):
    user = make_user(Role.OFFICE)
    client.force_login(user)
    return user


def address(acceptance, name="acceptance_edit"):
    return reverse(f"rectification:{name}", args=[acceptance.pk])


def filled(acceptance, act="conclude", **changes):
    """Return what the filled form posts."""
    data = {
        **SHEET,
        "inspected_on": (clock.today() - 3 * DAY).isoformat(),
        "decided_on": clock.today().isoformat(),
        "version_seen": acceptance.version,
        "act": act,
        **changes,
    }
    team = changes.get("team", [cadre.pk for cadre in acceptance.team.all()])
    return {name: str(value) for name, value in data.items() if value is not None} | {"team": team}


def test_acceptance_edit_concludes_from_the_form_alone(client, office):
    acceptance = make_acceptance(**dict.fromkeys([*SHEET][:11]))
    response = client.post(address(acceptance), filled(acceptance))
    assert response.url == address(acceptance, "acceptance_detail")
    acceptance.refresh_from_db()
    assert acceptance.conclusion == Conclusion.PASS
    assert Case.objects.get().status == CaseStatus.TRANSFORMED
    page = client.get(response.url).content.decode()
    assert "达到合格线" in page
    assert "填写验收记录" not in page


def test_acceptance_edit_saves_a_sheet_that_still_grows_and_shows_the_result(client, office):
    acceptance = make_acceptance(decided_on=None, decision_no="", score=None)
    data = filled(acceptance, "save", decided_on=None, decision_no="", score=62)
    response = client.post(address(acceptance), data)
    assert response.url == address(acceptance)
    acceptance.refresh_from_db()
    assert (acceptance.score, acceptance.conclusion) == (62, "")
    page = client.get(response.url).content.decode()
    assert "基本合格" in page
    assert "未达到合格线 70 分" in page


def test_a_corrected_figure_keeps_its_former_value_in_the_event(client, office):
    acceptance = make_acceptance(score=60)
    client.post(address(acceptance), filled(acceptance, "save", score=75))
    event = acceptance.case.events.get(action="acceptance_sheet")
    assert "验收得分：60.0 → 75" in event.note
    assert event.by == office


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"returned": 31}, "returned"),
        ({"present": 31}, "present"),
        ({"issued": 31}, "issued"),
        ({"valid": 31}, "valid"),
        ({"members_present": 11}, "members_present"),
        ({"dissatisfied": 4}, "dissatisfied"),
        ({"score": None}, "score"),
        ({"decision_no": ""}, "decision_no"),
        ({"inspected_on": ""}, "inspected_on"),
    ],
)
def test_question_25_the_form_says_beside_the_field_what_is_wrong(client, office, changes, field):
    acceptance = make_acceptance()
    response = client.post(address(acceptance), filled(acceptance, **changes))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert Case.objects.get().status == CaseStatus.INSPECTING


def test_a_refused_conclusion_keeps_the_text_and_writes_nothing(client, office):
    acceptance = make_acceptance()
    data = filled(acceptance, score=40, veto="账目不实")
    response = client.post(address(acceptance), data)
    assert response.status_code == 422
    page = response.content.decode()
    assert "重新确定整顿期限" in page
    assert "账目不实" in page
    acceptance.refresh_from_db()
    assert (acceptance.score, acceptance.version) == (85, 1)


def test_question_30_a_failure_with_its_new_deadline_goes_through_the_form(client, office):
    acceptance = make_acceptance()
    deadline = (clock.today() + 60 * DAY).isoformat()
    client.post(address(acceptance), filled(acceptance, score=40, new_deadline=deadline))
    case = Case.objects.get()
    assert (case.status, case.deadline.isoformat()) == (CaseStatus.RECTIFYING, deadline)


def test_the_second_of_two_who_fill_the_sheet_is_told(client, office):
    acceptance = make_acceptance()
    client.post(address(acceptance), filled(acceptance, "save", score=70))
    response = client.post(address(acceptance), filled(acceptance, "save", score=90))
    assert response.status_code == 409
    assert [change.label for change in response.context["form"].changes] == ["验收得分"]


def test_a_concluded_record_cannot_be_edited(client, office):
    acceptance = make_acceptance()
    services.conclude(acceptance, by=office)
    assert client.get(address(acceptance)).status_code == 409
    data = filled(acceptance, "save", score=100, version_seen=acceptance.version)
    assert client.post(address(acceptance), data).status_code == 409
    acceptance.refresh_from_db()
    assert acceptance.score == 85


def test_a_sent_back_application_stands_as_such_and_is_sealed(client, office):
    acceptance = make_acceptance(returned_on=clock.today())
    assert "已退回" in client.get(address(acceptance, "acceptance_detail")).content.decode()
    assert client.get(address(acceptance)).status_code == 409


def test_before_the_team_is_sent_there_is_nothing_to_fill_in(client, office):
    acceptance = make_acceptance()
    Case.objects.update(status=CaseStatus.APPLIED)
    response = client.get(address(acceptance))
    assert response.status_code == 422
    assert "组织验收" in response.content.decode()


def test_question_29_the_form_names_who_is_barred(client, office):
    acceptance = make_acceptance()
    helper = make_cadre(name="帮扶人")
    acceptance.team.add(helper)
    slot = acceptance.case.round.standard.slots.create(number=9, key="probe", name="第一书记")
    acceptance.case.assignments.create(slot=slot, cadre=helper, started_on=clock.today())
    page = client.get(address(acceptance)).content.decode()
    assert "帮扶人帮扶过该村，应当回避" in page


def made_helper(acceptance, cadre):
    """Assign a cadre to the village while its case is 验收中."""
    slot = acceptance.case.round.standard.slots.create(number=9, key="probe", name="第一书记")
    acceptance.case.assignments.create(slot=slot, cadre=cadre, started_on=clock.today())


def test_question_29_the_office_replaces_a_member_who_came_to_help_and_concludes(client, office):
    acceptance, other = make_acceptance(), make_cadre(name="新组长")
    made_helper(acceptance, acceptance.team.get())
    case_page = client.get(acceptance.case.get_absolute_url()).content.decode()
    assert f'href="{address(acceptance)}#team"' in case_page
    assert (
        '<details class="many-ticks" id="team" open>'
        in client.get(address(acceptance)).content.decode()
    )
    data = filled(acceptance, team=[other.pk])
    assert client.post(address(acceptance), data).status_code == 302
    assert list(acceptance.team.all()) == [other]
    event = acceptance.case.events.get(action="acceptance_team")
    assert (event.by, event.note) == (office, "验收组成员：验收组长 → 新组长")
    assert Case.objects.get().status == CaseStatus.TRANSFORMED


def test_a_township_reads_what_the_team_lacks_without_a_link_it_may_not_open(client):
    acceptance = make_acceptance(make_village(make_division("990101001")))
    made_helper(acceptance, acceptance.team.get())
    client.force_login(make_user(Role.TOWNSHIP, make_division("990101001")))
    page = client.get(acceptance.case.get_absolute_url()).content.decode()
    assert "验收组长帮扶过该村，应当回避" in page
    assert address(acceptance) not in page


def test_question_29_no_helper_comes_into_the_team_by_the_sheet(client, office):
    acceptance, helper = make_acceptance(), make_cadre(name="帮扶人")
    made_helper(acceptance, helper)
    former = acceptance.team.get()
    data = filled(acceptance, "save", team=[former.pk, helper.pk])
    refused = client.post(address(acceptance), data)
    assert refused.status_code == 422
    assert "帮扶人帮扶过该村，应当回避，请改选别人" in refused.content.decode()
    assert client.post(address(acceptance), {**data, "team": []}).status_code == 422
    assert list(acceptance.team.all()) == [former]
    assert not acceptance.case.events.exists()


def test_a_team_that_stays_leaves_no_event(client, office):
    acceptance = make_acceptance()
    assert client.post(address(acceptance), filled(acceptance, "save")).status_code == 302
    assert not acceptance.case.events.filter(action="acceptance_team").exists()


def test_a_sealed_sheet_keeps_its_team(client, office):
    acceptance, other = make_acceptance(), make_cadre(name="新组长")
    services.conclude(acceptance, by=office)
    data = filled(acceptance, "save", team=[other.pk])
    assert client.post(address(acceptance), data).status_code == 409
    assert other not in acceptance.team.all()


def test_question_27_the_definition_stands_on_every_page_that_shows_the_rate(client, office):
    acceptance = make_acceptance()
    pages = [
        address(acceptance, "acceptance_detail"),
        address(acceptance),
        reverse("surveys:tally_edit", args=[acceptance.pk]),
        reverse("surveys:case_part", args=[acceptance.case_id]),
    ]
    for page in pages:
        assert SATISFACTION_DEFINITION in client.get(page).content.decode(), page
    assert acceptance_tab(acceptance.case, office)["definition"] == SATISFACTION_DEFINITION


def test_question_27_the_rate_is_the_same_on_every_page(client, office):
    acceptance = make_acceptance(satisfied=11, basically=9, dissatisfied=10)
    shown = [
        client.get(address(acceptance, "acceptance_detail")),
        client.get(address(acceptance)),
        client.get(reverse("surveys:case_part", args=[acceptance.case_id])),
    ]
    assert all("66.7%" in response.content.decode() for response in shown)


def test_acceptance_detail_is_not_there_for_another_township(client):
    acceptance = make_acceptance(make_village(make_division("990101001")))
    client.force_login(make_user(Role.TOWNSHIP, make_division("990101002")))
    assert client.get(address(acceptance, "acceptance_detail")).status_code == 404


def test_acceptance_edit_reaches_no_other_district(client, office):
    acceptance = make_acceptance(make_village(make_division("990102001")))
    assert client.post(address(acceptance), filled(acceptance)).status_code == 404
    acceptance.refresh_from_db()
    assert acceptance.conclusion == ""


# --- the tally that the surveys app writes --------------------------------------------------------

TALLY = Tally(**{name: SHEET[name] for name in services.TALLY_FIELDS})


def test_a_tally_written_by_surveys_stands_on_the_sheet(office):
    acceptance = make_acceptance(**dict.fromkeys(services.TALLY_FIELDS))
    write_tally(acceptance, TALLY, by=office)
    stored = Acceptance.objects.get()
    assert stored.satisfaction == 90
    assert stored.version == acceptance.version == 2
    assert "满意：（空） → 20" in stored.case.events.get(action="acceptance_sheet").note


def test_a_stale_copy_writes_no_tally(office):
    acceptance = make_acceptance()
    Acceptance.objects.update(version=5)
    with pytest.raises(services.Conflict):
        write_tally(acceptance, TALLY, by=office)


def test_a_tally_that_contradicts_itself_is_refused_in_words(office):
    acceptance = make_acceptance()
    wrong = Tally(**{**{n: SHEET[n] for n in services.TALLY_FIELDS}, "returned": 31})
    with pytest.raises(services.DomainError, match="测评无效"):
        write_tally(acceptance, wrong, by=office)


def test_tally_edit_keeps_the_ballot_and_tells_the_second_of_two(client, office):
    acceptance = make_acceptance(**dict.fromkeys(services.TALLY_FIELDS))
    page = reverse("surveys:tally_edit", args=[acceptance.pk])
    data = {name: str(SHEET[name]) for name in services.TALLY_FIELDS}
    first = client.post(page, {**data, "version_seen": 1})
    assert first.url == address(acceptance, "acceptance_detail")
    second = client.post(page, {**data, "version_seen": 1, "satisfied": "19", "dissatisfied": "4"})
    assert second.status_code == 409
    acceptance.refresh_from_db()
    assert acceptance.satisfied == 20
