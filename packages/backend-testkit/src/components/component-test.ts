import type { Part } from "@tenon/nn";
import type { Backend, Json, Random, Shape, Tensor } from "@tenon/tensor";

/** A part that computes: a `Module`, or anything with its `forward`. */
export type Component<I extends readonly unknown[], O> = Part & { forward(...inputs: I): O };

/** The part to test. */
export interface ComponentUnderTest<C extends Json, I extends readonly unknown[], O> {
  readonly name: string;
  /** What the part is made from, as a spec or a file would hold it. */
  readonly config: C;
  readonly create: (config: C, random: Random) => Component<I, O>;
  /** What `forward` is called with. The same values each time. The kit frees the tensors that are made here. */
  readonly inputs: (on: Backend) => readonly [...NoInfer<I>];
  /** The tensor of the result that is looked at. Default: the result itself. */
  readonly output?: (result: O) => Tensor;
  readonly outputShape: Shape;
  /** How many numbers it learns. */
  readonly parameters: number;
  /** Does another seed give other parameters? Default true; false for parts that begin the same for every seed. */
  readonly seeded?: boolean;
  /** The axis of the first input and of the output along which the past must not depend on the future. Default: not checked. */
  readonly causal?: number;
}

/** One check of a part, free of any test framework. */
export interface ComponentTest {
  readonly name: string;
  /** Throws what is wrong. */
  readonly run: () => Promise<void>;
}
