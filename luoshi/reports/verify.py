"""Whether a plan's ledger holds together: every chain, every seal, and what obligations say of themselves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from luoshi.plans import ledger
from luoshi.plans.models import LedgerEntry, Plan
from luoshi.reports.tally import link, merkle_root


def faults(plan: Plan) -> Iterator[str]:
    """Each place where something was changed, removed or inserted, as a sentence; nothing where all is well.

    A sealed row that was rewritten together with its whole chain no longer fits its seal's Merkle root.
    """
    for fault in ledger.faults(plan):
        yield f"obligation {fault.obligation_id}, entry {fault.number}: {fault.what}"
    entries = LedgerEntry.objects.filter(plan=plan).exclude(seal=None).order_by("seal__number", "pk")
    hashes = {
        number: [entry.hash for entry in batch]
        for number, batch in groupby(entries.select_related("seal").iterator(2000), key=_number)
    }
    previous, expected = "", 1
    for seal in plan.seals.order_by("number"):
        batch = hashes.get(seal.number, [])
        if seal.number != expected or seal.previous != previous:
            yield f"seal {seal.number}: it does not follow the seal before it"
        if len(batch) != seal.count or not batch or merkle_root(batch) != seal.root:
            yield f"seal {seal.number}: the entries under it are not those that were sealed"
        if link(plan.pk, seal.number, seal.count, seal.root, seal.previous) != seal.hash:
            yield f"seal {seal.number}: its own content was changed"
        previous, expected = seal.hash, seal.number + 1


def _number(entry: LedgerEntry) -> int:
    return entry.seal.number if entry.seal else 0
