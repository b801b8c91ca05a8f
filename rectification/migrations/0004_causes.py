"""The causes of problems: the fourteen of the civil affairs' form on difficult villages."""

from django.db import migrations

PARTY, LAW, ECONOMY = "party", "law", "economy"
# code, name, which kind of unit helps best with it
CAUSES = (
    ("Y01", "没有按期换届", PARTY),
    ("Y02", "班子不健全", PARTY),
    ("Y03", "班子软弱涣散", PARTY),
    ("Y04", "干群关系紧张", PARTY),
    ("Y05", "村务不公开、管理混乱", PARTY),
    ("Y06", "经济薄弱、无人愿干", ECONOMY),
    ("Y07", "经济发达、竞争激烈", ECONOMY),
    ("Y08", "干部驾驭能力差", PARTY),
    ("Y09", "遗留问题未解决", LAW),
    ("Y10", "拆迁、合并、改制", LAW),
    ("Y11", "干部作风霸道", PARTY),
    ("Y12", "群体上访", LAW),
    ("Y13", "宗族派性", LAW),
    ("Y14", "其他", PARTY),
)


def load(apps, schema_editor):
    cause = apps.get_model("rectification", "Cause")
    cause.objects.bulk_create(
        cause(code=code, name=name, help_field=field) for code, name, field in CAUSES
    )


class Migration(migrations.Migration):
    dependencies = [("rectification", "0003_execution")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=False)]
