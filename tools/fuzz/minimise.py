"""The smallest file that still shows a fault."""

from __future__ import annotations

import time
from collections.abc import Callable

from tools.fuzz.archives import Members, packed, unpacked


def minimised(data: bytes, still: Callable[[bytes], bool], seconds: float = 20.0) -> bytes:
    """``data`` with everything left out that the fault does not need; what is found within ``seconds``.

    ``still`` says whether a file shows the same fault. Archives are reduced member by member.
    """
    end = time.monotonic() + seconds
    members = unpacked(data)
    if members is None or not still(packed(members)):
        return _shortened(data, still, end)
    for n in range(len(members) - 1, -1, -1):
        fewer = members[:n] + members[n + 1 :]
        if time.monotonic() < end and still(packed(fewer)):
            members = fewer
    for n, (name, content) in enumerate(members):
        members[n] = (name, _shortened(content, _within(members, n, still), end))
    return packed(members)


def _within(members: Members, n: int, still: Callable[[bytes], bool]) -> Callable[[bytes], bool]:
    def holds(content: bytes) -> bool:
        return still(packed([*members[:n], (members[n][0], content), *members[n + 1 :]]))

    return holds


def _shortened(data: bytes, still: Callable[[bytes], bool], end: float) -> bytes:
    step = len(data) // 2
    while step:
        at = 0
        while at < len(data):
            if time.monotonic() > end:
                return data
            shorter = data[:at] + data[at + step :]
            if still(shorter):
                data = shorter
            else:
                at += step
        step //= 2
    return data
