"""One side of the comparison in PyTorch. Its workload is the first argument, as JSON; then each line of input is an order.

Values are those of src/peers/data.ts: a function of a name and a place.
"""

import base64
import json
import math
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F


def seed_of(name):
    h = 0x811C9DC5
    for code in name.encode("utf-16-le")[::2]:
        h = ((h ^ code) * 0x01000193) & 0xFFFFFFFF
    return h


def values(name, shape, amplitude, offset=0.0):
    x = np.arange(math.prod(shape), dtype=np.uint32) * np.uint32(0x9E3779B1) ^ np.uint32(seed_of(name))
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x7FEB352D)
    x = (x ^ (x >> np.uint32(15))) * np.uint32(0x846CA68B)
    x = (x ^ (x >> np.uint32(16))) >> np.uint32(8)
    unit = x.astype(np.float64) * 2.0**-23 - 1
    return torch.from_numpy((offset + amplitude * unit).astype(np.float32).reshape(shape))


def parameter(path, *shape):
    if path.endswith("bias"):
        return values(path, shape, 0.1)
    if path.lower().endswith("norm.weight"):
        return values(path, shape, 0.2, 1.0)
    if path.endswith("table"):
        return values(path, shape, 0.035)
    return values(path, shape, math.sqrt(3 / shape[1]))


def tokens(batch, length, vocabulary):
    ids = (np.arange(batch * length, dtype=np.int64) * 7919 + 13) % vocabulary
    return torch.from_numpy(ids.reshape(batch, length))


def matmul(w):
    m, n, k = w["m"], w["n"], w["k"]
    if w["constant"]:
        a = values("a", (m, k), 1.0)
        weight = values("b", (k, n), 1.0).T.contiguous()
        return lambda: F.linear(a, weight)
    a, b = values("a", (w["batch"], m, k), 1.0), values("b", (w["batch"], k, n), 1.0)
    return lambda: a @ b


class Model:
    """What the two models have in common."""

    def __init__(self, w, epsilon):
        self.width, self.heads, self.epsilon = w["width"], w["heads"], epsilon

    def linear(self, path, width, out):
        weight, bias = parameter(f"{path}.weight", out, width), parameter(f"{path}.bias", out)
        return lambda x: F.linear(x, weight, bias)

    def norm(self, path):
        weight, bias = parameter(f"{path}.weight", self.width), parameter(f"{path}.bias", self.width)
        return lambda x: F.layer_norm(x, (self.width,), weight, bias, self.epsilon)

    def feed_forward(self, path, approximate):
        up = self.linear(f"{path}.up", self.width, 4 * self.width)
        down = self.linear(f"{path}.down", 4 * self.width, self.width)
        return lambda x: down(F.gelu(up(x), approximate=approximate))

    def projections(self, at):
        return [self.linear(f"{at}.attention.{name}", self.width, self.width) for name in ("query", "key", "value", "output")]

    def split(self, x):
        return x.unflatten(-1, (self.heads, self.width // self.heads)).transpose(1, 2)

    def join(self, x):
        return x.transpose(1, 2).flatten(2)


def encoder(w):
    to = Model(w, 1e-12)
    width, length = w["width"], w["tokens"]
    table = parameter("embedding.tokens.table", w["vocabulary"], width)
    positions = parameter("embedding.position.table", w["context"], width)[:length]
    segment = parameter("embedding.segments.table", 2, width)[0]
    first = to.norm("embedding.norm")

    def block(layer):
        at = f"blocks.{layer}"
        query, key, value, output = to.projections(at)
        after, last = to.norm(f"{at}.attentionResidual.norm"), to.norm(f"{at}.feedForwardResidual.norm")
        fed = to.feed_forward(f"{at}.feedForward", "none")

        def forward(x):
            attended = F.scaled_dot_product_attention(to.split(query(x)), to.split(key(x)), to.split(value(x)))
            middle = after(x + output(to.join(attended)))
            return last(middle + fed(middle))

        return forward

    blocks = [block(layer) for layer in range(w["layers"])]
    ids = tokens(w["batch"], length, w["vocabulary"])

    def run():
        x = first(F.embedding(ids, table) + positions + segment)
        for forward in blocks:
            x = forward(x)
        return x

    return run


def decoder(w):
    to = Model(w, 1e-5)
    width, past, heads = w["width"], w["past"], w["heads"]
    table = parameter("embedding.tokens.table", w["vocabulary"], width)
    position = parameter("embedding.position.table", w["context"], width)[past]
    final = to.norm("norm")

    def block(layer):
        at = f"blocks.{layer}"
        query, key, value, output = to.projections(at)
        before, middle_norm = to.norm(f"{at}.attentionResidual.norm"), to.norm(f"{at}.feedForwardResidual.norm")
        fed = to.feed_forward(f"{at}.feedForward", "tanh")
        # Room for one more, as a cache that is filled in place has it.
        known = [torch.zeros(1, heads, past + 1, width // heads) for _ in range(2)]
        for cache, name in zip(known, ("key", "value")):
            cache[:, :, :past] = values(f"past.{layer}.{name}", (1, heads, past, width // heads), 1.0)

        def forward(x):
            y = before(x)
            for cache, project in zip(known, (key, value)):
                cache[:, :, past:] = to.split(project(y))
            attended = F.scaled_dot_product_attention(to.split(query(y)), *known)
            middle = x + output(to.join(attended))
            return middle + fed(middle_norm(middle))

        return forward

    blocks = [block(layer) for layer in range(w["layers"])]
    ids = tokens(1, 1, w["vocabulary"])

    def run():
        x = F.embedding(ids, table) + position
        for forward in blocks:
            x = forward(x)
        return F.linear(final(x), table)

    return run


def lesson(step, batch, context, vocabulary):
    text = values(f"text.{step % 8}", (batch, context + 1), 1.0).double()
    ids = torch.floor((text + 1) / 2 * vocabulary).long()
    return ids[:, :-1], ids[:, 1:]


class Learner(torch.nn.Module):
    """A decoder that is trained: a step gives the loss before it."""

    def __init__(self, w):
        super().__init__()
        self.w, width = w, w["width"]
        paths = {"embedding.tokens.table": (w["vocabulary"], width), "embedding.position.table": (w["context"], width)}

        def linear(path, input, out):
            paths.update({f"{path}.weight": (out, input), f"{path}.bias": (out,)})

        def norm(path):
            paths.update({f"{path}.weight": (width,), f"{path}.bias": (width,)})

        for at in (f"blocks.{layer}" for layer in range(w["layers"])):
            for name in ("query", "key", "value", "output"):
                linear(f"{at}.attention.{name}", width, width)
            linear(f"{at}.feedForward.up", width, 4 * width)
            linear(f"{at}.feedForward.down", 4 * width, width)
            norm(f"{at}.attentionResidual.norm")
            norm(f"{at}.feedForwardResidual.norm")
        norm("norm")
        self.of = {path: torch.nn.Parameter(parameter(path, *shape)) for path, shape in paths.items()}
        self.optimiser = torch.optim.Adam(self.of.values(), lr=w["rate"], betas=(0.9, 0.999), eps=1e-8, fused=True)
        self.taken = 0

    def linear(self, path, x):
        return F.linear(x, self.of[f"{path}.weight"], self.of[f"{path}.bias"])

    def norm(self, path, x):
        return F.layer_norm(x, (self.w["width"],), self.of[f"{path}.weight"], self.of[f"{path}.bias"], 1e-5)

    def forward(self, ids):
        split = lambda x: x.unflatten(-1, (self.w["heads"], -1)).transpose(1, 2)
        x = F.embedding(ids, self.of["embedding.tokens.table"]) + self.of["embedding.position.table"]
        for at in (f"blocks.{layer}" for layer in range(self.w["layers"])):
            y = self.norm(f"{at}.attentionResidual.norm", x)
            query, key, value = (split(self.linear(f"{at}.attention.{name}", y)) for name in ("query", "key", "value"))
            attended = F.scaled_dot_product_attention(query, key, value, is_causal=True)
            x = x + self.linear(f"{at}.attention.output", attended.transpose(1, 2).flatten(2))
            y = self.linear(f"{at}.feedForward.up", self.norm(f"{at}.feedForwardResidual.norm", x))
            x = x + self.linear(f"{at}.feedForward.down", F.gelu(y, approximate="tanh"))
        return F.linear(self.norm("norm", x), self.of["embedding.tokens.table"])

    def step(self):
        inputs, targets = lesson(self.taken, *(self.w[name] for name in ("batch", "context", "vocabulary")))
        self.taken += 1
        loss = F.cross_entropy(self(inputs).flatten(0, 1), targets.flatten())
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()
        return loss.item()


def training(w):
    learner = Learner(w)
    first = []

    def run():
        loss = learner.step()
        if len(first) < 4:
            first.append(loss)
        return torch.tensor(first)

    return run


def turn(run, milliseconds, calls):
    samples = []
    while sum(samples) < milliseconds or len(samples) < calls:
        started = time.perf_counter()
        run()
        samples.append((time.perf_counter() - started) * 1000)
    return samples


def main():
    task = json.loads(sys.argv[1])
    torch.set_num_threads(task["threads"])
    workload = task["workload"]
    with torch.inference_mode(workload["kind"] != "training"):
        run = {"matmul": matmul, "encoder": encoder, "decoder": decoder, "training": training}[workload["kind"]](workload)
        answer({"version": torch.__version__})
        for line in sys.stdin:
            order = json.loads(line)
            if order["kind"] == "output":
                answer({"output": base64.b64encode(run().float().contiguous().numpy().tobytes()).decode()})
            else:
                answer({"samples": turn(run, order["milliseconds"], order["calls"])})


def answer(value):
    print(json.dumps(value), flush=True)


main()
