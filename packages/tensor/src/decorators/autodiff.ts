import type { Backend, HostData } from "../backend.ts";
import type { TypedArray } from "../dtype.ts";
import { GradientError } from "../errors.ts";
import type { Attrs, Gradients, Input, Inputs, None, Op, View } from "../op.ts";
import { add } from "../ops/arithmetic.ts";
import { owned, Scope } from "../scope.ts";
import { show, sizeOf, type TensorType } from "../shape.ts";
import { Tensor } from "../tensor.ts";

/** One recorded call: what its rule needs, where its tracked inputs came from, and the gradients that have arrived so far. */
interface Node {
  readonly op: Op;
  readonly attrs: Attrs;
  readonly inputs: Inputs;
  readonly outputs: readonly Tensor[];
  readonly single: boolean;
  readonly from: readonly (Source | undefined)[];
  readonly arrived: (Tensor | undefined)[];
}
/** Output `index` of a node. */
interface Source {
  readonly node: Node;
  readonly index: number;
}
/** A tensor of this backend: the inner backend's, and its place on the tape if it has one. */
interface Handle {
  readonly inner: Tensor;
  readonly source: Source | undefined;
}

const leafOp: View<[x: Tensor], None> = { kind: "view", name: "leaf", infer: ([x]) => x };

/**
 * Reverse-mode differentiation as a decorator: runs every op on the inner backend and records what the gradients need.
 *
 * One tape per differentiation, so two can never be confused, and a tape over a tape gives second derivatives: each rule is
 * itself made of ops of the inner backend. Most code calls {@link differentiate} instead.
 */
export class Autodiff implements Backend {
  readonly name: string;
  readonly inner: Backend;
  #nodes: Node[] = [];
  #leaves: Node[] = [];
  #closed = false;

  constructor(inner: Backend) {
    this.inner = inner;
    this.name = `autodiff(${inner.name})`;
  }

  #wrap(inner: Tensor, source: Source | undefined): Tensor {
    return new Tensor(inner.type, this, { inner, source } satisfies Handle);
  }
  #inside(tensor: Tensor): Tensor {
    return tensor.backend === this.inner ? this.inner.share(tensor, tensor.type) : this.inner.lift(tensor);
  }
  /** The same value, whose gradient can be asked for. */
  watch(tensor: Tensor): Tensor {
    const node: Node = { op: leafOp, attrs: {}, inputs: [], outputs: [], single: true, from: [], arrived: [undefined] };
    this.#leaves.push(node);
    return this.#wrap(this.#inside(tensor), { node, index: 0 });
  }
  lift(tensor: Tensor): Tensor {
    return this.#wrap(this.#inside(tensor), undefined);
  }
  lower(tensor: Tensor): Tensor {
    const { inner } = tensor.handle as Handle;
    return this.inner.share(inner, inner.type);
  }
  supports(op: Op, attrs: Attrs, inputs: readonly (TensorType | number | undefined)[]): boolean {
    return this.inner.supports(op, attrs, inputs);
  }

  execute(op: Op, inputs: Inputs, attrs: Attrs, types: TensorType | readonly TensorType[]): Tensor | readonly Tensor[] {
    const n = inputs.length;
    const inner = new Array<Input>(n);
    let tracked = false;
    for (let i = 0; i < n; i++) {
      const input = inputs[i];
      if (typeof input !== "object") {
        inner[i] = input;
        continue;
      }
      const handle = input.handle as Handle;
      inner[i] = handle.inner;
      if (handle.source !== undefined) tracked = true;
    }
    if (this.#closed) tracked = false;
    if (tracked && op.kind === "update") {
      throw new GradientError(
        `${op.name} overwrites a tensor that ${this.name} tracks; update variables outside the differentiated function`,
        { op: op.name },
      );
    }
    if (tracked && op.gradient === undefined) {
      if (!("compose" in op) || op.compose === undefined) {
        throw new GradientError(
          `${op.name} has neither a gradient rule nor a composition; say \`gradient: null\` if it has no derivative`,
          { op: op.name },
        );
      }
      return owned(() => op.compose!(inputs, attrs) as Tensor | readonly Tensor[]); // its smaller ops come back here
    }
    const result = this.inner.execute(op, inner, attrs, types);
    const single = result instanceof Tensor;
    if (!tracked || op.gradient === null)
      return single ? this.#wrap(result, undefined) : result.map((tensor) => this.#wrap(tensor, undefined));
    const node = this.#record(op, attrs, inputs, inner, single ? [result] : result, single);
    return single
      ? this.#wrap(result, { node, index: 0 })
      : result.map((tensor, index) => this.#wrap(tensor, { node, index }));
  }

  #record(
    op: Op,
    attrs: Attrs,
    inputs: Inputs,
    inner: readonly Input[],
    outputs: readonly Tensor[],
    single: boolean,
  ): Node {
    const { saves = "both" } = op;
    // What the rule does not read is kept as a type without a value; reading it by mistake says so.
    const hold = (tensor: Tensor, value: boolean): Tensor =>
      value ? this.inner.share(tensor, tensor.type) : new Tensor(tensor.type, this.inner, undefined);
    const holdInputs = saves === "inputs" || saves === "both";
    const holdOutputs = saves === "output" || saves === "both";
    const node: Node = {
      op,
      attrs,
      single,
      inputs: inner.map((input) => (input instanceof Tensor ? hold(input, holdInputs) : input)),
      outputs: outputs.map((output) => hold(output, holdOutputs)),
      from: inputs.map((input) => (input instanceof Tensor ? (input.handle as Handle).source : undefined)),
      arrived: new Array<Tensor | undefined>(outputs.length).fill(undefined),
    };
    this.#nodes.push(node);
    return node;
  }

  /**
   * d of / d each of `wrt` (made by `watch`), on the inner backend; undefined where `of` does not depend on it. Uses the tape up:
   * from here on this backend computes and no longer records. The results are the caller's. Throws `GradientError` unless `of` has
   * one element, for a tensor that was not watched, and when the tape is used up.
   */
  gradients(of: Tensor, wrt: readonly Tensor[]): (Tensor | undefined)[] {
    if (of.backend !== this)
      throw new GradientError(
        `the tensor to differentiate lives on "${of.backend.name}", not on "${this.name}": it does not depend on any watched tensor`,
      );
    if (sizeOf(of.shape) !== 1)
      throw new GradientError(
        `only a tensor with one element can be differentiated, got ${show(of.shape)}; take its mean() or sum()`,
        { shape: of.shape },
      );
    if (this.#closed)
      throw new GradientError(
        `the tape of ${this.name} is used up; make a fresh one with autodiff() for each derivative`,
      );
    const leaves = wrt.map((tensor) => {
      const node = (tensor.handle as Handle | undefined)?.source?.node;
      if (node === undefined || !this.#leaves.includes(node))
        throw new GradientError("gradients are with respect to tensors that watch() made; watch() the tensor first");
      return node;
    });
    const { source } = of.handle as Handle;
    this.#closed = true;
    try {
      if (source !== undefined) source.node.arrived[source.index] = this.inner.upload(Float32Array.of(1), of.type);
      const nodes = this.#nodes;
      while (nodes.length > 0) {
        const node = nodes[nodes.length - 1]!;
        if (node.arrived.some((gradient) => gradient !== undefined)) pullBack(node);
        drop(node);
        nodes.pop();
      }
      return leaves.map((leaf) => {
        const gradient = leaf.arrived[0];
        leaf.arrived[0] = undefined;
        return gradient;
      });
    } finally {
      this.close();
    }
  }

  /** Forgets the tape and frees what it holds. Harmless when it is used up. */
  close(): void {
    this.#closed = true;
    for (const node of [...this.#nodes, ...this.#leaves]) drop(node);
    this.#nodes = [];
    this.#leaves = [];
  }

  upload(data: HostData, type: TensorType, use?: "variable"): Tensor {
    return this.#wrap(this.inner.upload(data, type, use), undefined);
  }
  settled(tensor: Tensor): Promise<void> | undefined {
    return this.inner.settled((tensor.handle as Handle).inner);
  }
  read(tensor: Tensor): Promise<TypedArray> {
    return this.inner.read((tensor.handle as Handle).inner);
  }
  share(tensor: Tensor, type: TensorType): Tensor {
    const { inner, source } = tensor.handle as Handle;
    if (type !== tensor.type && source !== undefined)
      throw new GradientError("a tracked tensor is retyped with reshape(), which is recorded, not with share()");
    return this.#wrap(this.inner.share(inner, type), source);
  }
  release(handle: unknown): void {
    (handle as Handle).inner[Symbol.dispose]();
  }
  memory(): { readonly tensors: number; readonly bytes: number } {
    return this.inner.memory();
  }
}

/** Sends what arrived at a node on to where its inputs came from. */
function pullBack(node: Node): void {
  using scope = new Scope();
  scope.run(() => {
    const call = {
      inputs: node.inputs,
      output: node.single ? node.outputs[0] : node.outputs,
      upstream: node.single ? node.arrived[0] : node.arrived,
      attrs: node.attrs,
    };
    const rule = node.op.gradient as unknown as (call: unknown) => Gradients<Inputs>;
    const gradients = rule(call);
    node.from.forEach((source, i) => {
      const gradient = gradients[i];
      if (source === undefined || gradient === undefined) return;
      const before = source.node.arrived[source.index];
      const fresh = gradient();
      const total = before === undefined ? fresh : add(before, fresh);
      // What this scope made is taken; a rule may also pass its upstream or an input through, and then an alias is held.
      const made = total.scope === scope;
      if (made) total.scope = undefined;
      source.node.arrived[source.index] = made ? total : total.backend.share(total, total.type);
      before?.[Symbol.dispose]();
    });
  });
}

function drop(node: Node): void {
  for (const input of node.inputs) if (input instanceof Tensor) input[Symbol.dispose]();
  for (const output of node.outputs) output[Symbol.dispose]();
  for (const gradient of node.arrived) gradient?.[Symbol.dispose]();
}

/** A fresh tape over a backend. */
export function autodiff(inner: Backend): Autodiff {
  return new Autodiff(inner);
}
