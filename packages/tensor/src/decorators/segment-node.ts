import type { Backend } from "../backend.ts";
import { GradientError } from "../errors.ts";
import type { Attrs, Inputs, Op } from "../op.ts";
import { show } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { layersOf, type Decorated } from "./decorator.ts";
import { runSegment, type Pass, type SegmentBody } from "../segment.ts";
import type { Call, Node, Source } from "./tape.ts";

const sourceOf = (input: unknown): Source | undefined =>
  input instanceof Tensor ? (input.handle as Decorated<Source | undefined>).state : undefined;

/** Where on a tape a tensor of the tape, or of a backend around it, comes from. */
function sourceOn(tape: Backend, tensor: Tensor): Source | undefined {
  if (tensor.backend === tape) return sourceOf(tensor);
  if (!layersOf(tensor.backend).includes(tape)) return undefined;
  using below = tensor.backend.lower(tensor);
  return sourceOn(tape, below);
}

/** In place of recording a call: notes it, and what it reads from outside the segment. */
export function passThrough({ node, touched, calls }: Pass, op: Op, attrs: Attrs, inputs: Inputs): void {
  calls.push({ op, attrs });
  for (const input of inputs) {
    const source = sourceOf(input);
    if (source !== undefined && source.node !== node) touched.add(source);
  }
}

/** Throws for an input that a segment other than this one made, and kept nothing of. */
export function expectWithin(pass: Pass | undefined, op: Op, inputs: Inputs): void {
  for (const [i, input] of inputs.entries()) {
    const source = sourceOf(input);
    if (source !== undefined && source.index < 0 && source.node !== pass?.node) throw lostIn(`${op.name}: input ${i}`);
  }
}

export const lostIn = (what: string): GradientError =>
  new GradientError(
    `${what} was made inside recomputed(), which keeps nothing of what its body makes; return it from the body to go on with it`,
  );

/** Completes a segment's node once its first run is through. */
export function completePass(
  pass: Pass,
  tape: Backend,
  inputs: readonly (Tensor | undefined)[],
  outputs: readonly Tensor[],
): Node {
  pass.inputs.push(...inputs.map((input) => input?.backend.share(input, input.type)));
  pass.from.push(...pass.touched);
  for (const [i, output] of outputs.entries()) {
    const source = sourceOn(tape, output);
    if (source?.node === pass.node) source.index = i;
    pass.outputs.push(new Tensor(output.type, tape, undefined));
    pass.node.arrived.push(undefined);
  }
  return pass.node;
}

/** Hands what arrived at a segment on to what its second run made, once that is known to be like the first. */
export function handOver(first: Node, tape: Backend, outputs: readonly Tensor[], second: readonly Node[]): void {
  expectSameRun(first, outputs, second);
  for (const [i, output] of outputs.entries()) {
    const gradient = first.arrived[i];
    if (gradient === undefined) continue;
    const source = sourceOn(tape, output);
    if (source === undefined || !second.includes(source.node) || source.node.arrived[source.index] !== undefined)
      throw differs(`its output ${i} was the result of differentiated ops of its own`, "it was not");
    source.node.arrived[source.index] = gradient;
    first.arrived[i] = undefined;
  }
}

/** The second run. */
export function runSegmentAgain(body: SegmentBody, inputs: Inputs): readonly Tensor[] {
  try {
    const result = runSegment(body, inputs as readonly (Tensor | undefined)[]);
    return result instanceof Tensor ? [result] : result;
  } catch (cause) {
    throw new GradientError(
      `recomputed: the body threw when it was run again for the gradients: ${(cause as Error).message.replace(/\.$/u, "")}. What the body reads must be alive until then: pass tensors as inputs, which are kept for it, instead of capturing them.`,
      {},
      { cause },
    );
  }
}

/** Throws unless the second run made what the first made, by the same recorded ops. */
function expectSameRun(first: Node, outputs: readonly Tensor[], second: readonly Node[]): void {
  const types = (tensors: readonly Tensor[]): string =>
    tensors.map(({ dtype, shape }) => `${dtype} ${show(shape)}`).join(", ") || "nothing";
  if (types(first.outputs) !== types(outputs)) throw differs(`it gave ${types(first.outputs)}`, types(outputs));
  const calls = second.flatMap((node) => node.segment?.calls ?? [node]);
  const expected = first.segment!.calls;
  for (let i = 0; i < Math.max(calls.length, expected.length); i++) {
    const [a, b] = [expected[i], calls[i]];
    if (a?.op.name === b?.op.name && sameAttrs(a!, b!)) continue;
    throw differs(`its differentiated op ${i + 1} was ${describe(a)}`, describe(b));
  }
  const sources = new Set(second.flatMap(({ from }) => from));
  if (first.from.every((source) => sources.has(source))) return;
  throw new GradientError(
    "recomputed: when the body was run again for the gradients, it did not see all tracked tensors that it saw before. Variables must still be lent then: take the gradients inside Variable.lend()",
  );
}

const sameAttrs = (a: Call, b: Call): boolean =>
  a.attrs === b.attrs || JSON.stringify(a.attrs) === JSON.stringify(b.attrs);

const describe = (call: Call | undefined): string =>
  call === undefined ? "missing" : `${call.op.name} ${JSON.stringify(call.attrs)}`;

/** The error for a second run that is not like the first. */
function differs(first: string, second: string): GradientError {
  return new GradientError(
    `recomputed: the body did something else when it was run again for the gradients: ${first}, then ${second}. It must do the same both times. If it passes modules with dropout or taps, use recompute() of @tenon/nn, which restores them.`,
  );
}
