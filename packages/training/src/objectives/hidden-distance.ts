import { type Part, trace } from "@tenon/nn";
import {
  cast,
  ConfigError,
  div,
  maximum,
  mean,
  mul,
  reshape,
  ShapeError,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from "@tenon/tensor";

import { sameShape } from "../same-shape.ts";

/** Whom {@link hiddenDistance} compares with, and how. */
export interface HiddenDistanceOptions {
  /** The model that is followed, which the objective must run. */
  readonly teacher: Part;
  /** "cosine": 1 − the cosine of the angle between the two vectors of a token. "square": the mean of the squares of their differences. Default "cosine". */
  readonly distance?: "cosine" | "square" | undefined;
}

/** What {@link hiddenDistance} finds beside a result. */
export interface HiddenDistance<T> {
  readonly result: T;
  /** The mean over tokens, [], in f32. */
  readonly hidden: Tensor;
}

/**
 * How far a student's vectors of tokens are from its teacher's: before the head, where the tap `final` of both is, [b, t, d]. It is a `measure` for `withSideLosses`, around a
 * `distillationLoss` with the same teacher, so that both models run once. DistilBERT learns with weights 5 for its teacher's answers, 2 for the masked words
 * and 1 for this; ours is a mean over the tokens that are text, where the batch has lengths.
 *
 * Throws `ConfigError` for an unknown distance, and what it returns throws it when a model ran not at all, or more than once; `ShapeError` when the vectors of both
 * have different shapes.
 *
 * Sanh et al. 2019, "DistilBERT, a distilled version of BERT: smaller, faster, cheaper and lighter", section 2.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const sizes = { vocabulary: 9, context: 4, width: 8, heads: 2 };
 * const teacher = await assemble(bert({ ...sizes, layers: 4 }), { seed: 1 }).to(on);
 * const student = await assemble(bert({ ...sizes, layers: 2 }), { seed: 2 }).to(on);
 * const objective = withSideLosses(distillationLoss({ teacher, share: 5 / 7 }), {
 *   measure: hiddenDistance({ teacher }),
 *   weights: { hidden: 1 / 7 },
 * });
 * const batch: Batch = { inputs: Int32Array.of(1, 8, 3), targets: Int32Array.of(-100, 2, -100), shape: [1, 3] };
 * console.log(objective(student, batch, on).shape); // []
 * ```
 */
export function hiddenDistance(
  options: HiddenDistanceOptions,
): <T>(student: Part, body: () => T, options: { readonly mask?: Tensor }) => HiddenDistance<T> {
  const { teacher, distance = "cosine" } = options;
  if (distance !== "cosine" && distance !== "square") {
    throw new ConfigError(`hiddenDistance: there is no distance ${JSON.stringify(distance)}; choose cosine or square`, {
      distance,
    });
  }
  return (student, body, { mask }) => {
    const ofTeacher = trace(teacher, ["final"], () => trace(student, ["final"], body));
    const ofStudent = ofTeacher.output;
    const [s, t] = [only("student", ofStudent.taps["final"]), only("teacher", ofTeacher.taps["final"])];
    if (!sameShape(s.shape, t.shape)) {
      throw new ShapeError(
        `hiddenDistance: the teacher's vectors are [${t.shape.join(", ")}] and the student's [${s.shape.join(", ")}]; both need the same width`,
        { teacher: t.shape, student: s.shape },
      );
    }
    const far = distances[distance](cast(s, "f32"), cast(t, "f32")); // [b, t]
    return { result: ofStudent.output, hidden: mask === undefined ? mean(far) : meanWhere(far, mask) };
  };
}

const distances = {
  cosine: (s: Tensor, t: Tensor): Tensor => {
    const dot = sum(mul(s, t), -1);
    // Within the roots, whose derivative at 0 is infinite.
    const lengths = sqrt(maximum(mul(sum(square(s), -1), sum(square(t), -1)), 1e-24));
    return sub(1, div(dot, lengths));
  },
  square: (s: Tensor, t: Tensor): Tensor => mean(square(sub(s, t)), -1),
};

function meanWhere(x: Tensor, mask: Tensor): Tensor {
  const counts = cast(reshape(mask, x.shape), x.dtype);
  return div(sum(mul(x, counts)), maximum(sum(counts), 1));
}

function only(who: string, found: readonly Tensor[] | undefined): Tensor {
  if (found?.length === 1) return found[0]!;
  throw new ConfigError(
    `hiddenDistance: the ${who} ran ${found?.length ?? 0} times in the objective, where once is expected; take distillationLoss with the same teacher`,
    { runs: found?.length ?? 0 },
  );
}
