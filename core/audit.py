"""The log in words: Chinese names of acts and results, and the search over them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.apps import apps
from django.db.models import Q

from core.models import AuditEntry

if TYPE_CHECKING:
    from core.querysets import AuditEntryQuerySet

# The one table of what an act is called: the name of its address -> words for the log.
ACTS: dict[str, str] = {
    "accounts:sign_in": "登录",
    "accounts:sign_out": "退出登录",
    "accounts:password_change": "修改密码",
    "accounts:resume": "放弃未保存的内容",
    "accounts:create_account": "在服务器上建立账号",
    "core:feedback": "提出意见建议",
    "core:feedback_reply": "答复意见建议",
    "core:job_cancel": "取消后台任务",
    "villages:import_divisions": "上传区划文件核对",
    "villages:import_apply": "导入区划和村庄",
    "villages:import_template": "下载区划导入模板",
    "villages:village_export": "导出村庄",
    "villages:village_edit": "修改下次换届日期",
    "villages:village_file_edit": "填写村情档案",
    "villages:secretary_term_add": "登记书记",
    "villages:secretary_term_edit": "修改书记任期",
    "rectification:round_add": "建立年度轮次",
    "rectification:round_open": "启动年度轮次",
    "rectification:round_close": "结束年度轮次",
    "rectification:case_propose": "提请认定",
    "rectification:case_add": "补充认定",
    "rectification:case_step": "推进整顿档案",
    "rectification:case_export": "导出整顿档案",
    "rectification:vacancy_export": "导出四个一未配齐的村",
    "rectification:screening_edit": "填排查结果",
    "rectification:screening_export": "导出排查结果",
    "rectification:submission_submit": "上报名单",
    "rectification:submission_return": "退回名单",
    "rectification:opinion_add": "征询部门意见",
    "rectification:opinion_answer": "答复联查征询",
    "rectification:cadre_add": "登记干部",
    "rectification:cadre_edit": "修改干部信息",
    "rectification:assignment_add": "安排四个一力量",
    "rectification:assign_many": "成批安排四个一力量",
    "rectification:assignment_end": "结束四个一安排",
    "rectification:deputy_add": "登记代理",
    "rectification:deputy_end": "提前结束代理",
    "rectification:handover_add": "提出移交",
    "rectification:handover_step": "答复移交",
    "rectification:problem_add": "登记问题",
    "rectification:problem_edit": "修改问题",
    "rectification:problem_step": "办理问题",
    "rectification:case_quick_add": "首次登记",
    "rectification:case_undo": "撤回档案的一步",
    "rectification:problem_undo": "撤回问题的一步",
    "rectification:task_undo": "撤回任务的一步",
    "rectification:escalation_pass": "转请部门答复",
    "rectification:topic_add": "建区级专题",
    "rectification:topic_edit": "修改区级专题",
    "rectification:topic_answer": "答复区级专题",
    "rectification:verdict_add": "登记解决情况认定",
    "rectification:problem_export": "导出问题清单",
    "rectification:task_export": "导出任务清单",
    "rectification:cadre_export": "导出干部名册",
    "rectification:round_export": "导出年度轮次",
    "rectification:submission_export": "导出报送情况",
    "rectification:opinion_export": "导出联查征询",
    "rectification:follow_up_export": "导出跟踪问效",
    "rectification:escalation_add": "上交问题",
    "rectification:escalation_answer": "答复上交的问题",
    "rectification:task_add": "登记任务",
    "rectification:task_edit": "修改任务",
    "rectification:task_step": "办理任务",
    "rectification:progress_add": "记任务进展",
    "rectification:measure_add": "增加措施",
    "rectification:measure_edit": "修改措施",
    "rectification:plan_add": "起草方案",
    "rectification:plan_edit": "修改方案",
    "rectification:plan_submit": "报送方案",
    "rectification:plan_decide": "批准或退回方案",
    "rectification:plan_document": "下载方案",
    "rectification:visit_add": "记走访",
    "rectification:visit_edit": "修改走访记录",
    "rectification:visit_export": "导出走访记录",
    "rectification:assessment_add": "登记阶段评估",
    "rectification:acceptance_edit": "填写验收情况",
    "rectification:follow_up_edit": "登记跟踪问效",
    "rectification:signal_add": "登记反弹苗头",
    "rectification:signal_answer": "答复反弹苗头",
    "rectification:calendar_import": "导入放假通知",
    "rectification:promise_add": "登记承诺",
    "rectification:promise_edit": "修改承诺",
    "rectification:promise_step": "办理承诺",
    "rectification:promise_export": "导出承诺清单",
    "rectification:help_add": "登记帮扶事项",
    "rectification:help_edit": "修改帮扶事项",
    "rectification:problem_extend": "申请问题延期",
    "rectification:task_extend": "申请任务延期",
    "rectification:extension_detail": "审批延期",
    "surveys:record_add": "登记调研测评",
    "surveys:record_edit": "修改调研测评",
    "surveys:record_export": "导出调研测评",
    "surveys:tally_edit": "登记验收测评票数",
}
ADMIN = "admin:"
ADMIN_ACTS = {"add": "新增", "change": "修改", "changelist": "批量办理", "delete": "删除"}

# The acts that share one address, by the address's last word: the names of the steps.
STEPS: dict[str, str] = {
    "designate": "认定",
    "decline": "不予认定",
    "start": "启动整顿",
    "apply": "申请验收",
    "send_back": "退回",
    "inspect": "组织验收",
    "conclude": "验收结论",
    "release": "出列",
    "relapse": "认定反弹",
    "extend": "延期",
    "end": "终止",
    "request_close": "申请销号",
    "approve_close": "核准销号",
    "refuse_close": "退回销号申请",
    "hand_over": "移交",
    "track": "转入长期跟踪",
    "give_up": "认定不能解决",
    "reopen": "重新打开",
    "finish": "办结",
    "drop": "不再进行",
}
# What an address's arguments are called: the log keeps them as key=value.
ARGUMENTS: dict[str, str] = {
    "pk": "编号 {}",
    "object_id": "编号 {}",
    "slot_pk": "岗位编号 {}",
    "cause": "成因 {}",
    "kind": "种类 {}",
    "year": "{}年",
    "action": "“{}”",
    "key": "“{}”",
}

RESULTS: dict[str, tuple[str, Q]] = {
    "done": ("成功", Q(result__lt=400)),
    "refused": ("被拒绝", Q(result__in=[401, 403, 404])),
    "invalid": ("未通过校验", Q(result=422)),
    "conflict": ("与他人冲突", Q(result=409)),
    "failed": ("出错", Q(result__gte=500)),
}


def act_words(act: str) -> str:
    """Return what an act is called; an address without words keeps its name."""
    if act in ACTS:
        return ACTS[act]
    if act.startswith(ADMIN):
        return _admin_words(act.removeprefix(ADMIN))
    return act


def _admin_words(name: str) -> str:
    place, _, verb = name.rpartition("_")
    app, _, model = place.partition("_")
    try:
        words = str(apps.get_model(app, model)._meta.verbose_name)
    except LookupError:
        return f"后台：{name}"
    return f"后台：{ADMIN_ACTS.get(verb, verb)}{words}"


def record_words(record: str) -> str:
    """Return which record an act was on: 编号 12 “延期”."""
    words = []
    for part in record.split():
        key, _, value = part.partition("=")
        value = STEPS.get(value, value) if key == "action" else value
        words.append(ARGUMENTS.get(key, "{}").format(value))
    return " ".join(words)


def result_words(status: int) -> tuple[str, str]:
    """Return a result's words and the kind of its mark."""
    if status < 400:
        return "成功", "good"
    named = {409: ("与他人冲突", "warn"), 422: ("未通过校验", "warn"), 401: ("未登录", "warn")}
    if status in named:
        return named[status]
    return ("出错", "bad") if status >= 500 else ("被拒绝", "bad")


def act_choices() -> list[tuple[str, str]]:
    """Return the acts to search for, by their words; those of the admin together."""
    return [*sorted(ACTS.items(), key=lambda item: item[1]), (ADMIN, "后台维护（全部）")]


class AuditFilter(django_filters.FilterSet):
    """Search by person, act, result and day; the search lives in the address."""

    who = django_filters.CharFilter(label="姓名或账号", method="filter_who")
    act = django_filters.ChoiceFilter(
        label="操作", empty_label="全部", choices=act_choices, method="filter_act"
    )
    result = django_filters.ChoiceFilter(
        label="结果",
        empty_label="全部",
        choices=[(key, words) for key, (words, _) in RESULTS.items()],
        method="filter_result",
    )
    since = django_filters.DateFilter(
        label="从",
        field_name="at",
        lookup_expr="date__gte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    until = django_filters.DateFilter(
        label="到",
        field_name="at",
        lookup_expr="date__lte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    class Meta:
        model = AuditEntry
        fields: list[str] = []

    def filter_who(self, rows: AuditEntryQuerySet, name: str, value: str) -> Any:
        return rows.filter(Q(user_name__icontains=value) | Q(user__username__icontains=value))

    def filter_act(self, rows: AuditEntryQuerySet, name: str, value: str) -> Any:
        return rows.filter(act__startswith=value) if value == ADMIN else rows.filter(act=value)

    def filter_result(self, rows: AuditEntryQuerySet, name: str, value: str) -> Any:
        return rows.filter(RESULTS[value][1])
