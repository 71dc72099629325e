import {
  cpu,
  Decorator,
  random,
  Tensor,
  type Attrs,
  type Backend,
  type HostData,
  type Inputs,
  type Op,
  type TensorType,
  type TypedArray,
} from "@tenon/tensor";
import { promiseBackend } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import type { GroupName } from "./group-names.ts";
import { runBackendTests } from "./run-backend-tests.ts";

type Types = TensorType | readonly TensorType[];

/** A backend around another that adds nothing: each defect changes one thing of it. */
class Faithful extends Decorator<undefined> {
  constructor(inner: Backend = cpu()) {
    super(inner, "wrong", inner.name);
  }
  protected override entered(): undefined {}
  execute(op: Op, inputs: Inputs, attrs: Attrs, types: Types): Tensor | readonly Tensor[] {
    return this.wrapAll(this.inner.execute(op, this.unwrap(inputs), attrs, types), undefined);
  }
}

class Forgetful extends Faithful {
  override release(handle: unknown): void {
    if ((handle as { inner: Tensor }).inner.dtype !== "bool") super.release(handle);
  }
}
class Hoarder extends Faithful {
  readonly kept: unknown[] = [];
  override execute(op: Op, inputs: Inputs, attrs: Attrs, types: Types): Tensor | readonly Tensor[] {
    if (op.name === "rope") this.kept.push(this.inner.execute(op, this.unwrap(inputs), attrs, types));
    return super.execute(op, inputs, attrs, types);
  }
}
class EagerToFree extends Faithful {
  override share(tensor: Tensor, type: TensorType): Tensor {
    const shared = super.share(tensor, type);
    tensor[Symbol.dispose]();
    return shared;
  }
}

/** Computes softmax on another cpu, of the same name, and hands that one's tensors out. */
class Elsewhere extends Faithful {
  readonly other: Backend = cpu();
  override execute(op: Op, inputs: Inputs, attrs: Attrs, types: Types): Tensor | readonly Tensor[] {
    if (op.name !== "softmax") return super.execute(op, inputs, attrs, types);
    const copies = inputs.map((x) => (x instanceof Tensor ? this.other.upload(x.read(), x.type) : x));
    const result = this.other.execute(op, copies, attrs, types);
    for (const copy of copies) if (copy instanceof Tensor) copy[Symbol.dispose]();
    return result;
  }
}
/** Says that it has a kernel for rope, and composes it. */
class Boaster extends Faithful {
  override supports(op: Op, attrs: Attrs, inputs: readonly (TensorType | number | undefined)[]): boolean {
    return op.name === "rope" || super.supports(op, attrs, inputs);
  }
}
/** Has a kernel for gelu, and says that it has none. */
class Understated extends Faithful {
  override supports(op: Op, attrs: Attrs, inputs: readonly (TensorType | number | undefined)[]): boolean {
    return op.name !== "gelu" && super.supports(op, attrs, inputs);
  }
}

/** Goes on with zeros instead of waiting for an upload. */
class Impatient extends Faithful {
  override upload(data: HostData, type: TensorType): Tensor {
    if (!(data instanceof Promise)) return super.upload(data, type);
    data.catch(() => {});
    return super.upload(new Float32Array(type.shape.reduce((n, size) => n * size, 1)), type);
  }
}
/** Looks at a tensor only some time after the read of it was called. */
class Late extends Faithful {
  override async read(tensor: Tensor): Promise<TypedArray> {
    const { handle } = tensor;
    await new Promise((resolve) => setTimeout(resolve, 5));
    return this.inner.read((handle as { inner: Tensor }).inner);
  }
}
/** Gives each of several reads that wait what the first of them asked for. */
class Confused extends Faithful {
  waiting: Promise<TypedArray> | undefined;
  override read(tensor: Tensor): Promise<TypedArray> {
    this.waiting ??= super.read(tensor).finally(() => (this.waiting = undefined));
    return this.waiting;
  }
}
/** Says that a tensor is settled once anything is. */
class Premature extends Faithful {
  override settled(): undefined {}
}
/** Takes tensors of any backend in. */
class Permissive extends Faithful {
  override lift(tensor: Tensor): Tensor {
    return this.upload(tensor.read(), tensor.type);
  }
}

interface Defect {
  readonly name: string;
  readonly create: () => Backend;
  readonly groups: readonly GroupName[];
  /** Exactly the tests of these groups that fail; at least one. */
  readonly fails: readonly [string, ...string[]];
}
const defects: readonly Defect[] = [
  {
    name: "masks are never freed",
    create: () => new Forgetful(),
    groups: ["memory", "storage", "random"],
    fails: ["memory/counts tensors and bytes", "storage/bool"],
  },
  {
    name: "one op keeps a copy of its result",
    create: () => new Hoarder(),
    groups: ["ops"],
    fails: ["ops/rope/f32", "ops/rope/f16", "ops/rope/bf16"],
  },
  {
    name: "a second owner takes the tensor from the first",
    create: () => new EagerToFree(),
    groups: ["memory"],
    fails: ["memory/an update changes the variable and no other holder of its tensor"],
  },
  {
    name: "one op runs on another cpu",
    create: () => new Elsewhere(),
    groups: ["ops", "kernels"],
    fails: ["kernels/softmax"],
  },
  { name: "a kernel that is none", create: () => new Boaster(), groups: ["ops", "kernels"], fails: ["kernels/rope"] },
  {
    name: "a kernel that nobody hears of",
    create: () => new Understated(),
    groups: ["ops", "kernels"],
    fails: ["kernels/gelu"],
  },
  {
    name: "uploads are not waited for",
    create: () => new Impatient(),
    groups: ["async", "memory", "decorators"],
    fails: [
      "async/an upload that is still to come is waited for, in order",
      "async/an upload that fails fails the reads that depend on it, and nothing else",
      "async/settled resolves once what makes a tensor has run",
      "decorators/fallback",
    ],
  },
  {
    name: "reads look too late",
    create: () => new Late(promiseBackend(random(1))),
    groups: ["async", "memory"],
    fails: [
      "async/updates and reads alternate as written",
      "memory/reading what was freed while the read waits gives the values",
    ],
  },
  {
    name: "reads that wait get each other's values",
    create: () => new Confused(),
    groups: ["async"],
    fails: [
      "async/reads that wait together each give their own values",
      "async/updates and reads alternate as written",
    ],
  },
  {
    name: "nothing is ever waited for",
    create: () => new Premature(promiseBackend(random(1))),
    groups: ["async"],
    fails: ["async/settled resolves once what makes a tensor has run"],
  },
  {
    name: "tensors of any backend are taken",
    create: () => new Permissive(),
    groups: ["errors"],
    fails: ["errors/a lift of a tensor of another chain"],
  },
];

test.each(defects)("$name: fails where it should, and nowhere else", async ({ fails, ...backend }) => {
  const { tests } = await runBackendTests(backend);
  const failed = tests.filter(({ status }) => status === "failed");
  expect(failed.map(({ name }) => name)).toEqual(fails);
  expect(tests.length).toBeGreaterThan(failed.length);
});

test("the backend that these wrap is right", async () => {
  const { tests } = await runBackendTests({
    name: "faithful",
    create: () => new Faithful(promiseBackend(random(1))),
    groups: ["ops", "kernels", "memory", "async", "random", "errors"],
  });
  expect(tests.filter(({ status }) => status !== "passed")).toEqual([]);
});
