import type { Backend } from "../backend.ts";
import { isFloat } from "../dtype.ts";
import { GradientError } from "../errors.ts";
import type { Attrs, Input, Inputs, Op } from "../op.ts";
import { owned } from "../scope.ts";
import { show, sizeOf, type TensorType } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { Decorator, type Decorated } from "./decorator.ts";
import { completePass, expectWithin, handOver, lostIn, passThrough, runSegmentAgain } from "./segment-node.ts";
import { nextMoment, segmentSince, type Pass, type SegmentTape } from "../segment.ts";
import { drop, leaf, pullBack, type Node, type Recomputation, type Source } from "./tape.ts";

/**
 * Reverse-mode differentiation as a decorator: runs every op on the inner backend and records what the gradients need.
 *
 * One tape per differentiation, so two can never be confused, and a tape over a tape gives second derivatives: each rule is
 * itself made of ops of the inner backend. Most code calls {@link differentiate} instead.
 */
export class Autodiff extends Decorator<Source | undefined> implements SegmentTape {
  readonly #began = nextMoment();
  #nodes: Node[] = [];
  #leaves: Node[] = [];
  #closed = false;

  constructor(inner: Backend) {
    super(inner, "autodiff");
  }

  protected override entered(): undefined {}

  /** The same value, whose gradient can be asked for. */
  watch(tensor: Tensor): Tensor {
    const below = tensor.backend === this.inner ? this.inner.share(tensor, tensor.type) : this.inner.lift(tensor);
    const node = leaf();
    this.#leaves.push(node);
    return this.wrap(below, { node, index: 0 });
  }
  /** Does what is computed from this tensor reach the tape? */
  tracks(tensor: Tensor): boolean {
    return tensor.backend === this && this.stateOf(tensor) !== undefined;
  }

  execute(op: Op, inputs: Inputs, attrs: Attrs, types: TensorType | readonly TensorType[]): Tensor | readonly Tensor[] {
    const n = inputs.length;
    const inner = new Array<Input>(n);
    let tracked = false;
    let lost = false;
    for (let i = 0; i < n; i++) {
      const input = inputs[i];
      if (typeof input !== "object") {
        inner[i] = input;
        continue;
      }
      const { inner: below, state } = input.handle as Decorated<Source | undefined>;
      inner[i] = below;
      if (state === undefined) continue;
      tracked = true;
      if (state.index < 0) lost = true;
    }
    if (this.#closed) tracked = false;
    const pass = tracked ? segmentSince(this.#began)?.passOf(this) : undefined;
    if (tracked && lost) expectWithin(pass, op, inputs);
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
    if (!tracked || op.gradient === null) return this.wrapAll(result, undefined);
    const single = result instanceof Tensor;
    if (pass !== undefined) {
      passThrough(pass, op, attrs, inputs);
      const source = (): Source => ({ node: pass.node, index: -1 }); // one for each result: that of an output is numbered later
      return single ? this.wrap(result, source()) : result.map((tensor) => this.wrap(tensor, source()));
    }
    const node = this.#record(op, attrs, inputs, inner, single ? [result] : result, single);
    return single
      ? this.wrap(result, { node, index: 0 })
      : result.map((tensor, index) => this.wrap(tensor, { node, index }));
  }

  /** For `recomputed`: puts the segment on the tape, as one node. */
  endSegment(pass: Pass, inputs: readonly (Tensor | undefined)[], outputs: readonly Tensor[]): void {
    this.#nodes.push(completePass(pass, this, inputs, outputs));
  }
  /** Runs a segment again, recorded this time, so that what arrived at it goes on through what it makes now. */
  #runAgain(node: Node, { body }: Recomputation): void {
    const start = this.#nodes.length;
    let outputs: readonly Tensor[] = [];
    try {
      this.#closed = false;
      outputs = runSegmentAgain(body, node.inputs);
      handOver(node, this, outputs, this.#nodes.slice(start));
    } finally {
      this.#closed = true;
      for (const output of outputs) output[Symbol.dispose]();
    }
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
      from: inputs.map((input) => (input instanceof Tensor ? this.stateOf(input) : undefined)),
      arrived: new Array<Tensor | undefined>(outputs.length).fill(undefined),
      segment: undefined,
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
    if (!isFloat(of.dtype))
      throw new GradientError(
        `only a float can be differentiated, got ${of.dtype}, which has no derivative; cast() it`,
        {
          dtype: of.dtype,
        },
      );
    if (this.#closed)
      throw new GradientError(
        `the tape of ${this.name} is used up; make a fresh one with autodiff() for each derivative`,
      );
    const leaves = wrt.map((tensor) => {
      const node = tensor.handle === undefined ? undefined : this.stateOf(tensor)?.node;
      if (node === undefined || !this.#leaves.includes(node))
        throw new GradientError("gradients are with respect to tensors that watch() made; watch() the tensor first");
      return node;
    });
    const source = this.stateOf(of);
    if (source !== undefined && source.index < 0) throw lostIn("the tensor to differentiate");
    this.#closed = true;
    try {
      if (source !== undefined) source.node.arrived[source.index] = this.inner.upload(Float32Array.of(1), of.type);
      const nodes = this.#nodes;
      while (nodes.length > 0) {
        const node = nodes.pop()!;
        try {
          if (node.arrived.every((gradient) => gradient === undefined)) continue;
          if (node.segment === undefined) pullBack(node);
          else this.#runAgain(node, node.segment);
        } finally {
          drop(node);
        }
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

  override share(tensor: Tensor, type: TensorType): Tensor {
    if (type !== tensor.type && this.stateOf(tensor) !== undefined)
      throw new GradientError("a tracked tensor is retyped with reshape(), which is recorded, not with share()");
    return super.share(tensor, type);
  }
}

/**
 * A fresh tape over a backend. Most code calls {@link differentiate}, which makes one and closes it.
 *
 * @example
 * ```ts
 * const on = autodiff(cpu());
 * const x = on.watch(tensor([3], [1], on.inner));
 * const [gradient] = on.gradients(mul(x, x), [x]);
 * console.log(await gradient!.read()); // Float32Array(1) [ 6 ]
 * ```
 */
export function autodiff(inner: Backend): Autodiff {
  return new Autodiff(inner);
}
