"""The seven roles and what each may do: pages, menus, steps and the admin ask this table."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    OFFICE = "office", "组织部经办"
    TOWNSHIP = "township", "乡镇"
    LEADER = "leader", "领导"
    HELPER = "helper", "帮扶力量"
    DEPARTMENT = "department", "部门"
    AUDITOR = "auditor", "审计员"
    SYSADMIN = "sysadmin", "系统管理员"


class Department(models.TextChoices):
    DISCIPLINE = "discipline", "纪检监察"
    POLITICS_LAW = "politics_law", "政法"
    PETITION = "petition", "信访"
    CIVIL = "civil", "民政"
    UNITED_FRONT = "united_front", "统战"
    AGRICULTURE = "agriculture", "农业农村"


class Permission(models.TextChoices):
    WORK_VIEW = "work_view", "看我的待办"
    DASHBOARD_VIEW = "dashboard_view", "看驾驶舱"
    FIGURES_VERIFY = "figures_verify", "看数据核对"
    DIVISION_IMPORT = "division_import", "导入区划和村庄"
    VILLAGE_VIEW = "village_view", "看村庄"
    VILLAGE_EDIT = "village_edit", "填村情档案"
    STANDARD_EDIT = "standard_edit", "编制标准"
    MEASURE_EDIT = "measure_edit", "编措施库"
    ROUND_VIEW = "round_view", "看年度轮次"
    ROUND_MANAGE = "round_manage", "组织年度轮次"
    SCREENING_ENTER = "screening_enter", "填排查结果、上报名单"
    OPINION_ANSWER = "opinion_answer", "答复联查征询"
    CASE_VIEW = "case_view", "看整顿档案"
    CASE_MANAGE = "case_manage", "推进整顿档案"
    CASE_APPLY = "case_apply", "申请验收"
    CADRE_EDIT = "cadre_edit", "登记干部"
    ASSIGN = "assign", "安排四个一力量"
    HANDOVER = "handover", "移交和接手"
    PLAN_DRAFT = "plan_draft", "起草方案"
    PLAN_APPROVE = "plan_approve", "批准方案"
    PROBLEM_EDIT = "problem_edit", "登记问题和任务"
    PROBLEM_CLOSE = "problem_close", "核准销号"
    EXTENSION_DECIDE = "extension_decide", "审批延期"
    PROGRESS_ADD = "progress_add", "记任务进展"
    ESCALATION_ANSWER = "escalation_answer", "答复上交的问题"
    VISIT_ADD = "visit_add", "记走访"
    SURVEY_VIEW = "survey_view", "看调研测评"
    SURVEY_EDIT = "survey_edit", "登记调研测评"
    ASSESSMENT_GROUNDS_VIEW = "assessment_grounds_view", "看评估依据"
    EXPORT = "export", "导出表格"
    ACCOUNT_MANAGE = "account_manage", "管理账号"
    SETTINGS_EDIT = "settings_edit", "系统设置"
    HEALTH_VIEW = "health_view", "看运行状态"
    AUDIT_VIEW = "audit_view", "查操作日志"


P = Permission

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OFFICE: frozenset(
        {
            P.WORK_VIEW,
            P.DASHBOARD_VIEW,
            P.FIGURES_VERIFY,
            P.DIVISION_IMPORT,
            P.VILLAGE_VIEW,
            P.VILLAGE_EDIT,
            P.STANDARD_EDIT,
            P.MEASURE_EDIT,
            P.ROUND_VIEW,
            P.ROUND_MANAGE,
            P.SCREENING_ENTER,
            P.CASE_VIEW,
            P.CASE_MANAGE,
            P.CADRE_EDIT,
            P.ASSIGN,
            P.HANDOVER,
            P.PLAN_APPROVE,
            P.PROBLEM_EDIT,
            P.PROBLEM_CLOSE,
            P.EXTENSION_DECIDE,
            P.PROGRESS_ADD,
            P.ESCALATION_ANSWER,
            P.VISIT_ADD,
            P.SURVEY_VIEW,
            P.SURVEY_EDIT,
            P.ASSESSMENT_GROUNDS_VIEW,
            P.EXPORT,
        }
    ),
    Role.TOWNSHIP: frozenset(
        {
            P.WORK_VIEW,
            P.VILLAGE_VIEW,
            P.VILLAGE_EDIT,
            P.ROUND_VIEW,
            P.SCREENING_ENTER,
            P.CASE_VIEW,
            P.CASE_APPLY,
            P.CADRE_EDIT,
            P.HANDOVER,
            P.PLAN_DRAFT,
            P.PROBLEM_EDIT,
            P.PROBLEM_CLOSE,
            P.EXTENSION_DECIDE,
            P.PROGRESS_ADD,
            P.ESCALATION_ANSWER,
            P.VISIT_ADD,
            P.SURVEY_VIEW,
            P.SURVEY_EDIT,
            P.ASSESSMENT_GROUNDS_VIEW,
            P.EXPORT,
        }
    ),
    Role.LEADER: frozenset(
        {
            P.DASHBOARD_VIEW,
            P.FIGURES_VERIFY,
            P.VILLAGE_VIEW,
            P.ROUND_VIEW,
            P.CASE_VIEW,
            P.EXTENSION_DECIDE,
            P.SURVEY_VIEW,
            P.ASSESSMENT_GROUNDS_VIEW,
            P.EXPORT,
        }
    ),
    Role.HELPER: frozenset({P.WORK_VIEW, P.CASE_VIEW, P.HANDOVER, P.PROGRESS_ADD, P.VISIT_ADD}),
    Role.DEPARTMENT: frozenset({P.WORK_VIEW, P.OPINION_ANSWER, P.ESCALATION_ANSWER}),
    Role.AUDITOR: frozenset({P.AUDIT_VIEW}),
    Role.SYSADMIN: frozenset({P.DIVISION_IMPORT, P.ACCOUNT_MANAGE, P.SETTINGS_EDIT, P.HEALTH_VIEW}),
}
