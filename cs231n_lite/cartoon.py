"""The cartoons: CIFAR-10's ten classes drawn by code from a seed, for lack of the photographs.

A `Sketch` draws a batch of pictures at once.  Its shapes are distances (N, 32, 32) to an edge, in
the pen's units and negative inside; a scene is a backdrop and a figure on it, and SCENES says which
of them make up each class.  Figures face right until `place` mirrors half of them; y grows
downwards; a tilt is the tangent of half the angle.  All draws are integers and all arithmetic is
correctly rounded (+ - * / and sqrt, no sin, no matrix products), so that every machine draws the
same bytes.
"""
import contextlib
import hashlib
import os
import time
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from pathlib import Path
from uuid import uuid4

import numpy as np
from numpy import ndarray as Array
from numpy.random import PCG64

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
SIZE, TRAIN, TEST, SEED = 32, 10_000, 2_000, 231
# Of all the bytes, as `pack` orders them.
SHA256 = "4731ea69586c487fe9d775928ce5c2b7aefde5035ea4eea80b7a9a786805fafd"
BYTES = (TRAIN + TEST) * (SIZE * SIZE * 3 + 1)

Number = float | Array
Colour = Iterable[Number]

PALETTES = {
    name: np.array([tuple(bytes.fromhex(colour)) for colour in colours.split()], dtype=np.float32)
    for name, colours in {
        "sky": "4f9be0 6fb2ea 86bdea a9cbe6 5f7fb8 b9c2c9 e0a078 35507f",
        "haze": "d3e9f7 bfe0f5 e9eef0 f6dcb8 f2c6a4 cfd8dc",
        "cloud": "ffffff f4f6f8 e4e8ee f8e6dc",
        "leaf": "3f7d3a 558f3e 2f6a46 7a9a42 8f8f3c 4d7a5a b08a3e",
        "grass": "6fa84a 86b552 5d9a48 9fae58 b5a860 4f8a50 c4b878",
        "sand": "8a6a48 a5845a 9c8f78 d9c79a",
        "road": "6d6f75 7f8086 5c5e66 8d8a86",
        "water": "2f6fae 2a80b8 3a8cc0 1f5a94 4a90b0 2d6a86",
        "pond": "3f7f78 4a8a6a 356a6a 5a8a80 4f7a4a 3f7a98",
        "wall": "e3d3b8 c9d6dc d8c4c0 bcc8b0 e8e2d4 a9b4c4 c4a888 8f9a7a",
        "floor": "a97c50 8a6644 c19a6b 9a8f88 7a5a48 b0a090 6f8f58",
        "cloth": "b04a4a 4a6ea8 5a9a72 c89a3a 7a5a9a d0c4b4",
        "bark": "5a4434 6f5640 4a3c34 7d6a54",
        "car": "cf2026 c4161c d8322c e03a30 d02a2a 2a5cb0 f0f0ee 2b2d33 e8c33a 9aa3ad 3a8a5a",
        "truck": "f0efe8 3a6fb0 e3a02f 4a8f6a 8f98a3 d9d3c4 2f4f7f b0b0a8 d8672f 7a4a3a",
        "hull": "33404f 7a2f2c 26507f f2f2f0 4a4a52 8a3a30 8f6a44",
        "metal": "f5f6f8 e6eaef cfd6de dfe6f2 b4bec9 f2efe4",
        "trim": "d03a35 2b62b5 e8b13a 2f8a6a 39424f",
        "bird": "7a5a40 4a6fb0 c0443a 3a3a42 e0b840 8f8f90 f2f0ea a8784a",
        "fur": "d88a3c 8a8a90 3a3638 f0e6d8 b58a5c 6f4e38 e2c08a a0785a",
        "deer": "b07840 9a6838 c28a50 8a6244 a87a50",
        "frog": "5aa83a 4a9040 78b83c 3f8a4a 8a8a3a 8a6a3c 6f9a30 9a7a44",
        "horse": "7a4526 8f5530 6a3a22 9c6236 7f4a2c 5a3826 3a2f2c d8d0c4",
        "iris": "8cd050 e0c040 70b8d8",
    }.items()
}
WHITE, INK, GLASS, STEEL = (250, 250, 248), (28, 26, 32), (168, 205, 226), (190, 194, 200)
YELLOW, ORANGE, PINK, CREAM, HORN = ((250, 220, 90), (236, 150, 50), (228, 140, 140),
                                     (240, 232, 200), (150, 116, 80))


class Sketch:
    """A batch of pictures in the making: colour planes (count, 32, 32), a pen and the dice."""

    def __init__(self, count: int, bits: PCG64) -> None:
        self.count, self.bits = count, bits
        self.planes = np.zeros((3, count, SIZE, SIZE), dtype=np.float32)
        self.columns = np.arange(SIZE, dtype=np.float32).reshape(1, 1, SIZE)
        self.rows = self.columns.reshape(1, SIZE, 1)
        self.x, self.y = self.columns, self.rows
        self.unit: Number = 1

    def between(self, low: Number, high: Number) -> Array:
        """A number from low to high for each picture (count, 1, 1)."""
        dice = (self.bits.random_raw(self.count) >> 40).astype(np.float32) / 2**24
        return low + (high - low) * dice.reshape(-1, 1, 1)

    def some(self, share: float) -> Array:
        """1 for about this share of the pictures, 0 for the others; serves as an alpha."""
        return (self.between(0, 1) < share).astype(np.float32)

    def choose(self, palette: str) -> Array:
        """A colour of the palette, a little varied, for each picture (3, count, 1, 1)."""
        colours = PALETTES[palette]
        dice = (self.bits.random_raw(self.count) >> 32) * len(colours) >> 32
        shift = np.stack([self.between(-12, 12) for _ in "rgb"])
        return colours[dice.astype(np.intp)].T.reshape(3, self.count, 1, 1) + shift

    def place(self, low: float, high: float, tilt: float = 0.05, drift: float = 4.5) -> None:
        """Take the pen to a spot near the middle, scaled, tilted, mirrored in half of them."""
        self.unit = self.between(low, high)
        x = (self.columns - self.between(15.5 - drift, 15.5 + drift)) / self.unit
        x = x * (1 - 2 * self.some(0.5))
        y = (self.rows - self.between(15.5 - drift, 15.5 + drift)) / self.unit
        half = self.between(-tilt, tilt)
        cos, sin = (1 - half * half) / (1 + half * half), 2 * half / (1 + half * half)
        self.x, self.y = x * cos + y * sin, y * cos - x * sin

    def fold(self) -> None:
        """Draw everything that follows on both sides of the middle."""
        self.x = abs(self.x)

    def ellipse(self, x: Number, y: Number, rx: Number, ry: Number) -> Array:
        """The ellipse around (x, y) with half axes rx and ry."""
        across, down = (self.x - x) / rx, (self.y - y) / ry
        return ((np.sqrt(across * across + down * down) - 1)
                * np.minimum(np.float32(rx), np.float32(ry)))

    def box(self, x: Number, y: Number, rx: Number, ry: Number) -> Array:
        """The rectangle around (x, y), 2 rx wide and 2 ry tall."""
        return np.maximum(abs(self.x - x) - rx, abs(self.y - y) - ry)

    def line(self, x0: Number, y0: Number, x1: Number, y1: Number, start: Number,
             end: Number) -> Array:
        """The stroke with round ends whose half width goes from `start` to `end`."""
        dx, dy, x, y = x1 - x0, y1 - y0, self.x - x0, self.y - y0
        along = np.clip((x * dx + y * dy) / (dx * dx + dy * dy), 0, 1)
        x, y = x - along * dx, y - along * dy
        return np.sqrt(x * x + y * y) - (start + (end - start) * along)

    def polygon(self, *corners: tuple[float, float]) -> Array:
        """The convex polygon with these corners, given clockwise."""
        x0, y0 = np.array(corners, dtype=np.float32).T
        dx, dy = np.roll(x0, -1) - x0, np.roll(y0, -1) - y0
        length = np.sqrt(dx * dx + dy * dy)
        sides = ((self.x - a) * p - (self.y - b) * q
                 for a, b, p, q in zip(x0, y0, dy / length, dx / length))
        return reduce(np.maximum, sides)

    def paint(self, colour: Colour, *shapes: Array) -> None:
        """Fill the union of the shapes, with a dark rim."""
        edge = self.unit * reduce(np.minimum, shapes)
        rim = np.clip(0.5 - 0.5 * edge, 0.45, 1)
        self.blend([c * rim for c in colour], np.clip(0.9 - edge, 0, 1))

    def dab(self, colour: Colour, *shapes: Array, alpha: Number = 1) -> None:
        """Fill the union of the shapes, without a rim."""
        self.blend(colour, np.clip(0.5 - self.unit * reduce(np.minimum, shapes), 0, 1) * alpha)

    def wash(self, top: Colour, bottom: Colour, start: Number = -1, end: Number = SIZE) -> None:
        """Cover all below row `start` with a gradient that ends at row `end`."""
        fade = np.clip((self.rows - start) / (end - start), 0, 1)
        self.blend([a + (b - a) * fade for a, b in zip(top, bottom)],
                   np.clip(0.5 + self.rows - start, 0, 1))

    def blend(self, colour: Colour, cover: Array) -> None:
        """Lay a colour over the planes; `cover` is 1 where it hides what is there, else 0."""
        for plane, c in zip(self.planes, colour):
            plane += (c - plane) * cover

    def develop(self) -> Array:
        """The finished pictures (count, 32, 32, 3) uint8, each in its own light, with grain."""
        light, grain = self.between(0.65, 1.2), self.between(2, 16) / 128
        noise = self.bits.random_raw(3 * self.count * SIZE * SIZE // 8).astype("<u8").view(np.int8)
        lit = np.stack([plane * (light * self.between(0.88, 1.12)) for plane in self.planes])
        lit += noise.reshape(lit.shape) * grain
        return np.rint(np.clip(lit, 0, 255)).astype(np.uint8).transpose(1, 2, 3, 0)


# ---- backdrops


def cloud(s: Sketch) -> None:
    """One white cloud, anywhere in the upper two thirds."""
    x, y, r = s.between(0, 32), s.between(0, 22), s.between(2, 5)
    s.dab(s.choose("cloud"), s.ellipse(x, y, 2 * r, r * 0.7),
          s.ellipse(x - r * 0.4, y - r / 2, r, r * 0.8), alpha=0.85)


def tree(s: Sketch, foot: Number) -> None:
    """One tree that stands at row `foot`."""
    x, r = s.between(0, 32), s.between(2, 5)
    s.paint(s.choose("bark"), s.line(x, foot, x, foot - 12, 1.3, 0.9))
    s.paint(s.choose("leaf"), s.ellipse(x, foot - 12, r, r * 1.2),
            s.ellipse(x + r * 0.7, foot - 10, r, r * 0.8))


def land(s: Sketch, ground: Array, horizon: Number) -> None:
    """A hill under the sky, and ground below the horizon."""
    s.wash(s.choose("sky"), s.choose("haze"), -2, horizon)
    s.dab(s.choose("leaf"),
          s.ellipse(s.between(0, 32), horizon + 2, s.between(8, 18), s.between(3, 9)))
    s.wash(ground, ground * 0.8, horizon)


def sky(s: Sketch) -> None:
    """Nothing but sky, at any hour, and two clouds."""
    s.wash(s.choose("sky"), s.choose("haze"), -4, s.between(20, 40))
    cloud(s)
    cloud(s)


def meadow(s: Sketch) -> None:
    """Grass in several greens, a tree far away."""
    horizon = s.between(5, 18)
    land(s, s.choose("grass"), horizon)
    tree(s, horizon + 2)
    for _ in range(3):
        s.dab(s.choose("grass"), s.ellipse(s.between(0, 32), s.between(19, 32), s.between(2, 7), 1))


def forest(s: Sketch) -> None:
    """Three trees before dark leaves."""
    edge = s.between(12, 24)
    s.wash(s.choose("leaf"), s.choose("leaf") * 0.6)
    s.wash(s.choose("grass") * 0.8, s.choose("sand") * 0.7, edge)
    for _ in range(3):
        tree(s, edge + s.between(0, 3))


def room(s: Sketch) -> None:
    """Wall and floor, with a picture, a rug and sometimes a sofa."""
    wall, floor = s.choose("wall"), s.choose("floor")
    s.wash(wall, wall * 0.85)
    s.dab(s.choose("cloth"),
          s.box(s.between(2, 30), s.between(3, 14), s.between(2, 6), s.between(2, 6)))
    s.wash(floor, floor * 0.8, s.between(13, 27))
    sofa = s.box(s.between(8, 24), s.between(18, 26), s.between(9, 15), s.between(4, 10))
    s.dab(s.choose("cloth"), sofa, alpha=s.some(0.5))
    s.dab(s.choose("cloth"),
          s.ellipse(s.between(4, 28), s.between(27, 31), s.between(8, 16), s.between(2, 4)))


def road(s: Sketch) -> None:
    """Asphalt with a dashed line, houses and a tree behind."""
    curb, asphalt = s.between(14, 24), s.choose("road")
    land(s, s.choose("grass"), curb - s.between(2, 9))
    for _ in range(3):
        tall = s.between(2, 8)
        s.dab(s.choose("wall") * 0.9, s.box(s.between(0, 32), curb - tall, s.between(2, 5), tall))
    tree(s, curb)
    s.wash(asphalt, asphalt * 0.85, curb)
    x, y = s.between(0, 12), curb + s.between(4, 11)
    s.dab(WHITE, *(s.box(x + dash, y, 3, 0.6) for dash in (0, 12, 24)), alpha=0.7)


def sea(s: Sketch) -> None:
    """Waves up to the horizon, an island on it."""
    horizon, water = s.between(4, 20), s.choose("water")
    s.wash(s.choose("sky"), s.choose("haze"), -2, horizon)
    cloud(s)
    s.dab(s.choose("leaf"),
          s.ellipse(s.between(-8, 40), horizon, s.between(5, 14), s.between(1, 6)))
    s.wash(water * 1.15, water * 0.8, horizon)
    for _ in range(4):
        s.dab(WHITE,
              s.ellipse(s.between(0, 32), s.between(18, 31), s.between(1, 4), 0.5), alpha=0.45)


def beach(s: Sketch) -> None:
    """The sea behind a strip of sand."""
    sea(s)
    s.wash(s.choose("sand") * 1.1, s.choose("sand"), s.between(14, 23))


def pond(s: Sketch) -> None:
    """Still water with lily pads."""
    water = s.choose("pond")
    s.wash(water * 1.2, water * 0.8)
    for _ in range(4):
        s.dab(s.choose("leaf"),
              s.ellipse(s.between(0, 32), s.between(0, 32), s.between(3, 7), s.between(1.5, 3)))


# ---- figures


def shadow(s: Sketch, y: float, rx: float) -> None:
    """What a figure casts on the ground at y."""
    s.dab(INK, s.ellipse(0, y, rx, 1.4), alpha=0.35)


def wheels(s: Sketch, y: float, r: float, *places: float) -> None:
    """Tyres and hubs, side by side."""
    s.paint(INK, *(s.ellipse(x, y, r, r) for x in places))
    s.dab(STEEL, *(s.ellipse(x, y, r * 0.42, r * 0.42) for x in places))


def jet(s: Sketch) -> None:
    """An airliner, climbing or descending."""
    s.place(0.55, 1.15, tilt=0.3, drift=5)
    body, trim = s.choose("metal"), s.choose("trim")
    s.paint(body * 0.85, s.polygon((1, -1), (-3, -1), (-5, -6), (-3, -6)))
    s.paint(trim, s.polygon((-13, -7), (-10.5, -7), (-6.5, -1), (-11.5, -1)))
    s.paint(body, s.line(-11, -0.5, 10, 0, 1.2, 2.4))
    s.dab(GLASS, s.polygon((9, -2), (11, -1.6), (12, -0.4), (9, -0.4)))
    s.dab(trim, s.box(-1, -0.4, 8, 0.45))
    s.paint(body * 0.9, s.polygon((-1, 0.8), (4, 0.8), (-4, 7), (-6.5, 7)))
    s.paint(trim * 0.9, s.polygon((-12, -0.2), (-8.5, -0.2), (-12, 2.6), (-13.5, 2.6)))


def propeller(s: Sketch) -> None:
    """A small plane in any colour."""
    s.place(0.65, 1.15, tilt=0.25, drift=5)
    s.paint(s.choose("car"), s.line(-9, 0, 7, 0, 1.2, 3),
            s.polygon((-11, -5), (-8.5, -5), (-6, 0), (-10, 0)))
    s.paint(GLASS, s.ellipse(1, -2.8, 2.5, 1.6))
    s.paint(s.choose("trim"), s.line(-2, 1.5, 3, 1.5, 1, 1))
    s.dab(WHITE, s.ellipse(10.8, 0, 0.7, 6), alpha=0.6)
    wheels(s, 5.5, 1.4, 1)


def car(s: Sketch) -> None:
    """A saloon from the side."""
    s.place(0.65, 1.1)
    shadow(s, 8, 12)
    s.paint(s.choose("car"), s.box(0, 3, 12, 3),
            s.polygon((-8.5, 0.5), (-5, -5), (3.5, -5), (7.5, 0.5)))
    s.dab(GLASS, s.polygon((-6.6, -0.2), (-4.4, -3.8), (-1.2, -3.8), (-1.2, -0.2)))
    s.dab(GLASS, s.polygon((0, -0.2), (0, -3.8), (3, -3.8), (5.6, -0.2)))
    s.dab(YELLOW, s.ellipse(11.2, 2, 0.9, 1))
    wheels(s, 6, 3, -7, 7)


def oncoming_car(s: Sketch) -> None:
    """A car from the front."""
    s.place(0.65, 1.2)
    shadow(s, 9, 10)
    s.fold()
    s.paint(INK, s.box(6.5, 7, 1.8, 2.2))
    s.paint(s.choose("car"), s.box(0, 3, 9, 3.8), s.polygon((-9, 0), (-9, -6), (5, -6), (7.5, 0)))
    s.dab(GLASS, s.polygon((-9, -0.6), (-9, -4.8), (4.2, -4.8), (6, -0.6)))
    s.dab(YELLOW, s.ellipse(6.5, 2.2, 1.5, 1.3))
    s.dab(INK, s.box(0, 4, 4, 1))


def lorry(s: Sketch) -> None:
    """A box on six wheels, with a stripe."""
    s.place(0.65, 1.05)
    shadow(s, 8.5, 13)
    s.paint(s.choose("truck"), s.box(-3.5, -2, 9.5, 7))
    s.dab(s.choose("trim"), s.box(-3.5, -2, 9, s.between(0.3, 2)))
    s.paint(s.choose("truck"), s.polygon((6.5, -4.5), (10, -4.5), (12.5, 0), (12.5, 6), (6.5, 6)))
    s.dab(GLASS, s.polygon((7.8, -3.2), (9.8, -3.2), (11.4, 0.2), (7.8, 0.2)))
    wheels(s, 6.6, 2.6, -9.5, -4, 9)


def oncoming_lorry(s: Sketch) -> None:
    """A truck from the front, its box above the cab."""
    s.place(0.65, 1.05)
    shadow(s, 11, 10)
    s.fold()
    s.paint(INK, s.box(6, 9, 2, 2.2))
    s.paint(s.choose("truck"), s.box(0, -3, 9.5, 9))
    s.paint(s.choose("truck"), s.box(0, 1, 8, 7.5))
    s.dab(GLASS, s.box(0, -2.5, 6.6, 2.6))
    s.dab(INK, s.box(0, 4, 4, 1.8))
    s.dab(YELLOW, s.ellipse(6, 5, 1.2, 1.2))


def hull(s: Sketch, length: float, deck: float) -> None:
    """What every ship has: a pointed bow, and foam along the water."""
    s.paint(s.choose("hull"),
            s.polygon((-length, deck + 1), (length, deck), (length - 3, 6), (2 - length, 6)))
    s.dab(WHITE, s.ellipse(0, 6.4, length, 0.8), alpha=0.7)


def liner(s: Sketch) -> None:
    """A white passenger ship with two funnels."""
    s.place(0.6, 1.15)
    s.paint(s.choose("trim"), s.box(-5, -8, 1.3, 2.2), s.box(-0.5, -8, 1.3, 2.2))
    s.paint(WHITE, s.box(-2, -1.5, 8, 2.5), s.box(-3, -4.5, 5, 2))
    s.dab(GLASS, s.box(-2, -1.5, 7, 0.6))
    hull(s, 13, 0)


def sailboat(s: Sketch) -> None:
    """Mainsail and jib."""
    s.place(0.6, 1.15, tilt=0.1)
    s.paint(s.choose("bark"), s.line(0, -12, 0, 4, 0.4, 0.4))
    s.paint(s.choose("cloud"), s.polygon((0.8, -12), (8, 2), (0.8, 2)))
    s.paint(s.choose("metal"), s.polygon((-0.8, -10), (-0.8, 2), (-6.5, 2)))
    hull(s, 10, 3)


def songbird(s: Sketch) -> None:
    """A bird on its branch."""
    s.place(0.7, 1.2, tilt=0.15)
    coat = s.choose("bird")
    s.paint(s.choose("bark"), s.line(-24, 9, 24, s.between(6, 11), 1.2, 1.2))
    s.dab(INK, s.line(0, 4, 0.5, 8.5, 0.4, 0.4), s.line(2, 4, 2.5, 8.5, 0.4, 0.4))
    s.paint(coat * 0.75, s.line(-4, 3, -11, 7, 1.5, 0.9))
    s.paint(ORANGE, s.polygon((7.2, -6), (11, -4.6), (7.2, -3.6)))
    s.paint(coat, s.line(-2.5, 2, 2.5, -1, 3.8, 3.6), s.ellipse(4.5, -5, 3.4, 3.3))
    s.dab(CREAM, s.ellipse(2.6, 1.6, 2.2, 2.6), alpha=0.8)
    s.paint(coat * 0.75, s.line(0, -0.5, -6, 4, 2.2, 0.9))
    s.dab(WHITE, s.ellipse(5.4, -5.6, 1.2, 1.2))
    s.dab(INK, s.ellipse(5.7, -5.6, 0.7, 0.7))


def duck(s: Sketch) -> None:
    """A bird that swims, its head in another colour."""
    s.place(0.7, 1.2)
    coat = s.choose("bird")
    s.paint(coat, s.line(-5, 3, -10, -1, 2.5, 0.3), s.ellipse(-1.5, 4, 7.5, 4.2),
            s.line(3.5, 3, 4.5, -4, 2.2, 1.8))
    s.paint(ORANGE, s.polygon((7, -5.8), (11.5, -4), (7, -3.6)))
    s.paint(s.choose("bird"), s.ellipse(5, -5, 3, 2.8))
    s.paint(coat * 0.75, s.ellipse(-2.5, 3.4, 4.5, 2.2))
    s.dab(INK, s.ellipse(5.8, -5.6, 0.7, 0.7))
    s.dab(WHITE, s.ellipse(-1, 8.2, 9, 0.7), alpha=0.5)


def eagle(s: Sketch) -> None:
    """A bird that soars, its wings spread and lifted."""
    s.place(0.6, 1.1, tilt=0.35, drift=5)
    s.fold()
    coat, lift = s.choose("bird"), s.between(-8, 2)
    s.paint(coat * 0.7, s.polygon((-1, 3), (1, 3), (3.2, 8.5), (-1, 9.5)))
    s.paint(coat * 0.85, s.line(0, -1, 6, lift, 2.4, 2), s.line(6, lift, 13.5, lift + 4, 1.9, 0.5))
    s.paint(coat, s.ellipse(0, 0, 2.6, 5), s.ellipse(0, -4.6, 2, 2))
    s.paint(ORANGE, s.polygon((-1, -8.4), (0, -8.4), (0.8, -6), (-1, -6)))
    s.dab(INK, s.ellipse(1, -5, 0.6, 0.6))


def quadruped(s: Sketch, coat: Array, back: float, depth: float, legs: float, neck: float,
              head: tuple[Number, Number], snout: tuple[float, float, float]) -> None:
    """A body on four legs, a neck up to the head, and a snout (length, drop, half width)."""
    stride, (x, y), (length, drop, width) = s.between(-2.5, 3), head, snout
    shadow(s, legs + 0.6, back + 4)
    s.paint(coat * 0.7,
            *(s.line(hip, 0, hip + stride, legs - 0.5, depth * 0.4, 0.9) for hip in (-back, back)))
    trunk = s.line(-back, 0, back, 0, depth, depth)
    throat = s.line(back, -0.5, x, y, depth * 0.75, neck)
    near = [s.line(hip, 0, hip - stride, legs, depth * 0.5, 0.9)
            for hip in (-back - 0.5, back + 0.5)]
    s.paint(coat, trunk, throat, *near, s.line(x, y, x + length, y + drop, width, width * 0.7))
    s.dab(INK, s.ellipse(x + 0.8, y - 0.6, 0.7, 0.7))


def horse(s: Sketch) -> None:
    """A horse with mane and tail; it mostly holds its head up, and sometimes grazes."""
    s.place(0.8, 1.1, drift=3)
    coat, x, y = s.choose("horse"), s.between(9, 10.5), s.between(-9, -5) + 11 * s.some(0.15)
    s.paint(coat * 0.4, s.line(-7, -2, s.between(-12, -9), 5, 1, 1.3))
    quadruped(s, coat, 5, 3.3, 10, 1.9, (x, y), (3, 3, 1.8))
    s.dab(coat * 0.4, s.line(4.5, -3, x - 1.8, y - 1.6, 1.2, 1.2),
          s.line(x, y - 1.5, x - 0.5, y - 3.2, 0.7, 0.5))


def horse_head(s: Sketch) -> None:
    """A portrait in profile, most with a white blaze."""
    s.place(0.75, 1.2, tilt=0.12)
    coat = s.choose("horse")
    s.paint(coat * 0.4, s.line(-1, -8, -8, 10, 3, 4))
    ear, throat = s.polygon((-0.5, -8), (1, -12.5), (3, -7.5)), s.line(1.5, -5, -6, 30, 3.8, 12)
    s.paint(coat, ear, throat, s.line(2.5, -5, 9.5, 4, 3.8, 2.6))
    s.dab(coat * 0.4, s.line(0, -8.5, 2.5, -6, 1, 1), s.ellipse(10.4, 3.4, 0.8, 0.6))
    s.dab(WHITE, s.line(5, -4, 8.5, 1, 0.9, 0.9), alpha=s.some(0.7))
    s.dab(INK, s.ellipse(3.6, -4.8, 0.9, 1))


def deer(s: Sketch) -> None:
    """Slender and spotted, alert or grazing, more stags than does."""
    s.place(0.7, 1.1)
    coat, x, y, stag = s.choose("deer"), s.between(7.5, 9.5), s.between(-7, 5), s.some(0.6)
    for tip in (x + s.between(-5, -3), x + s.between(-2, 2)):
        s.dab(HORN, s.line(x, y - 1, tip, y - 7, 0.6, 0.6),
              s.line(x, y - 3, tip + 2, y - 6, 0.5, 0.5), alpha=stag)
    s.paint(WHITE, s.ellipse(-7, -1.5, 1.6, 2))
    quadruped(s, coat, 4.5, 2.6, 10.5, 1.2, (x, y), (2.6, 1, 1.4))
    s.paint(coat * 0.85, s.line(x - 0.5, y - 1, x - 3, y - 2.4, 0.9, 0.5))
    spots = ((-4, -1.2), (-1.5, -0.4), (0.5, -1.4), (2.5, -0.2))
    s.dab(CREAM, *(s.ellipse(x, y, 0.6, 0.5) for x, y in spots), alpha=0.8)


def deer_head(s: Sketch) -> None:
    """A stag that looks at you."""
    s.place(0.75, 1.15)
    s.fold()
    coat = s.choose("deer")
    s.paint(HORN, s.line(1.5, -5, 6, -12, 1, 0.6), s.line(3.5, -9, 2, -12, 0.7, 0.5),
            s.line(4, -10, 8, -10, 0.7, 0.5))
    s.paint(coat * 0.9, s.line(3, -3.5, 8, -5, 1.6, 0.8))
    s.paint(coat * 0.9, s.line(0, 2, 0, 30, 3, 11))
    s.paint(coat, s.line(0, -2.5, 0, 5, 4, 2))
    s.dab(WHITE, s.ellipse(0, 5.4, 1.8, 1.6), alpha=0.8)
    s.dab(INK, s.ellipse(2.2, -2.2, 0.8, 1), s.ellipse(0, 5.4, 1.2, 0.9))


def cat_head(s: Sketch, coat: Array, y: Number) -> None:
    """Pointed ears, bright eyes, stripes on the brow."""
    s.fold()
    s.paint(coat, s.ellipse(3.4, y - 4, 1.6, 2.6), s.line(3.2, y - 3, 4.4, y - 7, 1.8, 0.2))
    s.dab(PINK, s.line(3.3, y - 3.5, 4.1, y - 6, 0.8, 0.2))
    s.paint(coat, s.ellipse(0, y, 5.4, 4.6))
    s.dab(coat * 0.6, *(s.line(x, y - 4.2, x * 0.8, y - 2.6, 0.35, 0.35) for x in (0, 1.5)))
    s.dab(WHITE, s.ellipse(0, y + 2.2, 2.6, 1.7), alpha=0.8)
    s.dab(s.choose("iris"), s.ellipse(2.3, y - 0.4, 1.3, 1.2))
    s.dab(INK, s.ellipse(2.3, y - 0.4, 0.5, 1.1))
    s.dab(PINK, s.ellipse(0, y + 1.3, 0.8, 0.6))


def dog_head(s: Sketch, coat: Array, y: Number) -> None:
    """Hanging ears, a big nose, the tongue often out."""
    s.fold()
    s.paint(coat, s.ellipse(0, y, 5, 4.8))
    s.paint(coat * 1.12, s.ellipse(0, y + 2.6, 3.2, 2.8))
    s.paint(coat * 0.6, s.line(4.2, y - 3.4, 6, y + 2.2, 1.4, 1.9))
    s.dab(PINK, s.ellipse(0, y + 5.2, 1.2, 1.6), alpha=s.some(0.6))
    s.dab(INK, s.ellipse(0, y + 1.6, 1.5, 1.1), s.ellipse(2.1, y - 1, 0.8, 0.9))


def sitting(s: Sketch, head: Callable[[Sketch, Array, Number], None]) -> None:
    """A pet that sits and looks at you."""
    s.place(0.65, 1.05)
    coat = s.choose("fur")
    shadow(s, 11, 8)
    s.paint(coat * 0.9, s.line(4, 10, s.between(8, 11), s.between(2, 9), 1.2, 0.9))
    s.paint(coat, s.ellipse(0, 6, 5.2, 6), s.ellipse(-3.6, 9.4, 2.4, 1.8),
            s.ellipse(3.6, 9.4, 2.4, 1.8))
    s.dab(WHITE, s.ellipse(0, 5.4, 2.2, 3.6), alpha=0.4)
    s.paint(coat, s.line(-1.8, 5.5, -1.8, 10.4, 1.1, 1.1), s.line(1.8, 5.5, 1.8, 10.4, 1.1, 1.1))
    head(s, coat, s.between(-5, -3))


def face(s: Sketch, head: Callable[[Sketch, Array, Number], None]) -> None:
    """A pet from close by."""
    s.place(1.2, 2, tilt=0.15)
    coat = s.choose("fur")
    s.paint(coat * 0.9, s.ellipse(0, 14, 7, 10))
    head(s, coat, 0)


def walking_cat(s: Sketch) -> None:
    """Striped, the tail long and high."""
    s.place(0.7, 1.15)
    coat, x, y = s.choose("fur"), s.between(7, 8.5), s.between(-4, 0)
    s.paint(coat * 0.9, s.line(-6, 0, s.between(-12, -8), s.between(-9, 0), 1.1, 0.8))
    s.paint(coat, s.line(x - 1.6, y - 1.5, x - 2.2, y - 5, 1.3, 0.2),
            s.line(x + 1, y - 1.5, x + 1.4, y - 5, 1.3, 0.2))
    quadruped(s, coat, 5, 2.8, 7, 2.4, (x, y), (1, 0.6, 2.5))
    s.dab(coat * 0.6,
          *(s.line(stripe, -2.6, stripe + 0.5, -0.2, 0.5, 0.5) for stripe in (-5, -2.5, 0, 2.5)))


def walking_dog(s: Sketch) -> None:
    """Long in the snout and short in the tail."""
    s.place(0.7, 1.15)
    coat, x, y = s.choose("fur"), s.between(7, 8.5), s.between(-6, -1)
    s.paint(coat * 0.9, s.line(-6, -1, s.between(-11, -8), s.between(-7, -2), 1.2, 0.7))
    quadruped(s, coat, 5, 3, 8, 2.3, (x, y), (4, 1.2, 2))
    s.paint(coat * 0.6, s.line(x - 1, y - 1, x - 1.8, y + 2.8, 1.2, 1.4))
    s.dab(INK, s.ellipse(x + 5.2, y + 0.8, 0.9, 0.8))


def frog_eye(s: Sketch, coat: Array, x: float, y: float, r: float) -> None:
    """A yellow eye that bulges."""
    s.paint(coat, s.ellipse(x, y, r, r))
    s.dab(YELLOW, s.ellipse(x, y - 0.2, r * 0.65, r * 0.65))
    s.dab(INK, s.ellipse(x, y - 0.2, r * 0.4, r * 0.4))


def frog(s: Sketch) -> None:
    """A frog from the front, green or brown."""
    s.place(0.6, 1.2)
    shadow(s, 9, 11)
    s.fold()
    coat = s.choose("frog")
    s.paint(coat * 0.85, s.ellipse(7.5, 5.5, 3.4, 3.4))
    s.paint(coat, s.ellipse(0, 3, 8, 6.2))
    s.dab(CREAM, s.ellipse(0, 6, 5, 3), alpha=0.7)
    s.paint(coat * 0.9, s.line(3.8, 5, 4.5, 9, 1.2, 1.4))
    frog_eye(s, coat, 4.6, -3.2, 2.6)
    s.dab(INK, s.line(0, 2.4, 5, 1, 0.4, 0.4))


def crouching_frog(s: Sketch) -> None:
    """A frog from the side, about to leap."""
    s.place(0.65, 1.2, tilt=0.1)
    coat = s.choose("frog")
    shadow(s, 8.5, 11)
    s.paint(coat, s.line(-5.5, 4, 4.5, -1, 4, 3.6), s.line(3, 2, 4.5, 8, 1.4, 1))
    s.dab(CREAM, s.line(-1, 5, 6, 1.6, 1.6, 1.6), alpha=0.7)
    s.paint(coat * 0.85, s.line(-6.5, 4.5, 0.5, 5.5, 2.6, 1.8), s.line(-7.5, 7.5, 1, 8, 0.9, 0.9))
    frog_eye(s, coat, 4.2, -4.4, 2.3)
    s.dab(INK, s.line(4.5, 0.4, 8, -0.6, 0.35, 0.35))


# Ten scenes for each class, the usual ones more than once.
SCENES: dict[str, Sequence[tuple[Callable[..., None], ...]]] = {
    "airplane": 4 * [(sky, jet)] + 2 * [(sky, propeller)]
    + [(sea, propeller), (sea, jet), (road, jet), (meadow, jet)],
    "automobile": 4 * [(road, car)] + 3 * [(road, oncoming_car)]
    + [(meadow, car), (beach, oncoming_car), (forest, car)],
    "bird": 3 * [(forest, songbird)] + 2 * [(sky, songbird)] + 2 * [(sky, eagle)]
    + [(sea, eagle), (sea, duck), (pond, duck)],
    "cat": 2 * [(room, sitting, cat_head)] + 3 * [(room, face, cat_head)]
    + 2 * [(room, walking_cat)]
    + [(meadow, sitting, cat_head), (meadow, walking_cat), (road, walking_cat)],
    "deer": 3 * [(forest, deer)] + 3 * [(meadow, deer)] + 2 * [(forest, deer_head)]
    + [(meadow, deer_head), (beach, deer)],
    "dog": 2 * [(room, sitting, dog_head)] + 3 * [(room, face, dog_head)]
    + 2 * [(meadow, walking_dog)]
    + [(meadow, sitting, dog_head), (beach, walking_dog), (road, walking_dog)],
    "frog": 3 * [(pond, frog)] + 2 * [(forest, frog)] + 2 * [(meadow, crouching_frog)]
    + [(pond, crouching_frog), (forest, crouching_frog), (room, frog)],
    "horse": 5 * [(meadow, horse)] + 2 * [(forest, horse)]
    + [(beach, horse), (meadow, horse_head), (sky, horse_head)],
    "ship": 4 * [(sea, liner)] + 4 * [(sea, sailboat)] + [(beach, liner), (pond, sailboat)],
    "truck": 5 * [(road, lorry)] + 3 * [(road, oncoming_lorry)]
    + [(meadow, lorry), (forest, lorry)],
}


def draw(count_train: int = TRAIN, count_test: int = TEST,
         seed: int = SEED) -> tuple[Array, Array, Array, Array]:
    """Draw X_train (N, 32, 32, 3) uint8, y_train (N,) int64, X_test, y_test, classes balanced."""
    return *draw_split(count_train, PCG64([seed, 0])), *draw_split(count_test, PCG64([seed, 1]))


def draw_split(count: int, bits: PCG64) -> tuple[Array, Array]:
    """Draw the images and labels of one stream of random bits."""
    order = np.argsort(bits.random_raw(count), kind="stable")
    images = np.empty((count, SIZE, SIZE, 3), dtype=np.uint8)
    labels = np.empty(count, dtype=np.int64)
    for label, name in enumerate(CLASSES):
        rows, scenes = order[label::len(CLASSES)], SCENES[name]
        labels[rows] = label
        for k, (backdrop, figure, *parts) in enumerate(scenes):
            batch = rows[k::len(scenes)]
            sketch = Sketch(len(batch), bits)
            backdrop(sketch)
            figure(sketch, *parts)
            images[batch] = sketch.develop()
    return images, labels


def load(folder: Path, mmap: bool = False) -> tuple[Array, Array, Array, Array]:
    """What draw() gives, from the cache in `folder` if that is whole; else drawn, and cached.

    With `mmap`, images from the cache stay in the file and are mapped into memory, read-only.
    """
    cache = folder / f"cartoon-{SHA256[:8]}.bin"
    with contextlib.suppress(OSError, ValueError):  # an empty file cannot be mapped
        # A pipe, once opened, would keep us waiting for ever, and a file of another size may be
        # larger than the memory.
        if cache.is_file() and cache.stat().st_size == BYTES:
            content = np.memmap(cache, mode="r") if mmap else np.fromfile(cache, dtype=np.uint8)
            if hashlib.sha256(content.data).hexdigest() == SHA256:
                return unpack(content)
    arrays = draw()
    with contextlib.suppress(OSError):
        publish(pack(arrays), cache)
    return arrays


def pack(arrays: Iterable[Array]) -> Array:
    """The bytes of the arrays one after the other; a label takes one byte."""
    return np.concatenate([array.astype(np.uint8).ravel() for array in arrays])


def unpack(content: Array, train: int = TRAIN,
           test: int = TEST) -> tuple[Array, Array, Array, Array]:
    """The four arrays from which `pack` made the content; images are views of it."""
    shape, pixels = (-1, SIZE, SIZE, 3), SIZE * SIZE * 3
    ends = np.cumsum([train * pixels, train, test * pixels])
    X_train, y_train, X_test, y_test = np.split(content, ends)
    return (X_train.reshape(shape), y_train.astype(np.int64), X_test.reshape(shape),
            y_test.astype(np.int64))


def publish(content: Array, path: Path) -> None:
    """Write the file under another name, then rename it, so that nobody meets half of it."""
    remove_drafts(path)
    # On a shared disk, process numbers are not unique.
    draft = path.with_name(f"{path.name}.{uuid4().hex}")
    try:
        with draft.open("xb") as file:
            content.tofile(file)
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def remove_drafts(path: Path) -> None:
    """Remove the drafts, older than an hour, of writers that were killed."""
    for draft in path.parent.glob(f"{path.name}.{32 * '[0-9a-f]'}"):
        with contextlib.suppress(OSError):
            if time.time() - draft.lstat().st_mtime > 3600:
                draft.unlink()
