"""Compiles a table of replacements as SentencePiece does: base64 of the size of a double-array trie, the trie, and the replacements."""

import base64
import struct


def compile_charsmap(table):
    texts = b""
    keys = {}
    for source, target in table.items():
        keys[source.encode()] = len(texts)
        texts += target.encode() + b"\0"

    trie = {}
    for key, value in keys.items():
        node = trie
        for byte in key:
            node = node.setdefault(byte, {})
        node[None] = value

    units = {0: 0}
    used_offsets = set()

    def place(node, index):
        """Finds an offset at which all children of the node at `index` fit, and puts them there."""
        labels = [0 if label is None else label for label in node]
        offset = 1
        while offset in used_offsets or any((index ^ offset ^ label) in units for label in labels):
            offset += 1
        used_offsets.add(offset)
        assert offset < 1 << 21
        base = index ^ offset
        units[index] |= offset << 10 | (1 << 8 if None in node else 0)
        for label, child in node.items():
            units[base ^ (label or 0)] = (1 << 31 | child) if label is None else label
        for label, child in node.items():
            if label is not None:
                place(child, base ^ label)

    place(trie, 0)
    size = max(units) + 257
    array = struct.pack(f"<{size}I", *(units.get(index, 0x7F) for index in range(size)))
    return base64.b64encode(struct.pack("<I", len(array)) + array + texts).decode()
