"""The strings on which tokenizers are compared; test/fuzz-strings.ts draws the same ones from the same pieces and numbers."""

import json
from pathlib import Path

PIECES = json.loads((Path(__file__).parent / "fuzz-pieces.json").read_text())


class Random:
    """A small generator of 32-bit numbers (mulberry32), the same in Python and JavaScript."""

    def __init__(self, seed):
        self.state = seed & 0xFFFFFFFF

    def next(self):
        self.state = (self.state + 0x6D2B79F5) & 0xFFFFFFFF
        t = self.state
        t = ((t ^ (t >> 15)) * (t | 1)) & 0xFFFFFFFF
        t = (t ^ (t + (((t ^ (t >> 7)) * (t | 61)) & 0xFFFFFFFF))) & 0xFFFFFFFF
        return (t ^ (t >> 14)) & 0xFFFFFFFF

    def below(self, n):
        return self.next() % n

    def one_of(self, items):
        return items[self.below(len(items))]


def random_character(random):
    first, last = random.one_of(PIECES["ranges"])
    return chr(first + random.below(last - first + 1))


def piece(random, index):
    kind = random.below(32)
    if kind < 9:
        return random.one_of(PIECES["words"])
    if kind < 17:
        return random.one_of(PIECES["spaces"])
    if kind < 21:
        return random.one_of(PIECES["marks"])
    if kind < 23:
        return random.one_of(PIECES["emoji"])
    if kind < 25:
        return random.one_of(PIECES["specials"])
    if kind < 26:
        return random.one_of(PIECES["controls"])
    if kind < 31:
        return "".join(random_character(random) for _ in range(1 + random.below(6)))
    if index < 100:
        return "e\u0301\u0323\u0327\u0345"
    unit = random.one_of(["a", "ab", "の", "e\u0301", "😀", "\u0301", " ", "xyz1"])
    return unit * (1 + random.below(120))


def fuzz_string(index):
    """The string with this number; the first hundred are short."""
    random = Random(index * 2654435761 + 8)
    count = 1 + random.below(4) if index < 100 else random.below(14)
    return "".join(piece(random, index) for _ in range(count))
