import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { after } from "../sequence.ts";
import { around, rowsOf, shapeAt, type BlockCall, type Kernels, type Result } from "./call.ts";
import { elementwise } from "./elementwise.ts";
import { fold, maxOf, sumOf } from "./fold.ts";
import { exp, log } from "./functions.ts";

/** An array seen from the axis that is normalised. */
interface Seen {
  readonly outer: number;
  readonly n: number;
  readonly inner: number;
}

/** What stands for a score that a mask hides. Scores as low have no weight beside any other, and a row of nothing else gives zeros. */
export const hidden = "-3e+38";

/** How weights come of scores `e`, the largest of the row, `top`, and the sum of all powers, `total`. */
interface Form {
  readonly name: string;
  readonly power: string;
  readonly weight: string;
  readonly functions: readonly string[];
}
const plain: Form = { name: "softmax", power: "expOf(e - top)", weight: "expOf(e - top) / total", functions: [exp] };
const logarithm: Form = { name: "logSoftmax", power: plain.power, weight: "e - top - logOf(total)", functions: [log] };
const powerOfSeen = `e <= ${hidden} ? 0 : expOf(e - top)`;
/** Some scores are {@link hidden}; a row of which all are gives zeros. */
export const masked: Form = {
  name: "maskedSoftmax",
  power: powerOfSeen,
  weight: `total === 0 ? 0 : (${powerOfSeen}) / total`,
  functions: [exp],
};

/** Some scores are {@link hidden}, and no row is without others. */
export const partlyFilled: Form = {
  name: "partlyFilledSoftmax",
  power: powerOfSeen,
  weight: `(${powerOfSeen}) / total`,
  functions: [exp],
};

/** The weights of scores along an axis: three passes, for the largest, the sum and the quotients. */
export function normalise(engine: Engine, x: Block, { outer, n, inner }: Seen, form: Form): Result {
  if (outer * n * inner === 0) return engine.upload(new Float32Array(0));
  const { name, power, weight, functions } = form;
  const seen = { outer, n, inner };
  return after(fold(engine, maxOf, x, seen), (top) =>
    after(
      fold(engine, sumOf, x, seen, {
        name: `Powers_${name}`,
        expression: power,
        functions: [exp],
        arrays: { tops: [top, inner === 1 ? [outer] : [outer, inner]] },
      }),
      (total) =>
        after(
          engine.run({
            name,
            functions,
            out: [outer, n, inner],
            arrays: { x: [x, [outer, n, inner]], tops: [top, [outer, inner]], totals: [total, [outer, inner]] },
            body: `const e = x[Z][Y][X];\nconst top = tops[Z][X];\nconst total = totals[Z][X];\nreturn ${weight};`,
          }),
          (result) => {
            engine.free(top);
            engine.free(total);
            return result;
          },
        ),
    ),
  );
}

export function softmaxTable(engine: Engine): Kernels<"softmax" | "logSoftmax" | "maskedSoftmax"> {
  const along =
    (form: Form) =>
    ([x]: readonly [Block], { axis }: { axis: number }, call: BlockCall): Result =>
      normalise(engine, x, around(shapeAt(call, 0), axis), form);
  return {
    softmax: along(plain),
    logSoftmax: along(logarithm),
    maskedSoftmax: ([x, mask], _, call) => {
      const { rows, n } = rowsOf(call.output.shape);
      const scores = elementwise(engine, "maskedScores", [x, mask], call, `b === 0 ? ${hidden} : a`, []);
      return after(scores, (scores) =>
        after(normalise(engine, scores, { outer: rows, n, inner: 1 }, masked), (result) => {
          engine.free(scores);
          return result;
        }),
      );
    },
  };
}
