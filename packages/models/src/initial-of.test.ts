import { expect, test } from "vitest";

import { assemble } from "./assemble.ts";
import { gpt } from "./presets.ts";

/** The deviation of some of a parameter's values from 0. */
const deviationOf = (values: ArrayLike<number>): number =>
  Math.sqrt(Array.from(values).reduce((sum, x) => sum + x * x, 0) / values.length);

test("models begin as the spec says", async () => {
  const deviation = async (initial: string | undefined, path: string, kind = "pre-norm"): Promise<number> => {
    const spec = {
      ...gpt({ vocabulary: 13, context: 9, width: 64, layers: 4, heads: 4 }),
      ...(initial && { initial }),
      residual: { kind },
    };
    return deviationOf(await assemble(spec, { seed: 3 }).parameters().get(path)!.host());
  };
  const weight = "blocks.1.attention.value.weight";
  expect(await deviation("gpt-2", weight)).toBeCloseTo(0.02, 2.5);
  expect(await deviation("gpt-2", "blocks.1.attention.output.weight")).toBeCloseTo(0.02 / Math.sqrt(8), 3);
  expect(await deviation("t5", "blocks.1.attention.query.weight")).toBeCloseTo(1 / Math.sqrt(64 * 16), 3);
  const xavier = Math.sqrt(2 / 128);
  expect(await deviation(undefined, weight)).toBeCloseTo(xavier, 2);
  const beta = 32 ** -0.25;
  expect(await deviation("deep-norm", weight, "deep-norm")).toBeCloseTo(beta * xavier, 2.5);
  expect(await deviation("deep-norm", "blocks.1.attention.query.weight", "deep-norm")).toBeCloseTo(xavier, 2);
  expect(await deviation("deep-norm", "blocks.1.feedForward.up.weight", "deep-norm")).toBeCloseTo(
    beta * Math.sqrt(2 / 320),
    2.5,
  );
});
