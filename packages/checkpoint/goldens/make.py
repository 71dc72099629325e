"""Makes the goldens beside this file with the reference implementation of safetensors.

    python3 -m venv /tmp/goldens
    /tmp/goldens/bin/pip install safetensors==0.8.0 numpy==2.4.6 ml_dtypes==0.5.4
    /tmp/goldens/bin/python packages/checkpoint/goldens/make.py

Running it (and then the formatter) again gives the same files, but for metadata.safetensors: the reference writes metadata
keys in an order of its own.
"""

import json
from pathlib import Path

import ml_dtypes
import numpy as np
from safetensors import TensorSpec, deserialize, serialize

here = Path(__file__).parent
names = {
    "bool": "BOOL", "uint8": "U8", "int8": "I8", "int16": "I16", "uint16": "U16", "float16": "F16", "bfloat16": "BF16",
    "int32": "I32", "uint32": "U32", "float32": "F32", "float64": "F64", "int64": "I64", "uint64": "U64",
}


def value(x):
    """What a tensor element is in JSON: 64-bit integers, infinities and NaN as text, all other numbers exactly."""
    if isinstance(x, (np.int64, np.uint64)):
        return str(x)
    if isinstance(x, (np.bool_, np.integer)):
        return int(x)
    number = float(x)
    if np.isnan(number):
        return "NaN"
    if np.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    return number


def save(file, arrays, metadata=None):
    """Writes a file and returns what a reader should find in it."""
    arrays = {name: np.ascontiguousarray(array).reshape(array.shape) for name, array in arrays.items()}
    specs = {
        name: TensorSpec(dtype=array.dtype.name, shape=list(array.shape), data_ptr=array.ctypes.data, data_len=array.nbytes)
        for name, array in arrays.items()
    }
    data = bytes(serialize(specs, metadata=metadata))
    (here / file).write_bytes(data)
    assert dict(deserialize(data)).keys() == arrays.keys()
    return {
        "metadata": metadata or {},
        "tensors": {
            name: {"dtype": names[array.dtype.name], "shape": list(array.shape), "values": [value(x) for x in array.reshape(-1)]}
            for name, array in arrays.items()
        },
    }


def edges(dtype):
    info = np.iinfo(dtype)
    return np.array([info.min, info.min + 1, 0, 1, 7, info.max - 1, info.max], dtype).reshape(1, 7)


random = np.random.default_rng(20240229)
half_bits = np.concatenate([
    [0x0000, 0x8000, 0x0001, 0x8001, 0x03FF, 0x0400, 0x3C00, 0xBC00, 0x7BFF, 0xFBFF, 0x7C00, 0xFC00, 0x7E00],
    random.integers(0, 0x7C00, 51),
]).astype(np.uint16)
brain_bits = np.concatenate([
    [0x0000, 0x8000, 0x0001, 0x8001, 0x007F, 0x0080, 0x3F80, 0xBF80, 0x7F7F, 0xFF7F, 0x7F80, 0xFF80, 0x7FC0],
    random.integers(0, 0x7F80, 51),
]).astype(np.uint16)
singles = np.array([0.0, -0.0, 1.0, -1.5, 1e-45, 3.4028235e38, np.inf, -np.inf, np.nan, 0.1], np.float32)

expected = {}
expected["dtypes.safetensors"] = save("dtypes.safetensors", {
    "bool": np.array([True, False, True]),
    **{name: edges(name) for name in ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"]},
    "float16": half_bits.view(np.float16).reshape(8, 8),
    "bfloat16": brain_bits.view(ml_dtypes.bfloat16).reshape(8, 8),
    "float32": singles.reshape(2, 5),
    "float64": np.array([0.1, -0.0, 5e-324, 1.7976931348623157e308, np.inf, np.nan]).reshape(3, 2),
})
expected["shapes.safetensors"] = save("shapes.safetensors", {
    "scalar": np.array(2.5, np.float32),
    "empty": np.zeros((0, 3), np.float32),
    "empty integers": np.zeros((2, 0), np.int64),
    "deep": np.arange(24, dtype=np.float32).reshape(1, 2, 3, 4),
    "odd": np.array([1, 2, 3], np.uint8),
    "b.weight": np.ones(2, np.float16),
    "a.weight": np.ones(2, np.float16),
})
expected["names.safetensors"] = save("names.safetensors", {
    name: np.array([i], np.float32)
    for i, name in enumerate(["", "0", "10", "2", "__proto__", "größe", "重み", "🙂", "\uff5e", 'quote " backslash \\', "line\nbreak\u0001", "é"])
}, {"ключ": "значение 🙂"})
expected["metadata.safetensors"] = save("metadata.safetensors", {"x": np.zeros(1, np.float32)}, {"format": "pt", "note": 'a "b"\n', "__proto__": "a key"})
expected["none.safetensors"] = save("none.safetensors", {})

# Types that Tenon carries as bytes: three elements each, but for the pairs of 4-bit numbers.
carried = ["float8_e5m2", "float8_e4m3fn", "float8_e8m0fnu", "float8_e4m3fnuz", "float8_e5m2fnuz", "float4_e2m1fn_x2", "complex64"]
raw = np.arange(24, dtype=np.uint8)
lengths = {name: 24 if name == "complex64" else 3 for name in carried}
shapes = {name: [3] for name in carried}
specs = {name: TensorSpec(dtype=name, shape=shapes[name], data_ptr=raw.ctypes.data, data_len=lengths[name]) for name in carried}
(here / "carried.safetensors").write_bytes(bytes(serialize(specs)))

# How NumPy and ml_dtypes round singles: ties, both sides of ties, the ends of the ranges, subnormals, random bits.
bits = np.concatenate([
    [0x0000, 0x8000, 0x0001, 0x8001, 0x03FF, 0x0400, 0x3C00, 0xBC00, 0x7BFF, 0xFBFF, 0x7C00, 0xFC00, 0x7E00],
    random.integers(0, 0x7C00, 51),
]).astype(np.uint16)
brain_bits = np.concatenate([
    [0x0000, 0x8000, 0x0001, 0x8001, 0x007F, 0x0080, 0x3F80, 0xBF80, 0x7F7F, 0xFF7F, 0x7F80, 0xFF80, 0x7FC0],
    random.integers(0, 0x7F80, 51),
]).astype(np.uint16)
singles = np.array([0.0, -0.0, 1.0, -1.5, 1e-45, 3.4028235e38, np.inf, -np.inf, np.nan, 0.1], np.float32)

expected = {}
expected["dtypes.safetensors"] = save("dtypes.safetensors", {
    "bool": np.array([True, False, True]),
    **{name: edges(name) for name in ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"]},
    "float16": half_bits.view(np.float16).reshape(8, 8),
    "bfloat16": brain_bits.view(ml_dtypes.bfloat16).reshape(8, 8),
    "float32": singles.reshape(2, 5),
    "float64": np.array([0.1, -0.0, 5e-324, 1.7976931348623157e308, np.inf, np.nan]).reshape(3, 2),
})
expected["shapes.safetensors"] = save("shapes.safetensors", {
    "scalar": np.array(2.5, np.float32),
    "empty": np.zeros((0, 3), np.float32),
    "empty integers": np.zeros((2, 0), np.int64),
    "deep": np.arange(24, dtype=np.float32).reshape(1, 2, 3, 4),
    "odd": np.array([1, 2, 3], np.uint8),
    "b.weight": np.ones(2, np.float16),
    "a.weight": np.ones(2, np.float16),
})
expected["names.safetensors"] = save("names.safetensors", {
    name: np.array([i], np.float32)
    for i, name in enumerate(["", "0", "10", "2", "__proto__", "größe", "重み", "🙂", "\uff5e", 'quote " backslash \\', "line\nbreak\u0001", "é"])
}, {"ключ": "значение 🙂"})
expected["metadata.safetensors"] = save("metadata.safetensors", {"x": np.zeros(1, np.float32)}, {"format": "pt", "note": 'a "b"\n', "__proto__": "a key"})
expected["none.safetensors"] = save("none.safetensors", {})

# Types that Tenon carries as bytes: three elements each, but for the pairs of 4-bit numbers.
carried = ["float8_e5m2", "float8_e4m3fn", "float8_e8m0fnu", "float8_e4m3fnuz", "float8_e5m2fnuz", "float4_e2m1fn_x2", "complex64"]
raw = np.arange(24, dtype=np.uint8)
lengths = {name: 24 if name == "complex64" else 3 for name in carried}
shapes = {name: [3] for name in carried}
specs = {name: TensorSpec(dtype=name, shape=shapes[name], data_ptr=raw.ctypes.data, data_len=lengths[name]) for name in carried}
(here / "carried.safetensors").write_bytes(bytes(serialize(specs)))

# How NumPy and ml_dtypes round singles: ties, both sides of ties, the ends of the ranges, subnormals, random bits.
ties = [m << 12 | low for m in range(0x0E, 0x12) for low in (0, 0x7FF, 0x800, 0x801)]
bits = np.concatenate([
    [exponent << 23 | fraction for exponent in (0, 1, 101, 102, 103, 104, 112, 113, 127, 142, 254) for fraction in
     (0, 1, 0x0FFF, 0x1000, 0x1001, 0x2FFF, 0x3000, 0x3001, 0x7FFF, 0x8000, 0x8001, 0x17FFF, 0x18000, 0x18001, 0x7FEFFF, 0x7FF000, 0x7FFFFF)],
    [0x7F800000, 0x477FEFFF, 0x477FF000, 0x7F7F7FFF, 0x7F7F8000], random.integers(0, 0x7F800000, 100),
]).astype(np.uint32)
bits = np.concatenate([bits, bits | np.uint32(0x80000000)])
with np.errstate(over="ignore", under="ignore"):
    rounding = {
        "float32": bits.tolist(),
        "float16": bits.view(np.float32).astype(np.float16).view(np.uint16).tolist(),
        "bfloat16": bits.view(np.float32).astype(ml_dtypes.bfloat16).view(np.uint16).tolist(),
    }

(here / "expected.json").write_text(json.dumps({"files": expected, "rounding": rounding}, ensure_ascii=False, separators=(",", ":")) + "\n")
