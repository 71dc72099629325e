import type { Attrs, Gradients, Inputs, None, Op, View } from "../op.ts";
import { add } from "../ops/arithmetic.ts";
import { Scope } from "../scope.ts";
import { Tensor } from "../tensor.ts";

/** One recorded call: what its rule needs, where its tracked inputs came from, and the gradients that have arrived so far. */
export interface Node {
  readonly op: Op;
  readonly attrs: Attrs;
  readonly inputs: Inputs;
  readonly outputs: readonly Tensor[];
  readonly single: boolean;
  readonly from: readonly (Source | undefined)[];
  readonly arrived: (Tensor | undefined)[];
  /** Of a segment that is run again in place of a rule. */
  readonly segment: Recomputation | undefined;
}
/** Output `index` of a node. */
export interface Source {
  readonly node: Node;
  /** −1: made inside a segment, which kept nothing of it. */
  index: number;
}
/** What a segment's first run left for the second. */
export interface Recomputation {
  readonly body: (...inputs: (Tensor | undefined)[]) => Tensor | readonly Tensor[];
  /** What the first run would have recorded, in order. */
  readonly calls: readonly Call[];
}
/** An op and its attributes. */
export interface Call {
  readonly op: Op;
  readonly attrs: Attrs;
}

const leafOp: View<[x: Tensor], None> = { kind: "view", name: "leaf", infer: ([x]) => x };

/** The node of a tensor whose gradient can be asked for. */
export const leaf = (): Node => ({
  op: leafOp,
  attrs: {},
  inputs: [],
  outputs: [],
  single: true,
  from: [],
  arrived: [undefined],
  segment: undefined,
});

/** Sends what arrived at a node on to where its inputs came from. */
export function pullBack(node: Node): void {
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

/** Frees what a node holds. */
export function drop(node: Node): void {
  for (const input of node.inputs) if (input instanceof Tensor) input[Symbol.dispose]();
  for (const output of node.outputs) output[Symbol.dispose]();
  for (const gradient of node.arrived) gradient?.[Symbol.dispose]();
}
