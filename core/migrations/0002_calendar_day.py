"""The table of holidays, filled with the notices of 2013 to 2026."""

import csv
from datetime import date
from pathlib import Path

from django.db import migrations, models

SHIPPED = Path(__file__).resolve().parents[1] / "workdays.csv"


def load(apps, schema_editor):
    with SHIPPED.open(encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    apps.get_model("core", "CalendarDay").objects.bulk_create(
        apps.get_model("core", "CalendarDay")(
            day=date.fromisoformat(day), is_working=kind == "班", name=name, notice="随软件附带"
        )
        for day, kind, name in rows
    )


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False, verbose_name="日期")),
                ("is_working", models.BooleanField(verbose_name="上班")),
                ("name", models.CharField(max_length=20, verbose_name="节日")),
                ("notice", models.CharField(blank=True, max_length=60, verbose_name="依据")),
            ],
            options={
                "verbose_name": "放假调休",
                "verbose_name_plural": "放假调休",
                "ordering": ["day"],
            },
        ),
        migrations.RunPython(load, migrations.RunPython.noop, elidable=False),
    ]
