"""Makes the JSON files in src/goldens with PyTorch: what each op gives, and its gradients, in double precision.

    pip install torch            # 2.5 or later, no GPU; PyTorch 2.6.0 made the files that are here
    python3 packages/backend-testkit/goldens/make.py

README.md beside this file describes them. Running it (and then the formatter) again gives the same files.
"""

import sys

sys.dont_write_bytecode = True

import json
from pathlib import Path

import torch

torch.set_num_threads(1)
torch.backends.mkldnn.set_flags(False)  # its f32 gelu(∞) is NaN

from reference import attention, layers, optimiser, pointwise, products, rows, selection

files = {
    "pointwise": pointwise.goldens,
    "softmax": rows.softmaxes,
    "norm": rows.norms,
    "cross-entropy": rows.losses,
    "linear": layers.linears,
    "quantized": layers.quantized,
    "convolution": layers.convolutions,
    "matmul": products.goldens,
    "reduce": selection.reductions,
    "order": selection.orders,
    "indexing": selection.indexing,
    "rope": attention.ropes,
    "attention": attention.attentions,
    "adamw": optimiser.goldens,
}
folder = Path(__file__).parents[1] / "src" / "goldens"
for name, goldens in files.items():
    (folder / f"{name}.json").write_text(json.dumps(goldens.cases, allow_nan=False) + "\n")
    print(f"{name}: {len(goldens.cases)} cases")
