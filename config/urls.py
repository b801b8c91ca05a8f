"""Every address of the product; the paths themselves stand in the apps."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.templatetags.static import static
from django.urls import include, path
from django.utils.functional import lazy
from django.views.generic import RedirectView

# Browsers ask for it on pages that name no icon, such as the admin's.
favicon = RedirectView.as_view(url=lazy(static, str)("img/favicon.svg"))

urlpatterns = [
    path("", include("dashboards.urls")),
    path("", include("accounts.urls")),
    path("", include("core.urls")),
    path("", include("villages.urls")),
    path("", include("rectification.urls")),
    path("", include("surveys.urls")),
    path("admin/", admin.site.urls),
    path("favicon.ico", login_not_required(favicon)),
]

handler403 = "core.views.errors.forbidden"
handler404 = "core.views.errors.not_found"
handler500 = "core.views.errors.server_error"
