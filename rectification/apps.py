from django.apps import AppConfig


class RectificationConfig(AppConfig):
    name = "rectification"
    verbose_name = "整顿"
    default_auto_field = "django.db.models.BigAutoField"
