"""Addresses of the rectification, by noun."""

from django.urls import path

from rectification.views import (
    acceptance,
    assessments,
    calendar,
    cases,
    escalations,
    follow_ups,
    handovers,
    opinions,
    people,
    plans,
    problems,
    rounds,
    screening,
    strip,
    tasks,
    visits,
)

app_name = "rectification"

urlpatterns = [
    # rounds, screening, townships' lists, departments' opinions
    path("rounds/", rounds.round_list, name="round_list"),
    path("rounds/add/", rounds.round_add, name="round_add"),
    path("rounds/<int:pk>/", rounds.round_detail, name="round_detail"),
    path("rounds/<int:pk>/open/", rounds.round_open, name="round_open"),
    path("rounds/<int:pk>/close/", rounds.round_close, name="round_close"),
    path("rounds/<int:pk>/propose/", rounds.case_propose, name="case_propose"),
    path("cases/add/", rounds.case_add, name="case_add"),
    path("screenings/", screening.screening_list, name="screening_list"),
    path("screenings/export/", screening.screening_export, name="screening_export"),
    path("screenings/<int:pk>/", screening.screening_edit, name="screening_edit"),
    path("submissions/", screening.submission_list, name="submission_list"),
    path("submissions/<int:pk>/", screening.submission_detail, name="submission_detail"),
    path("submissions/<int:pk>/submit/", screening.submission_submit, name="submission_submit"),
    path("submissions/<int:pk>/return/", screening.submission_return, name="submission_return"),
    path("opinions/", opinions.opinion_list, name="opinion_list"),
    path("opinions/add/", opinions.opinion_add, name="opinion_add"),
    path("opinions/<int:pk>/answer/", opinions.opinion_answer, name="opinion_answer"),
    # cases
    path("cases/", cases.case_list, name="case_list"),
    path("cases/export/", cases.case_export, name="case_export"),
    path("cases/<int:pk>/", cases.case_detail, name="case_detail"),
    path("cases/<int:pk>/steps/<slug:action>/", cases.case_step, name="case_step"),
    # people
    path("cadres/", people.cadre_list, name="cadre_list"),
    path("cadres/add/", people.cadre_add, name="cadre_add"),
    path("cadres/<int:pk>/", people.cadre_detail, name="cadre_detail"),
    path("cadres/<int:pk>/edit/", people.cadre_edit, name="cadre_edit"),
    path(
        "cases/<int:pk>/slots/<int:slot_pk>/assign/", people.assignment_add, name="assignment_add"
    ),
    path("assignments/<int:pk>/end/", people.assignment_end, name="assignment_end"),
    path("handovers/", handovers.handover_list, name="handover_list"),
    path("handovers/<int:pk>/", handovers.handover_detail, name="handover_detail"),
    path("handovers/add/<slug:kind>/<int:pk>/", handovers.handover_add, name="handover_add"),
    path("handovers/<int:pk>/steps/<slug:action>/", handovers.handover_step, name="handover_step"),
    # problems
    path("problems/", problems.problem_list, name="problem_list"),
    path("problems/export/", problems.problem_export, name="problem_export"),
    path("cases/<int:pk>/problems/add/", problems.problem_add, name="problem_add"),
    path("problems/<int:pk>/", problems.problem_detail, name="problem_detail"),
    path("problems/<int:pk>/edit/", problems.problem_edit, name="problem_edit"),
    path("problems/<int:pk>/steps/<slug:action>/", problems.problem_step, name="problem_step"),
    path("problems/<int:pk>/verdicts/add/", problems.verdict_add, name="verdict_add"),
    path("problems/<int:pk>/escalate/", escalations.escalation_add, name="escalation_add"),
    path("escalations/<int:pk>/answer/", escalations.escalation_answer, name="escalation_answer"),
    # tasks
    path("tasks/", tasks.task_list, name="task_list"),
    path("cases/<int:pk>/tasks/add/", tasks.task_add, name="task_add"),
    path("tasks/<int:pk>/", tasks.task_detail, name="task_detail"),
    path("tasks/<int:pk>/edit/", tasks.task_edit, name="task_edit"),
    path("tasks/<int:pk>/steps/<slug:action>/", tasks.task_step, name="task_step"),
    path("tasks/<int:pk>/progress/add/", tasks.progress_add, name="progress_add"),
    # plans
    path("cases/<int:pk>/plans/add/", plans.plan_add, name="plan_add"),
    path("plans/<int:pk>/", plans.plan_detail, name="plan_detail"),
    path("plans/<int:pk>/edit/", plans.plan_edit, name="plan_edit"),
    path("plans/<int:pk>/submit/", plans.plan_submit, name="plan_submit"),
    path("plans/<int:pk>/decide/", plans.plan_decide, name="plan_decide"),
    path("plans/<int:pk>/document/", plans.plan_document, name="plan_document"),
    path("plans/<int:pk>/similar/", plans.plan_similar, name="plan_similar"),
    path("cases/<int:pk>/plans/versions/", plans.plan_versions, name="plan_versions"),
    # visits
    path("visits/", visits.visit_list, name="visit_list"),
    path("visits/export/", visits.visit_export, name="visit_export"),
    path("visits/pick/", visits.visit_pick, name="visit_pick"),
    path("cases/<int:pk>/visits/add/", visits.visit_add, name="visit_add"),
    path("visits/<int:pk>/", visits.visit_detail, name="visit_detail"),
    path("visits/<int:pk>/edit/", visits.visit_edit, name="visit_edit"),
    # stage assessments, acceptance, look-backs, signals
    path("cases/<int:pk>/assessments/add/", assessments.assessment_add, name="assessment_add"),
    path("acceptances/<int:pk>/", acceptance.acceptance_detail, name="acceptance_detail"),
    path("acceptances/<int:pk>/edit/", acceptance.acceptance_edit, name="acceptance_edit"),
    path("follow-ups/", follow_ups.follow_up_list, name="follow_up_list"),
    path("follow-ups/<int:pk>/edit/", follow_ups.follow_up_edit, name="follow_up_edit"),
    path("cases/<int:pk>/signals/add/", follow_ups.signal_add, name="signal_add"),
    path("signals/<int:pk>/answer/", follow_ups.signal_answer, name="signal_answer"),
    path("villages/<int:pk>/strip/", strip.village_strip, name="village_strip"),
    # holidays and working days
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/import/", calendar.calendar_import, name="calendar_import"),
]
