from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = "调研测评"
    default_auto_field = "django.db.models.BigAutoField"
