"""Damages files and reads them: ``python -m tools.fuzz --seconds 600``.

Prints a tally as JSON. Exits 1 where there were faults; every kind of fault is kept in the folder --out, as small as it
could be made, beside a note with the numbers that make it again.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from tools.fuzz.run import FaultStore, Tally, cases, fuzz
from tools.fuzz.seeds import of_folder, own


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=600, help="how long (600)")
    parser.add_argument("--files", type=Path, help="a folder of documents to damage, instead of files made here")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="the same seed, the same damage")
    parser.add_argument("--count", type=int, help="end after so many files")
    parser.add_argument("--case", type=int, help="only the file of this number, as the note on a fault has it")
    parser.add_argument("--out", type=Path, default=Path("fuzz"), help="where faults are kept (./fuzz)")
    args = parser.parse_args()
    seeds = of_folder(args.files) if args.files else own(slow=True)
    if not seeds:
        print(f"{args.files}: there are no documents in this folder; name another.", file=sys.stderr)
        return 2
    first, count = (0, args.count) if args.case is None else (args.case, 1)
    tally = Tally(args.seed)
    try:
        fuzz(cases(seeds, args.seed, first=first, count=count), tally, FaultStore(args.out, args.seed), args.seconds)
    except KeyboardInterrupt:
        print("Stopped; the tally so far:", file=sys.stderr)
    print(json.dumps(tally.told(), ensure_ascii=False, indent=1))
    return int(bool(tally.faults))


if __name__ == "__main__":
    sys.exit(main())
