"""Addresses of survey records."""

from django.urls import path

from surveys import views

app_name = "surveys"

urlpatterns = [
    path("surveys/", views.record_list, name="record_list"),
    path("surveys/export/", views.record_export, name="record_export"),
    path("surveys/add/", views.record_add, name="record_add"),
    path("surveys/<int:pk>/", views.record_detail, name="record_detail"),
    path("surveys/<int:pk>/edit/", views.record_edit, name="record_edit"),
    path("cases/<int:pk>/surveys/", views.case_part, name="case_part"),
    path("acceptances/<int:pk>/tally/", views.tally_edit, name="tally_edit"),
]
