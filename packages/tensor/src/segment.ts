import { GradientError } from "./errors.ts";
import type { Input, None, View } from "./op.ts";
import { currentScope, owned, type Scope } from "./scope.ts";
import { Tensor } from "./tensor.ts";
import type { Call, Node, Recomputation, Source } from "./decorators/tape.ts";

// Set only while the synchronous body of a segment runs for the first time.
let current: Segment | undefined;
// Set while the synchronous body of a segment runs, whichever time.
let scope: Scope | undefined;
let moments = 0;

/** Later than every moment before: tells a tape that a segment's body made from one that it found. */
export const nextMoment = (): number => ++moments;

/** A tape that records one node in place of all that a segment's body does. */
export interface SegmentTape {
  /** Puts the segment's node on the tape; some of the outputs may come from it. */
  endSegment(pass: Pass, inputs: readonly (Tensor | undefined)[], outputs: readonly Tensor[]): void;
}
/** A segment as one tape sees it: its node in the making. */
export interface Pass {
  readonly node: Node;
  readonly touched: Set<Source>;
  readonly inputs: Input[];
  readonly outputs: Tensor[];
  readonly from: Source[];
  readonly calls: Call[];
}
export type SegmentBody = Recomputation["body"];

const segmentOp: View<[x: Tensor], None> = { kind: "view", name: "recomputed", infer: ([x]) => x };

/** A body while it runs for the first time. Tapes that began before it hold back, and make one node of it all. */
export class Segment {
  readonly outer: Segment | undefined = current;
  readonly began: number = nextMoment();
  readonly passes: Map<SegmentTape, Pass> = new Map();
  /** Did the body update a variable? */
  updates = false;
  readonly #body: SegmentBody;

  constructor(body: SegmentBody) {
    this.#body = body;
  }
  run<T>(body: () => T): T {
    current = this;
    try {
      return body();
    } finally {
      current = this.outer;
    }
  }
  passOf(tape: SegmentTape): Pass {
    const known = this.passes.get(tape);
    if (known !== undefined) return known;
    const lists = { inputs: [], outputs: [], from: [], calls: [] };
    const segment = { body: this.#body, calls: lists.calls };
    const node = { op: segmentOp, attrs: {}, single: false, arrived: [], segment, ...lists };
    const pass = { node, touched: new Set<Source>(), ...lists };
    this.passes.set(tape, pass);
    return pass;
  }
}

/** The segment for which a tape that began then holds back: the outermost that began after it. */
export function segmentSince(moment: number): Segment | undefined {
  let found: Segment | undefined;
  for (let segment = current; segment !== undefined && segment.began > moment; segment = segment.outer) found = segment;
  return found;
}

/** For `Variable.update`: what runs twice must not change anything. */
export function noteUpdate(): void {
  for (let segment = current; segment !== undefined; segment = segment.outer) segment.updates = true;
}

/**
 * The scope of the innermost body of `recomputed` that runs now, the first time or the second; undefined outside all. For what is made once and
 * shared by several calls: such a body finds nothing when it runs again of what was made outside or in its first run, unless it still lives.
 *
 * @example
 * ```ts
 * const x = tensor([1], [1], cpu());
 * recomputed([x], (x) => {
 *   console.log(segmentScope() === currentScope()); // true
 *   return mul(x, 2);
 * });
 * console.log(segmentScope()); // undefined
 * ```
 */
export const segmentScope = (): Scope | undefined => scope;

/** Runs a body; what it returns is the caller's, in no scope. */
export function runSegment(body: SegmentBody, inputs: readonly (Tensor | undefined)[]): Tensor | readonly Tensor[] {
  return owned(() => {
    const outer = scope;
    scope = currentScope();
    let result: unknown;
    try {
      result = body(...inputs);
    } finally {
      scope = outer;
    }
    if (result instanceof Tensor || (Array.isArray(result) && result.every((each) => each instanceof Tensor)))
      return result;
    throw new GradientError(
      "recomputed: the body must return a tensor or a list of tensors, at once and not as a promise",
    );
  });
}
