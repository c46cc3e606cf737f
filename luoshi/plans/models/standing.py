"""In which states plans, distributions and obligations stand, what sorts of tasks there are, and how much columns hold."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.models import Role

NEAR_DAYS = 3

# How much the columns hold; verbs refuse more with a sentence, forms offer no more.
TITLE_LENGTH, THEME_LENGTH, DOC_NUMBER_LENGTH = 300, 300, 80
ASK_LENGTH = 500
MOST_COUNT = 999_999_999
MOST_EDITION = 9999
MOST_EVIDENCE = 99


class PlanState(models.TextChoices):
    DRAFT = "draft", _("起草")
    ISSUING = "issuing", _("正在下达")
    ISSUED = "issued", _("已印发")
    CLOSED = "closed", _("已结束")
    RECALLED = "recalled", _("已撤回")


IN_FORCE = (PlanState.ISSUING, PlanState.ISSUED)
LOCALISING = (Role.PLANNER, Role.CO_ORDINATOR)  # who makes, and writes, the local plan of a unit


class TaskKind(models.TextChoices):
    ACTIVITY = "activity", _("活动")
    PROGRAMME = "programme", _("评选")
    PROJECT = "project", _("品牌项目")
    HELP = "help", _("办实事")
    PUBLICITY = "publicity", _("宣传报道")
    REPORT = "report", _("总结")
    ORGANISATION = "organisation", _("组织领导")
    OTHER = "other", _("其他")


class EvidenceKind(models.TextChoices):
    """What may show that something was done."""

    PICTURE = "picture", _("图片")
    VIDEO = "video", _("视频")
    DOCUMENT = "document", _("文件")
    LINK = "link", _("链接")


class DistributionState(models.TextChoices):
    RUNNING = "running", _("正在下达")
    DONE = "done", _("已下达")
    UNDONE = "undone", _("已撤回")


class State(models.TextChoices):
    """Where an obligation stands. Late is no state: it follows from due and the clock."""

    OPEN = "open", _("待签收")
    ACKNOWLEDGED = "acknowledged", _("已签收")
    SUBMITTED = "submitted", _("待审核")
    SENT_BACK = "sent_back", _("已退回")
    ACCEPTED = "accepted", _("已通过")
    EXEMPT = "exempt", _("免报")


# Which state may follow which: the whole life of an obligation.
FOLLOWS: dict[str, tuple[str, ...]] = {
    "": (State.OPEN,),
    State.OPEN: (State.ACKNOWLEDGED, State.EXEMPT),
    State.ACKNOWLEDGED: (State.SUBMITTED, State.EXEMPT),
    State.SUBMITTED: (State.SENT_BACK, State.ACCEPTED, State.EXEMPT),
    State.SENT_BACK: (State.SUBMITTED, State.EXEMPT),
    State.ACCEPTED: (),
    State.EXEMPT: (),
}

OWING = (State.OPEN, State.ACKNOWLEDGED, State.SENT_BACK)
