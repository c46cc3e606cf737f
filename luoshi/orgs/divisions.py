"""The packaged administrative divisions become a tree of organisations, and the usual settings their table."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources

from django.db import transaction

from luoshi.orgs.models import Kind, Organisation, Setting
from luoshi.orgs.planting import in_parts, plant

# The length of a division's code says its level (GB/T 2260, GB/T 10114 and the statistical codes built on them).
LEVELS = {2: Kind.REGION, 4: Kind.PREFECTURE, 6: Kind.COUNTY, 9: Kind.TOWNSHIP, 12: Kind.VILLAGE}
COMMUNITY_WORDS = ("社区", "居委会", "居民委员会", "生活区")

SETTINGS = (
    ("office", "机关", "Offices"),
    ("company", "企业", "Companies"),
    ("school", "学校", "Schools"),
    ("community", "社区", "Communities"),
    ("township", "苏木乡镇", "Townships"),
    ("media_centre", "融媒体中心", "Media centres"),
)
# The setting a kind of unit belongs to. Region, prefecture and county have none: they answer for all settings.
SETTING_OF_KIND = {
    Kind.OFFICE: "office",
    Kind.COMPANY: "company",
    Kind.SCHOOL: "school",
    Kind.COMMUNITY: "community",
    Kind.TOWNSHIP: "township",
    Kind.VILLAGE: "township",
    Kind.MEDIA_CENTRE: "media_centre",
}

DEMONSTRATION_UNITS = (
    (Kind.OFFICE, "演示机关"),
    (Kind.COMPANY, "演示企业"),
    (Kind.SCHOOL, "演示学校"),
    (Kind.COMMUNITY, "演示社区"),
    (Kind.MEDIA_CENTRE, "演示融媒体中心"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One unit to load: its code, its name, its kind and the code of the unit above it."""

    code: str
    name: str
    kind: Kind
    parent: str | None
    demonstration: bool = False


def load_settings() -> dict[str, Setting]:
    """Make sure that the usual settings exist; give all settings by code. Names that were changed are kept."""
    for position, (code, name, name_en) in enumerate(SETTINGS):
        Setting.objects.get_or_create(code=code, defaults={"name": name, "name_en": name_en, "position": position})
    return {setting.code: setting for setting in Setting.objects.all()}


def packaged(*, villages: bool = False) -> Iterator[Row]:
    """The real divisions, parents before children."""
    files = resources.files("luoshi.orgs") / "data"
    texts = [(files / "divisions-15.csv").read_text(encoding="utf-8")]
    if villages:
        texts.append(gzip.decompress((files / "villages-15.csv.gz").read_bytes()).decode("utf-8"))
    for text in texts:
        for code, name in sorted(list(csv.reader(io.StringIO(text)))[1:], key=lambda row: (len(row[0]), row[0])):
            yield Row(code, name, _kind(code, name), _parent(code))


def demonstration(rows: Iterable[Row]) -> Iterator[Row]:
    """A made-up office, company, school, community and media centre under each county, marked as such in the name."""
    for row in rows:
        if row.kind == Kind.COUNTY:
            for number, (kind, name) in enumerate(DEMONSTRATION_UNITS, start=1):
                yield Row(f"{row.code}-D{number}", f"{row.name}{name}", kind, row.code, demonstration=True)


@transaction.atomic
def load(rows: Iterable[Row]) -> int:
    """Add the rows that are not there yet (by code), parents before children; gives how many were added.

    Errors: KeyError where a row names a parent that is neither there nor among the rows before it.
    """
    settings = load_settings()
    rows = list(rows)
    codes = {row.code for row in rows} | {row.parent for row in rows if row.parent}
    known = {unit.code: unit for part in in_parts(codes) for unit in Organisation.objects.filter(code__in=part)}
    fresh: list[tuple[Organisation, Organisation | None]] = []
    for row in rows:
        if row.code in known:
            continue
        unit = Organisation(code=row.code, name=row.name, kind=row.kind, demonstration=row.demonstration)
        unit.setting = settings.get(SETTING_OF_KIND.get(row.kind, ""))
        fresh.append((unit, known[row.parent] if row.parent else None))
        known[row.code] = unit
    plant(fresh)
    return len(fresh)


def _kind(code: str, name: str) -> Kind:
    kind = LEVELS[len(code)]
    if kind == Kind.VILLAGE and any(word in name for word in COMMUNITY_WORDS):
        return Kind.COMMUNITY
    return kind


def _parent(code: str) -> str | None:
    lengths = sorted(LEVELS)
    level = lengths.index(len(code))
    return code[: lengths[level - 1]] if level else None
