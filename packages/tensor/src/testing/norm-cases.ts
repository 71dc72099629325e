import { random } from "../random.ts";
import type { Shape } from "../shape.ts";
import type { OpCase } from "./op-case.ts";
import { at, floats, plain, total, upTo, type Plain } from "./plain.ts";

const dice = random(61);
const real = (shape: Shape): Plain => floats(shape, dice);

function normCase(shape: Shape, epsilon: number, centre: boolean, bias: Plain | undefined): OpCase {
  const d = shape.at(-1)!;
  const x = real(shape);
  const weight = real([d]);
  const expected = plain(shape, (i) => {
    const row = upTo(d).map((c) => at(x, [...i.slice(0, -1), c]));
    const mean = centre ? total(row) / d : 0;
    const variance = total(row.map((value) => (value - mean) ** 2)) / d;
    const column = i.at(-1)!;
    return (
      ((at(x, i) - mean) / Math.sqrt(variance + epsilon)) * weight.data[column]! +
      (bias === undefined ? 0 : bias.data[column]!)
    );
  });
  return { inputs: centre ? [x, weight, bias] : [x, weight], attrs: { epsilon }, expected: [expected] };
}

/** Through the whole Jacobian ∂x̂ⱼ / ∂xᵢ = (δᵢⱼ − (1 + x̂ᵢ x̂ⱼ) / d) / σ. */
function layerNormGradientCase(shape: Shape, epsilon: number): OpCase {
  const d = shape.at(-1)!;
  const [x, weight, upstream] = [real(shape), real([d]), real(shape)];
  const expected = plain(shape, (place) => {
    const cells = upTo(d).map((c) => [...place.slice(0, -1), c]);
    const mean = total(cells.map((cell) => at(x, cell))) / d;
    const deviation = Math.sqrt(total(cells.map((cell) => (at(x, cell) - mean) ** 2)) / d + epsilon);
    const normal = cells.map((cell) => (at(x, cell) - mean) / deviation);
    const i = place.at(-1)!;
    return total(
      cells.map(
        (cell, j) =>
          at(upstream, cell) * weight.data[j]! * (((i === j ? 1 : 0) - (1 + normal[i]! * normal[j]!) / d) / deviation),
      ),
    );
  });
  return { inputs: [x, weight, upstream], attrs: { epsilon }, expected: [expected] };
}

/** The same norm of x + residual: x is a case's own, less what is drawn as the residual. */
function addNormCase({ inputs: [whole, ...rest], attrs, expected }: OpCase): OpCase {
  const sum = whole as Plain;
  const residual = real(sum.shape);
  const x = plain(sum.shape, (i) => at(sum, i) - at(residual, i));
  return { inputs: [x, residual, ...rest], attrs, expected };
}

/** Calls of the norms and of what goes back through them. */
export const normCases: {
  readonly [K in "layerNorm" | "layerNormGradient" | "rmsNorm" | "addLayerNorm" | "addRmsNorm"]: readonly OpCase[];
} = {
  layerNorm: [
    normCase([5], 1e-5, true, real([5])),
    normCase([2, 3, 4], 1e-5, true, real([4])),
    normCase([3, 4], 0.1, true, undefined),
    normCase([0, 3], 1e-5, true, real([3])),
    normCase([3, 1], 0.5, true, real([1])),
  ],
  layerNormGradient: [
    layerNormGradientCase([5], 1e-5),
    layerNormGradientCase([2, 3, 4], 0.1),
    layerNormGradientCase([0, 3], 1e-5),
  ],
  rmsNorm: [
    normCase([5], 1e-6, false, undefined),
    normCase([2, 3, 4], 1e-6, false, undefined),
    normCase([3, 2], 0.1, false, undefined),
    normCase([0, 3], 1e-6, false, undefined),
  ],
  addLayerNorm: [
    addNormCase(normCase([5], 1e-5, true, real([5]))),
    addNormCase(normCase([2, 3, 4], 1e-5, true, real([4]))),
    addNormCase(normCase([3, 7], 0.1, true, undefined)),
    addNormCase(normCase([0, 3], 1e-5, true, real([3]))),
    addNormCase(normCase([3, 1], 0.5, true, real([1]))),
  ],
  addRmsNorm: [
    addNormCase(normCase([5], 1e-6, false, undefined)),
    addNormCase(normCase([2, 3, 4], 1e-6, false, undefined)),
    addNormCase(normCase([3, 2], 0.1, false, undefined)),
    addNormCase(normCase([0, 3], 1e-6, false, undefined)),
  ],
};
