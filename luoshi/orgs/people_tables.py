"""A table of people and their posts: read, compared with who is there, and taken in as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import translation
from django.utils.translation import gettext as _

from luoshi.documents.reading.sheets import Sheet
from luoshi.orgs.invitations import account_fault, account_name, person_fault
from luoshi.orgs.models import Invitation, JournalEntry, Organisation, Person, Post, Role
from luoshi.orgs.permissions import HELD, known_below, may_give
from luoshi.orgs.planting import in_parts
from luoshi.orgs.posts import holder_facts
from luoshi.orgs.tables import Column, Effect, Fault, Line, Taken, lines
from luoshi.orgs.units import closed_fault

COLUMNS = (
    Column("name", "姓名", "name"),
    Column("account", "账号", "account"),
    Column("unit", "单位代码", "unit code"),
    Column("role", "岗位", "post"),
    Column("email", "邮箱", "email", required=False),
)
NAMES = {column.key: column.name for column in COLUMNS}
VACANT = "vacant"  # in what is shown of a row: it fills a post that nobody holds


@dataclass
class PeopleTable:
    """What a table of people comes to: its effect, the accounts it makes, and the posts it gives."""

    effect: Effect = field(default_factory=Effect)
    fresh: dict[str, Person] = field(default_factory=dict)
    given: list[tuple[Post, str]] = field(default_factory=list)  # a post, vacant or new, and the account it goes to
    people: dict[str, Person] = field(default_factory=dict)

    def store(self, *, by: Person) -> None:
        """Take everything in. To be called inside the verb's transaction, and only where the effect has no faults."""
        Person.objects.bulk_create(self.fresh.values(), batch_size=1000)
        for post, account in self.given:
            post.holder = self.people[account]
        filled = [post for post, _a in self.given if post.pk]
        for keys in in_parts(post.pk for post in filled):
            Invitation.objects.filter(post__in=keys).revoke()
        Post.objects.bulk_update(filled, ["holder"], batch_size=500)
        Post.objects.bulk_create([post for post, _a in self.given if not post.pk], batch_size=1000)
        entries = [entry for post, _a in self.given for entry in _entries(post, by)]
        JournalEntry.objects.bulk_create(entries, batch_size=1000)


def _entries(post: Post, by: Person) -> list[JournalEntry]:
    """What the journals of the unit and of the person say of a post that was given."""
    path, unit, person = post.organisation.path, Organisation._meta.label_lower, Person._meta.label_lower
    facts = {"role": post.role, "person": str(post.holder)}
    return [
        JournalEntry(
            by=by, verb="post.appoint", subject_type=unit, subject_id=str(post.organisation_id), path=path, facts=facts
        ),
        JournalEntry(
            by=by, verb=HELD, subject_type=person, subject_id=str(post.holder_id), path=path, facts=holder_facts(post)
        ),
    ]


def read_people(sheet: Sheet, node: Organisation, by: Person, *, locked: bool) -> PeopleTable:
    """What the table would do below ``node``. Errors: Refused where it is no table of people.

    ``locked`` says that it is about to be stored, inside the verb's transaction: nobody else changes its accounts and the
    posts at its units meanwhile.
    """
    rows, faults = lines(sheet, COLUMNS)
    for row in rows:
        row.cells["account"] = account_name(row.cells["account"])
    return _Reading(node, by, rows, faults, locked=locked).table()


class _Reading:
    def __init__(self, node: Organisation, by: Person, rows: list[Line], faults: list[Fault], *, locked: bool) -> None:
        self.node, self.by, self.rows = node, by, rows
        self.roles = role_words()
        codes = {row.cells["unit"] for row in rows}
        self.units: dict[str, Organisation] = {
            unit.code: unit
            for part in in_parts(codes)
            for unit in Organisation.objects.filter(code__in=part).select_related("successor")
        }
        found = {person.username: person for person in _accounts(rows, locked=locked)}
        self.spelled = {account.lower(): account for account in found}
        self.known = {person.username for part in in_parts(found.values()) for person in known_below(by, part)}
        self.found = PeopleTable(effect=Effect(faults=faults), people=found)
        self.held: set[tuple[int, str, str]] = set()  # unit, role and account
        self.vacant: dict[tuple[int, str], list[Post]] = {}
        self._those_there(locked=locked)
        self.rows_of: dict[str, Line] = {}  # the row that an account came with

    def table(self) -> PeopleTable:
        for row in self.rows:
            self._read(row)
        self.found.effect.faults.sort(key=lambda fault: fault.row)
        return self.found

    def _those_there(self, *, locked: bool) -> None:
        """The posts at the units of the table: who holds them, and which are vacant."""
        for keys in in_parts(unit.pk for unit in self.units.values()):
            if locked:
                waited = Post.objects.select_for_update(no_key=True).filter(organisation__in=keys).order_by("pk")
                list(waited.values_list("pk"))  # read below: with its holder a row waited for would be as it was before
            rows = Post.objects.filter(organisation__in=keys).select_related("organisation", "holder").order_by("pk")
            for post in rows:
                if post.holder is None:
                    self.vacant.setdefault((post.organisation_id, post.role), []).insert(0, post)
                else:
                    self.held.add((post.organisation_id, post.role, post.holder.username))

    def _fault(self, row: Line, key: str, todo: str) -> None:
        self.found.effect.faults.append(Fault(row.number, NAMES[key], row.cells.get(key, "")[:60], todo))

    def _read(self, row: Line) -> None:
        unit, role = self._unit(row), self._role(row)
        fits = self._account(row)
        if unit is None or role is None or not fits:
            return
        if not may_give(self.by, role, unit):
            todo = _("您不能安排“%(role)s”。请由上级来安排，或者改为您能安排的岗位。")
            self._fault(row, "role", todo % {"role": role.label})
            return
        account, key = row.cells["account"], (unit.pk, role.value)
        if (*key, account) in self.held:
            self.found.effect.unchanged += 1
            return
        self.held.add((*key, account))
        waiting = self.vacant.get(key)
        changes = {"unit": ("", unit.name), "role": (VACANT if waiting else "", role.value)}
        self.found.given.append((waiting.pop() if waiting else Post(organisation=unit, role=role), account))
        new = account in self.found.fresh and self.rows_of[account] is row
        self.found.effect.taken.append(Taken(row.number, account, row.cells["name"], new, changes))

    def _unit(self, row: Line) -> Organisation | None:
        unit = self.units.get(row.cells["unit"])
        if unit is None or not self.node.covers(unit.path):
            self._fault(row, "unit", _("“%(node)s”之下没有这个代码的单位。请核对代码。") % {"node": self.node})
            return None
        if closed := closed_fault(unit):
            self._fault(row, "unit", closed)
            return None
        return unit

    def _role(self, row: Line) -> Role | None:
        role = self.roles.get(row.cells["role"].casefold())
        if role is None:
            words = _("、").join(str(label) for label in Role.labels)
            self._fault(row, "role", _("没有这种岗位。请填其中之一：%(words)s。") % {"words": words})
        return role

    def _account(self, row: Line) -> bool:
        """Whether the row's account can be made, or is there already and the same person's."""
        before = len(self.found.effect.faults)
        name, account, email = row.cells["name"], row.cells["account"], row.cells.get("email", "")
        for key, fault in (("name", person_fault(name)), ("account", account_fault(account))):
            if fault:
                self._fault(row, key, fault)
        if email and not _is_email(email):
            self._fault(row, "email", _("这不是邮箱地址。请改正，或者空着。"))
        known, spelled = self.found.people.get(account), self.spelled.setdefault(account.lower(), account)
        if spelled != account:
            todo = _("已经有账号“%(account)s”，只差大小写。请照它的写法填，或者换一个账号名。")
            self._fault(row, "account", todo % {"account": spelled})
        elif known is not None and known.pk and account not in self.known:
            todo = _("这个账号名已经有人用了，不是“%(node)s”的人。请换一个；要请别处的人担任，请用邀请。")
            self._fault(row, "account", todo % {"node": self.node})
        elif known is not None and known.full_name != name:
            todo = _("这个账号是“%(person)s”的。请核对姓名和账号；导入不改已有账号的姓名。")
            self._fault(row, "account", todo % {"person": known})
        elif known is not None and not known.is_active:
            self._fault(row, "account", _("这个账号已经停用。请先启用，或者换一个账号。"))
        if len(self.found.effect.faults) > before:
            return False
        if known is None:
            made = Person(username=account, first_name=name, email=email, password=make_password(None))
            self.found.fresh[account] = self.found.people[account] = made
            self.rows_of[account] = row
        return True


def _accounts(rows: list[Line], *, locked: bool) -> list[Person]:
    """The people whose accounts the rows name, in whatever case."""
    names = {name for row in rows for name in (row.cells["account"], row.cells["account"].lower())}
    people = Person.objects.annotate(lowered=Lower("username")).order_by("pk")
    if locked:
        people = people.select_for_update(no_key=True)
    found = {
        p.pk: p for part in in_parts(sorted(names)) for p in people.filter(Q(lowered__in=part) | Q(username__in=part))
    }
    return list(found.values())


def role_words() -> dict[str, Role]:
    """The roles by every word that a table may use for them."""
    words = {role.value: role for role in Role}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            words |= {str(role.label).casefold(): role for role in Role}
    return words


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
