"""A table of people and their posts: read, compared with who is there, and taken in as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation
from django.utils.translation import gettext as _

from luoshi.documents.reading.sheets import Sheet
from luoshi.orgs.invitations import account_fault, person_fault
from luoshi.orgs.models import JournalEntry, Organisation, Person, Post, Role
from luoshi.orgs.permissions import may_give
from luoshi.orgs.planting import in_parts
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
        Post.objects.bulk_update([post for post, _a in self.given if post.pk], ["holder"], batch_size=500)
        Post.objects.bulk_create([post for post, _a in self.given if not post.pk], batch_size=1000)
        JournalEntry.objects.bulk_create(
            [
                JournalEntry(
                    by=by,
                    verb="post.appoint",
                    subject_type=Organisation._meta.label_lower,
                    subject_id=str(post.organisation_id),
                    path=post.organisation.path,
                    facts={"role": post.role, "person": str(post.holder)},
                )
                for post, _account in self.given
            ],
            batch_size=1000,
        )


def read_people(sheet: Sheet, node: Organisation, by: Person) -> PeopleTable:
    """What the table would do below ``node``. Errors: Refused where it is no table of people."""
    rows, faults = lines(sheet, COLUMNS)
    return _Reading(node, by, rows, faults).table()


class _Reading:
    def __init__(self, node: Organisation, by: Person, rows: list[Line], faults: list[Fault]) -> None:
        self.node, self.by, self.rows = node, by, rows
        self.roles = role_words()
        codes = {row.cells["unit"] for row in rows}
        self.units: dict[str, Organisation] = {
            unit.code: unit
            for part in in_parts(codes)
            for unit in Organisation.objects.filter(code__in=part).select_related("successor")
        }
        accounts = {row.cells["account"] for row in rows}
        found = {p.username: p for part in in_parts(accounts) for p in Person.objects.filter(username__in=part)}
        self.found = PeopleTable(effect=Effect(faults=faults), people=found)
        self.held: set[tuple[int, str, str]] = set()  # unit, role and account
        self.vacant: dict[tuple[int, str], list[Post]] = {}
        self._those_there()
        self.rows_of: dict[str, Line] = {}  # the row that an account came with

    def table(self) -> PeopleTable:
        for row in self.rows:
            self._read(row)
        self.found.effect.faults.sort(key=lambda fault: fault.row)
        return self.found

    def _those_there(self) -> None:
        """The posts at the units of the table: who holds them, and which are vacant."""
        for keys in in_parts(unit.pk for unit in self.units.values()):
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
        self.found.given.append((waiting.pop() if waiting else Post(organisation=unit, role=role), account))
        new = account in self.found.fresh and self.rows_of[account] is row
        self.found.effect.taken.append(
            Taken(row.number, account, row.cells["name"], new, {"post": ("", f"{unit.name} · {role.label}")})
        )

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
        known = self.found.people.get(account)
        if known is not None and known.full_name != name:
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
