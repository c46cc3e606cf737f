"""What can be read and how large it may be: stated here, and used by the reader, the command line and the screens."""

from __future__ import annotations

LIMIT_MB = 50

# kind → how the names of such files end. The content decides what a file is; the name only helps to choose one.
SUFFIXES: dict[str, tuple[str, ...]] = {
    "docx": (".docx", ".docm"),
    "pdf": (".pdf",),
    "ofd": (".ofd",),
    "doc": (".doc", ".wps", ".rtf"),
    "html": (".html", ".htm"),
    "txt": (".txt",),
    "scan": (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".gif", ".bmp"),
    "zip": (".zip",),
    "eml": (".eml",),
}
CONTAINERS = ("zip", "eml")  # what is read is the document inside

ACCEPTED = ",".join(suffix for suffixes in SUFFIXES.values() for suffix in suffixes)
NAMES = tuple(suffix[1:] for suffixes in SUFFIXES.values() for suffix in suffixes)
