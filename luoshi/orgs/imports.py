"""Taking in tables (导入): looked at first, then taken in as a whole or not at all; a second time nothing changes."""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Protocol

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.documents.reading.sheets import Sheet, read_sheet
from luoshi.documents.unreadable import UnreadableFile
from luoshi.orgs import divisions
from luoshi.orgs.holds import require_still
from luoshi.orgs.models import Import, Kind, Organisation, Person, journal
from luoshi.orgs.models.imports import NAME_LENGTH
from luoshi.orgs.people_tables import read_people
from luoshi.orgs.permissions import may_administer
from luoshi.orgs.planting import hold_the_tree, in_parts
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.orgs.tables import Effect
from luoshi.orgs.unit_tables import read_units

KEPT = dt.timedelta(days=7)  # how long a table waits to be taken in


class Table(Protocol):
    """What a read table can do."""

    effect: Effect

    def store(self, *, by: Person) -> None:
        """Take everything in."""


def hold(file: File[bytes], of: Import.Of, organisation: Organisation, *, by: Person) -> tuple[Import, Effect]:
    """Keep an uploaded table until it is taken in, and say what that would do. What ``by`` kept before goes.

    Errors: PermissionDenied unless ``by`` administers the organisation; UnreadableFile; Refused where it is no such
    table.
    """
    require(may_administer(by, organisation))
    with _on_disk(file) as path:
        sheet = read_sheet(path, name=file.name or "")
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    effect = _read(of, sheet, organisation, by, locked=False).effect
    with transaction.atomic():
        for earlier in Import.objects.filter(by=by, of=of, applied_at=None, begun_at=None):
            _drop_file(earlier)
            earlier.delete()
        held = Import(of=of, organisation=organisation, by=by, name=Path(file.name or "").name[:NAME_LENGTH])
        held.sha256 = sha256
        _show(held, effect)
        file.seek(0)
        held.file.save(f"{sha256[:16]}{Path(held.name).suffix[:5]}", file)
        _note("hold", held, by)
    return held, effect


def apply(held: Import, *, by: Person) -> Effect:
    """Take the table in: everything, or nothing. ``held.effect`` is that of what the person was shown.

    Errors: PermissionDenied unless ``by`` administers the organisation; Refused where it has faults or was taken in
    already; Conflict where the tree or the people changed, so that it would do something else than was shown: what it
    would do now is kept as shown, to be looked at and confirmed again.
    """
    sheet = _sheet(held)  # outside of the transaction: nobody waits while a file is read
    try:
        effect, differs = _apply(held, sheet, by)
    except IntegrityError as taken:  # a code or an account came at the same moment by another way
        raise Conflict(_("就在导入的时候，有人用了同样的代码或账号，所以没有导入。请再确认一次。")) from taken
    if differs:
        raise Conflict(
            _("在您查看以后，单位或人员有了变化，导入的结果会不同，所以没有导入。请看下面新的结果，再确认一次。")
        )
    return effect


def _apply(held: Import, sheet: Sheet, by: Person) -> tuple[Effect, bool]:
    """Take it in, unless it would do something else than was shown; then keep what it would do now."""
    with transaction.atomic():
        require_still() if held.of == Import.Of.UNITS else hold_the_tree()
        shown, held = held.effect, _again(held)
        organisation = held.organisation
        require(may_administer(by, organisation))
        if held.applied_at:
            raise Conflict(_("这个文件已经导入过了，没有重复导入。"))
        table = _read(Import.Of(held.of), sheet, organisation, by, locked=True)
        if table.effect.faults:
            raise Refused(_("文件里还有要改的地方，什么也没有导入。请改好以后重新上传。"))
        differs = table.effect.digest() != shown
        _show(held, table.effect)
        if differs:
            held.begun_at = None  # a job that comes again does not do what nobody was shown
        else:
            table.store(by=by)
            held.applied_at, held.preview = timezone.now(), {}
            journal(f"{held.of}.import", organisation, by=by, path=organisation.path, file=held.name, **held.counts)
            transaction.on_commit(partial(_drop_file, held))
        held.save(update_fields=["effect", "counts", "preview", "begun_at", "applied_at"])
    return table.effect, differs


@transaction.atomic
def begin(held: Import, *, by: Person) -> Import:
    """Say that a job takes the table in: ``carry_out`` does.

    Errors: PermissionDenied unless ``by`` administers the organisation; Refused where it has faults; Conflict where it
    was taken in already, or is being, or would do something else than was shown.
    """
    shown, held = held.effect, _again(held)
    require(may_administer(by, held.organisation))
    if held.applied_at:
        raise Conflict(_("这个文件已经导入过了，没有重复导入。"))
    if held.preview.get("fault_count"):
        raise Refused(_("文件里还有要改的地方，什么也没有导入。请改好以后重新上传。"))
    if held.is_running:
        raise Conflict(_("这个文件正在导入，请等一等。"))
    if held.effect != shown:
        raise Conflict(_("在您查看以后，导入的结果有了变化，所以没有导入。请看下面新的结果，再确认一次。"))
    held.begun_at, held.refusal = timezone.now(), ""
    held.save(update_fields=["begun_at", "refusal"])
    _note("begin", held, by)
    return held


def carry_out(key: int) -> None:
    """The job: take the table in as the one who uploaded it; where that is refused, keep why. Done twice it is done once."""
    held = Import.objects.select_related("by").filter(pk=key, applied_at=None).exclude(begun_at=None).first()
    if held is None:
        return
    try:
        apply(held, by=Person.objects.get(pk=held.by_id))
    except (Refused, PermissionDenied, UnreadableFile) as refused:
        sentence = str(refused) or _("您已经不再管理这个单位，没有导入。")
        Import.objects.filter(pk=key, applied_at=None).update(begun_at=None, refusal=sentence)


@transaction.atomic
def discard(held: Import, *, by: Person) -> None:
    """Do not take it in: its file goes. Errors: PermissionDenied; Refused where it was taken in, is being, or is gone."""
    require(may_administer(by, held.organisation))
    held = _again(held)
    if held.applied_at:
        raise Refused(_("这个文件已经导入，不能再放弃。"))
    if held.is_running:
        raise Refused(_("这个文件正在导入，不能放弃。"))
    _note("discard", held, by)
    transaction.on_commit(partial(_drop_file, held))
    held.delete()


def expire() -> int:
    """Let go of the tables that nobody took in for a week, with their names and e-mails; gives how many."""
    old = Import.objects.filter(applied_at=None, at__lte=timezone.now() - KEPT)
    return sum(_expire(key) for key in old.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _expire(key: int) -> bool:
    """Whether it went: one that is being taken in stays."""
    rows = Import.objects.select_for_update(of=("self",)).select_related("organisation")
    held = rows.filter(pk=key, applied_at=None).first()
    if held is None or held.is_running:
        return False
    _note("expire", held, None)
    transaction.on_commit(partial(_drop_file, held))
    held.delete()
    return True


def divisions_to_come(organisation: Organisation, *, villages: bool) -> dict[Kind, int]:
    """How many of the packaged divisions below the organisation are not there yet, by kind; none where it is no
    packaged division itself.
    """
    rows = _packaged(organisation, villages=villages)
    there = {
        code
        for part in in_parts(row.code for row in rows)
        for code in Organisation.objects.filter(code__in=part).values_list("code", flat=True)
    }
    fresh = [row.kind for row in rows if row.code not in there]
    return {kind: fresh.count(kind) for kind in Kind if kind in fresh}


@transaction.atomic
def take_divisions(organisation: Organisation, *, villages: bool, by: Person) -> int:
    """Add the packaged divisions below the organisation that are not there yet; gives how many.

    Errors: PermissionDenied unless ``by`` administers it; Refused where nothing is to be added.
    """
    require_still()
    organisation = Organisation.objects.get(pk=organisation.pk)  # it may have moved
    require(may_administer(by, organisation))
    added = divisions.load(_packaged(organisation, villages=villages))
    if not added:
        raise Refused(_("随附的行政区划都已经在这里了，没有要添加的。"))
    journal("units.divisions", organisation, by=by, path=organisation.path, added=added)
    return added


def _packaged(organisation: Organisation, *, villages: bool) -> list[divisions.Row]:
    rows = list(divisions.packaged(villages=villages))
    if organisation.code not in {row.code for row in rows}:
        return []
    below = [row for row in rows if row.code.startswith(organisation.code) and row.code != organisation.code]
    # What stands elsewhere by now, or ended, takes nothing with it: one plants in one's own part of the tree alone.
    codes = {row.code for row in below}
    known = Organisation.objects.filter(code__startswith=organisation.code).values_list("code", "path", "closed_on")
    lost = {code for code, path, closed in known if closed or not path.startswith(organisation.path)}
    kept: set[str] = {organisation.code}
    for row in below:
        if row.code not in lost and (row.parent in kept or row.parent not in codes):
            kept.add(row.code)
    return [row for row in below if row.code in kept]


def _note(verb: str, held: Import, by: Person | None) -> None:
    organisation = held.organisation
    journal(f"{held.of}.{verb}", organisation, by=by, path=organisation.path, file=held.name, sha256=held.sha256)


def _again(held: Import) -> Import:
    """The table as it is now, locked. Errors: Conflict where it is gone."""
    rows = Import.objects.select_for_update(of=("self",)).select_related("organisation")
    found = rows.filter(pk=held.pk).first()
    if found is None:
        raise Conflict(_gone())
    return found


def _gone() -> str:
    return _("这个文件已经不在了：它已经导入或放弃，或者您后来上传了另一个。请重新上传。")


def _show(held: Import, effect: Effect) -> None:
    held.effect, held.counts, held.preview = effect.digest(), effect.counts, effect.preview()


def _read(of: Import.Of, sheet: Sheet, organisation: Organisation, by: Person, *, locked: bool) -> Table:
    readers: dict[Import.Of, Callable[[], Table]] = {
        Import.Of.UNITS: lambda: read_units(sheet, organisation, by),
        Import.Of.PEOPLE: lambda: read_people(sheet, organisation, by, locked=locked),
    }
    return readers[of]()


def _sheet(held: Import) -> Sheet:
    if not held.file:
        raise Conflict(_("这个文件已经导入过了，没有重复导入。"))
    try:
        with held.file.open("rb") as file, _on_disk(file) as path:
            return read_sheet(path, name=held.name)
    except FileNotFoundError as gone:
        raise Conflict(_gone()) from gone


@contextmanager
def _on_disk(file: File[bytes]) -> Iterator[Path]:
    """An uploaded or stored file at a path, as long as that is needed."""
    with tempfile.NamedTemporaryFile(prefix="luoshi-table-") as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def _drop_file(held: Import) -> None:
    if held.file:
        held.file.delete(save=False)
        Import.objects.filter(pk=held.pk).update(file="")
