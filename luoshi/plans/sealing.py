"""Sealing: batches of ledger entries closed with a Merkle root, the seals of a plan in one chain."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db import connection
from django.utils import timezone

from luoshi.plans.models import Plan, Seal

# The rows are locked by the plan's row, which whoever seals holds.
_CLAIM = (
    "UPDATE plans_ledgerentry SET seal_id = %s WHERE id IN"
    " (SELECT id FROM plans_ledgerentry WHERE plan_id = %s AND seal_id IS NULL ORDER BY id LIMIT %s) RETURNING id, hash"
)


def seal(plan: Plan, hashes: Sequence[str]) -> Seal:
    """Close entries that are about to be stored under it: their hashes in the order of the keys they are going to have.

    To be called inside a transaction that holds the plan's row, as ``seal_batch``.
    """
    opened = _next(plan)
    _close(opened, hashes)
    return opened


def seal_batch(plan: Plan, most: int) -> Seal | None:
    """Close the oldest entries of a plan that are not sealed yet, so many at most; None where there are none.

    To be called inside a transaction that holds the plan's row. Entries may be missing from a batch that were written
    before others in it and committed later: the next one takes them.
    """
    opened = _next(plan)
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [opened.pk, plan.pk, most])
        claimed = sorted(cursor.fetchall())
    if not claimed:
        opened.delete()
        return None
    _close(opened, [digest for _pk, digest in claimed])
    return opened


def _next(plan: Plan) -> Seal:
    last = plan.seals.order_by("-number").first()
    number, previous = (last.number + 1, last.hash) if last else (1, "")
    return Seal.objects.create(
        plan=plan, number=number, count=0, root="", previous=previous, hash="", at=timezone.now()
    )


def _close(opened: Seal, hashes: Sequence[str]) -> None:
    opened.count, opened.root = len(hashes), merkle_root(hashes)
    opened.hash = link(opened.plan_id, opened.number, opened.count, opened.root, opened.previous)
    opened.save(update_fields=["count", "root", "hash"])


def link(plan_id: int, number: int, count: int, root: str, previous: str) -> str:
    """The hash of a seal: over what it says, and the hash of the seal before."""
    return hashlib.sha256(f"{plan_id}:{number}:{count}:{root}:{previous}".encode()).hexdigest()


def merkle_root(hashes: Sequence[str]) -> str:
    """The root over SHA-256 hashes (hexadecimal) in the order given; an odd one is paired with itself."""
    level = [bytes.fromhex(one) for one in hashes]
    sha256 = hashlib.sha256
    while len(level) > 1:
        if len(level) % 2:
            level.append(level[-1])
        level = [sha256(a + b).digest() for a, b in zip(level[::2], level[1::2], strict=True)]
    return level[0].hex()
