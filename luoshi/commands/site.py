"""Opening a site: its data folder, its settings, its tables."""

from __future__ import annotations

import argparse
import os
from pathlib import Path


def add_data(parser: argparse.ArgumentParser, default: str | None = None) -> None:
    """The option that says which site is meant."""
    help_text = "the site's folder (default: LUOSHI_DATA, else ./var)" if default is None else "the site's folder"
    parser.add_argument("--data", metavar="DIR", type=Path, default=default and Path(default), help=help_text)


def open_site(data: Path | None) -> None:
    """Load the settings of the site in a folder and bring its tables up to date."""
    if data is not None:
        if data.exists() and not data.is_dir():
            raise SystemExit(f"{data} is a file, not a site's folder: name a folder with --data.")
        os.environ["LUOSHI_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
