"""Addresses of the pages that belong to no app."""

from django.urls import path

from core.views import audit, feedback, health

app_name = "core"

urlpatterns = [
    path("feedback/", feedback.feedback_list, name="feedback_list"),
    path("feedback/new/", feedback.feedback, name="feedback"),
    path("feedback/<int:pk>/reply/", feedback.feedback_reply, name="feedback_reply"),
    path("audit/", audit.audit_list, name="audit_list"),
    path("health/", health.health, name="health"),
    path("jobs/<int:pk>/", health.job_detail, name="job_detail"),
    path("jobs/<int:pk>/cancel/", health.job_cancel, name="job_cancel"),
]
