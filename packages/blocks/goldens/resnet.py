"""
Makes resnet.json beside this file: what a small ResNet gives that is assembled of PyTorch's Conv2d, GroupNorm and Linear, and its gradients,
in double precision.

    pip install torch    # 2.15.0 made the file that is here; no GPU
    python3 packages/blocks/goldens/resnet.py && npm run format

The wiring is written here once more, since no library that is installed for these files has the ResNet for small pictures with GroupNorm.
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
folder = Path(__file__).parent
sys.path.insert(0, str(folder.parents[1] / "backend-testkit" / "goldens"))

import torch
from reference.part import PartGoldens
from torch import nn
from torch.func import functional_call
from torch.nn import functional as F

torch.set_num_threads(1)
torch.backends.mkldnn.set_flags(False)


class Connection(nn.Module):
    """Its only weights are those of a projection, where there is one."""

    def __init__(self, before, after, stride, projection):
        super().__init__()
        self.before, self.after, self.stride = before, after, stride
        changes = before != after or stride != 1
        self.shortcut = nn.Conv2d(before, after, 1, stride, bias=False) if projection and changes else None

    def forward(self, x):
        if self.shortcut is not None:
            return self.shortcut(x)
        return F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.after - self.before))


class Block(nn.Module):
    def __init__(self, before, after, stride, groups, projection):
        super().__init__()
        self.conv1 = nn.Conv2d(before, after, 3, stride, padding=1, bias=False)
        self.norm1 = nn.GroupNorm(groups, after)
        self.conv2 = nn.Conv2d(after, after, 3, padding=1, bias=False)
        self.norm2 = nn.GroupNorm(groups, after)
        self.residual = Connection(before, after, stride, projection)

    def forward(self, x):
        return F.relu(self.residual(x) + self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x))))))


class ResNet(nn.Module):
    def __init__(self, channels, widths, blocks, classes, groups, projection):
        super().__init__()
        self.conv = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.norm = nn.GroupNorm(groups, widths[0])
        stages = [(widths[max(stage - 1, 0)], width, 1 if stage == 0 else 2) for stage, width in enumerate(widths)]
        each = [
            shape for before, width, stride in stages for shape in [(before, width, stride)] + [(width, width, 1)] * (blocks - 1)
        ]
        self.blocks = nn.ModuleList(Block(*shape, groups, projection) for shape in each)
        self.head = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = F.relu(self.norm(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.head(F.adaptive_avg_pool2d(x, 1).flatten(1))


goldens = PartGoldens()
for name, config, shape in [
    ("zeros for new channels", {"channels": 1, "widths": [2, 4], "blocks": 2, "classes": 3, "groups": 2, "projection": False}, (2, 1, 5, 4)),
    ("projections", {"channels": 2, "widths": [2, 4], "blocks": 1, "classes": 2, "groups": 1, "projection": True}, (1, 2, 5, 5)),
]:
    module = ResNet(**config)
    shapes = {key: x.shape for key, x in module.named_parameters()}
    goldens.case(
        f"a ResNet of PyTorch's layers, with {name}",
        config=config,
        weights=lambda dice, shapes=shapes: {key: dice.floats(*shape, below=1.0) for key, shape in shapes.items()},
        inputs=lambda dice, shape=shape: {"x": dice.floats(*shape)},
        forward=lambda weights, inputs, module=module: functional_call(module.to(inputs["x"].dtype), weights, (inputs["x"],), strict=True),
    )
goldens.write(folder / "resnet.json")
