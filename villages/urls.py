"""Addresses of villages, their files and the import."""

from django.urls import path

from villages.views import files, imports, villages

app_name = "villages"

urlpatterns = [
    path("villages/", villages.village_list, name="village_list"),
    path("villages/export/", villages.village_export, name="village_export"),
    path("villages/<int:pk>/", villages.village_detail, name="village_detail"),
    path("villages/<int:pk>/edit/", villages.village_edit, name="village_edit"),
    path("villages/<int:pk>/files/<int:year>/", files.village_file_edit, name="village_file_edit"),
    path(
        "villages/<int:pk>/files/<int:year>/history/",
        files.village_file_history,
        name="village_file_history",
    ),
    path("villages/<int:pk>/terms/add/", files.secretary_term_add, name="secretary_term_add"),
    path("terms/<int:pk>/edit/", files.secretary_term_edit, name="secretary_term_edit"),
    path("divisions/import/", imports.import_divisions, name="import_divisions"),
    path("divisions/import/template/", imports.import_template, name="import_template"),
    path("divisions/import/<uuid:pk>/", imports.import_preview, name="import_preview"),
    path("divisions/import/<uuid:pk>/apply/", imports.import_apply, name="import_apply"),
]
