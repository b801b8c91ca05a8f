"""The ten central types (2014 notice): one list for the whole country, shared by all districts."""

from django.db import migrations

# code, official name, short name, definition
CATEGORIES = (
    (
        "C01",
        "班子配备不齐、书记长期缺职、工作停滞",
        "班子不齐",
        "村“两委”班子缺员，书记岗位长期空缺，村里日常工作无人主持、处于停滞",
    ),
    (
        "C02",
        "书记不胜任现职、工作不在状态",
        "书记不胜任",
        "书记能力、威信或精力不足，长期走读、在岗不在状态，严重影响班子整体作用发挥",
    ),
    (
        "C03",
        "班子不团结、内耗严重",
        "班子不团结",
        "“两委”之间或成员之间对立，议而不决、决而不行，正常工作无法开展",
    ),
    (
        "C04",
        "组织制度形同虚设、不开展党组织活动",
        "制度虚设",
        "“三会一课”、组织生活会等制度停留在纸面，党组织长期不开展活动",
    ),
    (
        "C05",
        "换届选举拉票贿选问题突出",
        "拉票贿选",
        "换届选举中拉票、贿选等违反纪律的问题突出，影响选举公正和班子稳定",
    ),
    (
        "C06",
        "宗族宗教和黑恶势力干扰渗透严重",
        "宗族黑恶干扰",
        "宗族、宗教或黑恶势力干扰、渗透村级组织和村级事务，党组织作用被削弱",
    ),
    (
        "C07",
        "村务财务公开和民主管理混乱",
        "公开管理混乱",
        "党务、村务、财务不按规定公开，民主决策、民主监督不落实，群众知情权得不到保障",
    ),
    (
        "C08",
        "社会治安问题和信访矛盾纠纷集中",
        "治安信访集中",
        "社会治安问题多发，信访和矛盾纠纷集中且长期得不到化解",
    ),
    (
        "C09",
        "无村级组织活动场所",
        "无活动场所",
        "没有固定的村级组织活动和便民服务场所，或者场所无法正常使用",
    ),
    (
        "C10",
        "服务意识差、服务能力弱、群众意见大",
        "服务差意见大",
        "党组织和党员干部服务意识差、办事能力弱，群众意见集中、满意度低",
    ),
)


def add_categories(apps, schema_editor):
    category = apps.get_model("rectification", "Category")
    for code, name, short_name, definition in CATEGORIES:
        category.objects.using(schema_editor.connection.alias).update_or_create(
            code=code,
            defaults={"name": name, "short_name": short_name, "definition": definition},
        )


def remove_categories(apps, schema_editor):
    """Take the ten away again; a category in use is protected and stops the way back."""
    category = apps.get_model("rectification", "Category")
    codes = [row[0] for row in CATEGORIES]
    category.objects.using(schema_editor.connection.alias).filter(code__in=codes).delete()


class Migration(migrations.Migration):
    dependencies = [("rectification", "0001_initial")]

    operations = [migrations.RunPython(add_categories, remove_categories)]
