"""Sets the scene for the browser: the fixed cast in a site of its own.

python -m tests.browser.stage FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from luoshi.commands.site import open_site


def main(folder: Path) -> None:
    """Make a site in the folder with the cast in it."""
    open_site(folder)
    from tests.cast import assemble

    assemble()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
