"""Pictures for made-up reports: drawn, never photographed, and marked as what they are."""

from __future__ import annotations

import random
from importlib import resources

import pyvips

WIDTH, HEIGHT, BOARD = 1200, 800, 640
FONT = "FandolHei-Regular.otf"
Colour = tuple[int, int, int]
SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((220, 236, 242), (247, 242, 228)),
    ((245, 230, 211), (253, 248, 238)),
    ((217, 236, 230), (244, 248, 238)),
    ((227, 226, 241), (248, 244, 239)),
)
SPINES: tuple[Colour, ...] = (
    (15, 95, 99),
    (180, 101, 58),
    (107, 127, 63),
    (63, 95, 138),
    (138, 74, 94),
    (196, 154, 58),
    (77, 79, 115),
)


def draw(caption: str, seed: int) -> bytes:
    """A JPEG of a shelf of books under a sun, the same for the same seed, with 演示图片 and the caption on it."""
    chance = random.Random(seed)  # noqa: S311  # a drawing is no secret
    picture = _sky(*SKIES[seed % len(SKIES)])
    picture = picture.draw_circle([242, 193, 78], chance.randint(150, 1050), chance.randint(110, 220), 70, fill=True)
    for y, colour in ((1500, (169, 194, 154)), (1560, (134, 168, 120))):
        picture = picture.draw_circle([float(c) for c in colour], chance.randint(200, 1000), y, 1000, fill=True)
    picture = picture.draw_rect([122, 90, 60], 0, BOARD, WIDTH, HEIGHT - BOARD, fill=True)
    picture = _books(picture, chance)
    return bytes(_labelled(picture, f"演示图片　{caption}").jpegsave_buffer(Q=80))


def _sky(top: Colour, bottom: Colour) -> pyvips.Image:
    """From one colour above to another below."""
    down = pyvips.Image.xyz(WIDTH, HEIGHT)[1] / HEIGHT
    bands = [down * (low - high) + high for high, low in zip(top, bottom, strict=True)]
    red, green, blue = bands
    return red.bandjoin([green, blue]).cast("uchar").copy(interpretation="srgb")


def _books(picture: pyvips.Image, chance: random.Random) -> pyvips.Image:
    x = 90
    while x < 1060:
        width, height = chance.randint(34, 62), chance.randint(180, 300)
        picture = picture.draw_rect(list(chance.choice(SPINES)), x, BOARD - height, width, height, fill=True)
        picture = picture.draw_rect([230, 226, 214], x + 7, BOARD - height + 36, width - 14, 9, fill=True)
        x += width + chance.choice((3, 3, 3, 60))
    return picture


def _labelled(picture: pyvips.Image, words: str) -> pyvips.Image:
    """The words in white on the board, in the typeface that comes with Luoshi."""
    font = resources.files("luoshi.documents.writing") / "fonts" / FONT
    mask = pyvips.Image.text(words, font="FandolHei 32", fontfile=str(font), width=WIDTH - 160, dpi=96)
    ink = mask.new_from_image([255, 255, 255]).copy(interpretation="srgb").bandjoin(mask)
    return picture.composite2(ink, "over", x=80, y=700).flatten(background=[255, 255, 255]).cast("uchar")
