from django.urls import URLPattern, path

from dashboards.views import dashboard, verify, work

app_name = "dashboards"

urlpatterns: list[URLPattern] = [
    path("", work.work, name="work"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/charts/<slug:key>/", dashboard.chart_data, name="chart_data"),
    path("dashboard/definitions/", dashboard.definitions, name="definitions"),
    path("dashboard/linked/", dashboard.linked_cases, name="linked_cases"),
    path("reports/", dashboard.reports, name="reports"),
    path("verify/", verify.verify, name="verify"),
]
