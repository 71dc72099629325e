"""Reads with the reference implementation what Tenon writes. In the environment that make.py describes:

    mkdir /tmp/written
    node_modules/.bin/node --conditions=@tenon/source packages/checkpoint/goldens/write.ts /tmp/written
    /tmp/goldens/bin/python packages/checkpoint/goldens/check.py /tmp/written

Last run on 2026-11-22, safetensors 0.8.0: 5 goldens and 3 storages agree.
"""

import json
import sys
from pathlib import Path

import ml_dtypes
import numpy as np
from safetensors import deserialize, safe_open

folder = Path(sys.argv[1])
expected = json.loads((folder / "expected.json").read_text())
kinds = {
    "BOOL": bool, "U8": np.uint8, "I8": np.int8, "I16": np.int16, "U16": np.uint16, "F16": np.float16, "BF16": ml_dtypes.bfloat16,
    "I32": np.int32, "U32": np.uint32, "F32": np.float32, "F64": np.float64, "I64": np.int64, "U64": np.uint64,
}


def read(file):
    """The metadata and the arrays of a file."""
    with safe_open(file, framework="np") as opened:
        metadata = opened.metadata() or {}
    found = dict(deserialize(file.read_bytes()))
    return metadata, {name: np.frombuffer(t["data"], kinds[t["dtype"]]).reshape(t["shape"]) for name, t in found.items()}


for name, golden in expected["files"].items():
    metadata, arrays = read(folder / name)
    assert metadata == golden["metadata"], (name, metadata)
    assert arrays.keys() == golden["tensors"].keys(), name
    for key, tensor in golden["tensors"].items():
        kind = kinds[tensor["dtype"]]
        numbers = [int(x) if tensor["dtype"] in ("I64", "U64") else float(x) if isinstance(x, str) else x for x in tensor["values"]]
        want = np.array(numbers, kind).reshape(tensor["shape"])
        assert arrays[key].dtype == want.dtype and arrays[key].shape == want.shape, (name, key)
        assert np.array_equal(arrays[key].astype(np.float64), want.astype(np.float64), equal_nan=True), (name, key)
        assert tensor["dtype"] not in ("I64", "U64") or np.array_equal(arrays[key], want), (name, key)

for storage, bits in [("F32", "float32"), ("F16", "float16"), ("BF16", "bfloat16")]:
    metadata, arrays = read(folder / f"{storage}.safetensors")
    assert metadata == {"storage": storage}
    unsigned = np.uint32 if storage == "F32" else np.uint16
    assert arrays["values"].dtype == kinds[storage]
    assert arrays["values"].view(unsigned).tolist() == expected["rounding"][bits], storage

print(f"{len(expected['files'])} goldens and 3 storages agree")
