from django.urls import URLPattern, path

from dashboards.views import verify

app_name = "dashboards"

urlpatterns: list[URLPattern] = [
    path("verify/", verify.verify, name="verify"),
]
