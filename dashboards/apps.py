from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "dashboards"
    verbose_name = "驾驶舱"
    default_auto_field = "django.db.models.BigAutoField"
