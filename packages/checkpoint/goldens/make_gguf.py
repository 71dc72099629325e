"""Writes quantised.gguf and gguf.json: a GGUF file with a value of every metadata kind and a tensor of every type, and the values that they stand for.

The bytes of K-quants are random: the package `gguf` has no quantiser for them, but it says what they mean.
Made with gguf 0.19.0 and numpy 2.4.6:  python make_gguf.py
"""

import json
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType as Type
from gguf import GGUFValueType as Kind
from gguf import GGUFWriter, dequantize, quantize

here = Path(__file__).parent
dice = np.random.default_rng(7)
writer = GGUFWriter(here / "quantised.gguf", "llama")
for kind in ["uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64"]:
    bounds = np.iinfo(kind)
    getattr(writer, f"add_{kind}")(f"tenon.{kind}.most", int(bounds.max))
    getattr(writer, f"add_{kind}")(f"tenon.{kind}.least", int(bounds.min))
writer.add_float32("tenon.float32", 1.5)
writer.add_float64("tenon.float64", 0.1)
writer.add_bool("tenon.bool", True)
writer.add_string("tenon.string", "ключ 🔑")
writer.add_array("tenon.tokens", ["<s>", "▁a", ""])
writer.add_array("tenon.types", [1, -2, 3])
writer.add_array("tenon.scores", [0.5, -1.25])
writer.add_array("tenon.flags", [True, False])
writer.add_key_value("tenon.nested", [[1, 2], [3]], Kind.ARRAY)

expected = {}


def add(name, data, type, shape):
    """`data` as bytes of the type, of a tensor of the shape."""
    writer.add_tensor(name, data, raw_dtype=type)
    values = dequantize(data, type) if type not in (Type.F32, Type.F16) else data.astype(np.float32)
    bits = values.astype("<f4").view("<u4").reshape(-1)
    expected[name] = {"type": type.name, "shape": shape, "bits": [int(each) for each in bits]}


def plain(*shape):
    return dice.normal(size=shape).astype(np.float32)


add("f32", plain(2, 3, 5), Type.F32, [2, 3, 5])
add("f16", plain(7).astype(np.float16), Type.F16, [7])
for type in [Type.BF16, Type.Q8_0, Type.Q4_0]:
    add(type.name.lower(), quantize(plain(3, 64), type), type, [3, 64])


def blocks(rows, bytes, halves):
    """Random bytes, with sound halves where a block has them."""
    data = dice.integers(0, 256, size=(rows, bytes), dtype=np.uint8)
    for at in halves:
        data[:, at : at + 2] = (dice.normal(size=(rows, 1)) * 0.01).astype("<f2").view(np.uint8)
    return data


add("q4_k", blocks(2, 144, [0, 2]), Type.Q4_K, [2, 256])
add("q6_k", np.concatenate([blocks(2, 210, [208]), blocks(2, 210, [208])], axis=1), Type.Q6_K, [2, 512])
writer.add_tensor("q5_k", blocks(1, 176, [0, 2]), raw_dtype=Type.Q5_K)

writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(value, separators=(',', ':'))}" for name, value in expected.items())
(here / "gguf.json").write_text("{\n" + lines + "\n}\n")
