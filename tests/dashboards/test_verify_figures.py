"""The report's figures, counted from the records: on the command line and on the page 数据核对."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import User
from dashboards.figures_report import SPECS, Records, figures
from dashboards.trajectory import Trajectory, classify
from rectification.models import Case, Round, StageAssessment
from surveys.models import SurveyRecord
from surveys.selectors import totals
from villages.models import SecretaryTerm, VillageFile

BAD, FINE, NONE = True, False, None
# design: the founding report's figures
REPORT = {
    "designated": 29,
    "disunited": 13,
    "undisclosed": 10,
    "secretaries": 29,
    "farming": 18,
    "elsewhere": 6,
    "replaced": 7,
    "transformed": 8,
    "improved": 21,
    "turned": 11,
    "relapsed": 8,
    "always": 10,
    "questionnaires": 350,
}


def the_29():
    return Case.objects.filter(round__year=2014).order_by("pk")


def found_now():
    surveys = SurveyRecord.objects.filter(round__year=2014)
    records = Records(the_29(), surveys, StageAssessment.objects.all())
    return {figure.spec.key: figure for figure in figures(records)}


def wrong_keys():
    return {key for key, figure in found_now().items() if not figure.is_met}


# --- the ten-year path ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("years", "path"),
    [
        ([BAD] * 10, Trajectory.ALWAYS),
        ([FINE] * 9 + [BAD], Trajectory.TURNED),
        ([FINE] + [BAD] * 9, Trajectory.TURNED),
        ([BAD] * 3 + [FINE] * 3 + [BAD] * 4, Trajectory.RELAPSED),
        ([FINE, BAD, FINE, BAD], Trajectory.RELAPSED),
        ([FINE] * 10, Trajectory.OTHER),
        ([BAD] * 9 + [FINE], Trajectory.OTHER),
        ([FINE, BAD, FINE], Trajectory.OTHER),
        ([BAD] * 9 + [NONE], Trajectory.UNKNOWN),
        ([], Trajectory.OTHER),
    ],
)
def test_a_path_is_named_by_its_stretches(years, path):
    assert classify(years) == path


# --- the command ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_without_the_round_the_command_says_what_to_do():
    with pytest.raises(CommandError, match="先运行 seed_demo"):
        call_command("verify_figures")


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
class TestDemo:
    def test_every_figure_of_the_report_is_found(self):
        found = found_now()
        assert {key: found[key].found for key in REPORT} == REPORT
        assert found["seminars"].found > 50
        assert found["people"].found > 400
        assert not wrong_keys()

    def test_the_command_prints_a_table_with_every_figure(self, capsys):
        call_command("verify_figures")
        printed = capsys.readouterr().out
        assert all(spec.name in printed for spec in SPECS)
        assert "否" not in printed.split("\n", 2)[2]

    def test_the_command_prints_json_for_machines(self, capsys):
        call_command("verify_figures", json=True)
        answer = json.loads(capsys.readouterr().out)
        assert {row["key"]: row["found"] for row in answer["figures"]}.items() >= REPORT.items()
        assert all(row["equal"] for row in answer["figures"])

    def test_each_figure_is_the_sum_of_its_rows(self):
        for figure in found_now().values():
            assert figure.found == sum(line.amount for line in figure.lines)
            assert all(line.link and line.title for line in figure.lines)

    def test_figures_of_the_surveys_are_those_of_the_survey_pages(self):
        found = found_now()
        same = totals(SurveyRecord.objects.filter(round__year=2014))
        assert found["seminars"].found == same.seminars
        assert found["people"].found == same.people
        assert found["questionnaires"].found == same.questionnaires

    def test_transformed_and_improved_are_counted_apart(self):
        found = found_now()
        links = [{line.link for line in found[key].lines} for key in ("transformed", "improved")]
        assert not links[0] & links[1]
        assert len(links[0] | links[1]) == 29

    def test_what_came_after_the_cut_off_does_not_count(self):
        assert the_29().exclude(transformed_on=None).count() == 29
        assert found_now()["transformed"].found == 8

    def change_category(self):
        case = the_29().filter(main_category="C08", further_categories=None).first()
        Case.objects.filter(pk=case.pk).update(main_category="C03")
        return "disunited"

    def change_disclosure(self):
        case = the_29().filter(main_category="C07").first()
        Case.objects.filter(pk=case.pk).update(main_category="C09")
        return "undisclosed"

    def change_day_of_designation(self):
        Case.objects.filter(pk=the_29().first().pk).update(designated_on=date(2014, 4, 2))
        return "designated"

    def change_occupation(self):
        term = SecretaryTerm.objects.filter(
            village__in=the_29().values("village"), occupation_before="farming"
        )
        term = term.filter(started_on__lt=date(2014, 3, 28)).exclude(
            ended_on__lte=date(2014, 3, 28)
        )
        SecretaryTerm.objects.filter(pk=term.first().pk).update(occupation_before="business")
        return "farming"

    def change_home(self):
        terms = SecretaryTerm.objects.filter(
            village__in=the_29().values("village"),
            lives_elsewhere=False,
            started_on__lt=date(2014, 3, 28),
        ).exclude(ended_on__lte=date(2014, 3, 28))
        SecretaryTerm.objects.filter(pk=terms.first().pk).update(lives_elsewhere=True)
        return "elsewhere"

    def change_replacement(self):
        terms = SecretaryTerm.objects.filter(
            village__in=the_29().values("village"),
            started_on__range=(date(2014, 4, 1), date(2014, 11, 30)),
        )
        SecretaryTerm.objects.filter(pk=terms.first().pk).update(started_on=date(2014, 12, 8))
        return "replaced"

    def change_transformation(self):
        case = the_29().filter(transformed_on__year=2014).first()
        Case.objects.filter(pk=case.pk).update(transformed_on=date(2014, 12, 1))
        return "transformed"

    def change_assessment(self):
        last = StageAssessment.objects.filter(case__round__year=2014, result="clear")
        last = last.filter(assessed_on__month=11).first()
        StageAssessment.objects.filter(pk=last.pk).update(result="some")
        return "improved"

    def change_rating(self):
        always = VillageFile.objects.filter(village__in=the_29().values("village"), rating="bad")
        file = always.filter(year=2009).first()
        VillageFile.objects.filter(pk=file.pk).update(rating="good")
        return "always"

    def change_sheets(self):
        row = SurveyRecord.objects.filter(round__year=2014, kind="questionnaire").first()
        SurveyRecord.objects.filter(pk=row.pk).update(issued=99, returned=40)
        return "questionnaires"

    def change_seminars(self):
        held = SurveyRecord.objects.filter(round__year=2014, kind="seminar")
        gone = list(held.values_list("pk", flat=True)[:4])
        SurveyRecord.objects.filter(pk__in=gone).update(held_on=date(2014, 12, 3))
        return "seminars"

    @pytest.mark.parametrize(
        "change",
        [
            "category",
            "disclosure",
            "day_of_designation",
            "occupation",
            "home",
            "replacement",
            "transformation",
            "assessment",
            "rating",
            "sheets",
            "seminars",
        ],
    )
    def test_one_changed_record_fails_the_command_and_names_the_figure(self, change):
        key = getattr(self, f"change_{change}")()
        name = next(spec.name for spec in SPECS if spec.key == key)
        with pytest.raises(CommandError) as refused:
            call_command("verify_figures")
        assert name in str(refused.value)
        assert refused.value.returncode == 1
        assert key in wrong_keys()

    # --- the page ---------------------------------------------------------------------------------

    @pytest.mark.parametrize("username", ["office1", "leader1", "leader2"])
    def test_the_page_shows_the_same_figures(self, client, username):
        client.force_login(User.objects.get(username=username))
        page = client.get(reverse("dashboards:verify"))
        assert {f.spec.key: f.found for f in page.context["figures"]} == {
            key: figure.found for key, figure in found_now().items()
        }
        assert f"{len(SPECS)} 项全部与调研报告一致" in page.content.decode()

    def test_each_figure_opens_its_rows(self, client):
        client.force_login(User.objects.get(username="office1"))
        for key, figure in found_now().items():
            page = client.get(reverse("dashboards:verify"), {"figure": key})
            assert page.context["chosen"].found == figure.found
            assert page.content.decode().count("<tr data-href=") == len(figure.lines), key

    def test_the_page_names_the_source_without_its_district(self, client):
        client.force_login(User.objects.get(username="office1"))
        page = client.get(reverse("dashboards:verify")).content.decode()
        assert "调研报告" in page
        assert "怀柔" not in page

    def test_a_difference_is_named_on_the_page(self, client):
        self.change_sheets()
        client.force_login(User.objects.get(username="office1"))
        page = client.get(reverse("dashboards:verify")).content.decode()
        assert "1 项与调研报告不一致" in page

    def test_the_page_costs_as_much_for_every_figure(self, client, django_assert_max_num_queries):
        client.force_login(User.objects.get(username="office1"))
        with django_assert_max_num_queries(30):
            client.get(reverse("dashboards:verify"), {"figure": "replaced"})

    def test_a_district_without_the_round_reads_so(self, client):
        client.force_login(User.objects.get(username="office_other"))
        page = client.get(reverse("dashboards:verify"))
        assert page.context["figures"] == []
        assert "没有 2014 年的轮次" in page.content.decode()

    def test_a_real_district_reads_its_own_figures_without_the_reports(self, client, monkeypatch):
        monkeypatch.setattr("dashboards.views.verify.is_demo", lambda code: False)
        client.force_login(User.objects.get(username="office1"))
        page = client.get(reverse("dashboards:verify"))
        assert Round.objects.filter(year=2014).exists()
        assert not page.context["has_report"]
        text = page.content.decode()
        assert "与调研报告一致" not in text
        assert "多于 50" not in text
