"""Sets the scene for the browser: the fixed cast in a site of its own.

python -m tests.browser.stage FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from luoshi.commands.site import open_site


def main(folder: Path) -> None:
    """Make a site in the folder with the cast in it, and a second planner of the same office."""
    open_site(folder)
    from luoshi.orgs.models import Person, Post, Role
    from tests.cast import PASSWORD, assemble

    cast = assemble()
    colleague = Person.objects.create_user("colleague", password=PASSWORD, last_name="云", first_name="起")
    Post.objects.create(organisation=cast.organisations["99"], role=Role.PLANNER, holder=colleague)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
