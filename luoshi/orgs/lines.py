"""Where units stand on lines (条线)."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Max, Q, Value
from django.db.models.functions import Concat, Length, Substr
from django.utils.translation import gettext as _

from luoshi.orgs.holds import require_still
from luoshi.orgs.models import (
    LINE_STEP,
    Line,
    Organisation,
    Person,
    Subordination,
    journal,
    line_step,
    under,
)
from luoshi.orgs.permissions import may_administer, may_draw_lines
from luoshi.orgs.planting import hold_the_tree
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.orgs.units import code_fault, require_open
from luoshi.orgs.unseen import unseen_fault

NAME_LENGTH, NAME_EN_LENGTH = 40, 60
DEEPEST = 11  # levels of a line


@transaction.atomic
def draw(name: str, code: str, name_en: str = "", *, by: Person) -> Line:
    """Add a line, for units to be put on.

    Errors: PermissionDenied unless ``by`` is a planner; Refused where name or code is missing, too long or no code;
    Conflict where another line has the name or the code.
    """
    require(may_draw_lines(by))
    hold_the_tree()  # two at one moment would take the same name
    name, name_en = " ".join(name.split()), " ".join(name_en.split())
    if not name or len(name) > NAME_LENGTH or len(name_en) > NAME_EN_LENGTH:
        raise Refused(_("请给条线起个名称，不超过 %(most)d 个字。") % {"most": NAME_LENGTH})
    if fault := unseen_fault(name + name_en):
        raise Refused(fault)
    if any(mark in name for mark in "；;：:、"):
        raise Refused(_("条线的名称里不能有分号、冒号和顿号，它们在导入的表格里另有用处。"))
    fault = code_fault(code)
    if fault:
        raise Refused(fault)
    if Line.objects.filter(Q(name=name) | Q(code=code)).exists():
        raise Conflict(_("已经有这个名称或代码的条线了。请换一个。"))
    line = Line.objects.create(name=name, code=code, name_en=name_en)
    journal("line.draw", line, by=by, name=name)
    return line


@transaction.atomic
def stand(organisation: Organisation, line: Line, superior: Organisation | None, *, by: Person) -> Subordination:
    """Put a unit on a line below ``superior``, which stands on it already, or on its top; what stands below it comes
    along. Where it stands there already nothing changes.

    Errors: PermissionDenied unless ``by`` administers the unit; Refused where either is closed, where the superior is
    not on the line, or is the unit itself or below it.
    """
    require_still()  # neither ends meanwhile
    organisation = Organisation.objects.get(pk=organisation.pk)
    require(may_administer(by, organisation))
    require_open(organisation)
    if superior is not None:
        superior = Organisation.objects.get(pk=superior.pk)
        require_open(superior)
    Line.objects.select_for_update().get(pk=line.pk)  # one change of a line at a time: two could close a circle
    place = Subordination.objects.filter(line=line, organisation=organisation).first()
    path = _path_below(line, superior) + line_step(organisation.pk)
    _require_room(place, path)
    if place is None:
        place = Subordination(line=line, organisation=organisation, superior=superior, path=path)
        place.save()
    elif place.path == path:
        return place
    elif path.startswith(place.path):
        said = _("“%(superior)s”在“%(line)s”条线上就是“%(unit)s”自己或其下级，不能再作它的上级。请选别的单位。")
        raise Refused(said % {"superior": superior, "line": line, "unit": organisation})
    else:
        _carry(place, path)
        Subordination.objects.filter(pk=place.pk).update(superior=superior)
        place.refresh_from_db()
    code = superior.code if superior else None
    journal("line.stand", organisation, by=by, path=organisation.path, line=line.code, superior=code)
    return place


@transaction.atomic
def leave(organisation: Organisation, line: Line, *, by: Person) -> None:
    """Take a unit off a line. Not being on it is no error.

    Errors: PermissionDenied; Refused where other units answer to it on the line.
    """
    require(may_administer(by, organisation))
    require_still()
    Line.objects.select_for_update().get(pk=line.pk)
    place = Subordination.objects.filter(line=line, organisation=organisation).first()
    if place is None:
        return
    below = Subordination.objects.filter(under(place.path)).exclude(pk=place.pk).count()
    if below:
        said = _("在“%(line)s”条线上还有 %(count)d 个单位归“%(unit)s”管。请先给它们改上级，再移出。")
        raise Refused(said % {"line": line, "count": below, "unit": organisation})
    place.delete()
    journal("line.leave", organisation, by=by, path=organisation.path, line=line.code)


def answering(organisation: Organisation) -> int:
    """How many units that are not closed answer to it on lines."""
    return Subordination.objects.filter(superior=organisation, organisation__closed_on=None).count()


def hand_over(ended: Organisation, heir: Organisation) -> None:
    """Let those who answer to a unit on lines answer to another one. Where that does not stand on the line yet, it comes
    to stand where the unit does; where it stands below the unit, it rises.

    To be called inside the verb's transaction, which asks who may.
    """
    for place in Subordination.objects.filter(organisation=ended).select_related("line"):
        Line.objects.select_for_update().get(pk=place.line_id)  # as above
        if not Subordination.objects.filter(superior=ended, line=place.line_id).exists():
            continue
        head = place.path[:-LINE_STEP] + line_step(heir.pk)
        taking = Subordination.objects.filter(line=place.line_id, organisation=heir).first()
        if taking is None:
            taking = Subordination(line=place.line, organisation=heir, superior_id=place.superior_id, path=head)
            taking.save()
        elif taking.path.startswith(place.path):
            _carry(taking, head)
            Subordination.objects.filter(pk=taking.pk).update(superior=place.superior_id, path=head)
            taking.path = head
        below = Subordination.objects.filter(under(place.path)).exclude(pk=place.pk)
        below.update(path=Concat(Value(taking.path), Substr(F("path"), len(place.path) + 1)))
        answer = Subordination.objects.filter(superior=ended, line=place.line_id).exclude(pk=taking.pk)
        answer.update(superior=heir)


def _carry(place: Subordination, path: str) -> None:
    """Let a place on a line be at another path, and what stands below it come along."""
    below = Subordination.objects.filter(under(place.path))
    below.update(path=Concat(Value(path), Substr(F("path"), len(place.path) + 1)))


def _require_room(place: Subordination | None, path: str) -> None:
    """A line has so many levels at most, those below included. Errors: Refused."""
    rest = 0
    if place is not None:
        deepest = Subordination.objects.filter(under(place.path)).aggregate(most=Max(Length("path")))["most"]
        rest = deepest - len(place.path)
    if len(path) + rest > LINE_STEP * (DEEPEST + 1):
        raise Refused(_("条线最多 %(most)d 层。请把它放到更高的上级之下。") % {"most": DEEPEST})


def _path_below(line: Line, superior: Organisation | None) -> str:
    if superior is None:
        return line_step(line.pk)
    above = Subordination.objects.filter(line=line, organisation=superior).first()
    if above is None:
        said = _("“%(superior)s”不在“%(line)s”条线上。请先把它放到这条条线上，再作上级。")
        raise Refused(said % {"superior": superior, "line": line})
    return above.path
