import type { Attrs, DType, Shape } from "@tenon/tensor";
import type { Plain } from "@tenon/tensor/testing";

import adamw from "./goldens/adamw.json" with { type: "json" };
import attention from "./goldens/attention.json" with { type: "json" };
import convolution from "./goldens/convolution.json" with { type: "json" };
import crossEntropy from "./goldens/cross-entropy.json" with { type: "json" };
import indexing from "./goldens/indexing.json" with { type: "json" };
import linear from "./goldens/linear.json" with { type: "json" };
import matmul from "./goldens/matmul.json" with { type: "json" };
import norm from "./goldens/norm.json" with { type: "json" };
import order from "./goldens/order.json" with { type: "json" };
import pointwise from "./goldens/pointwise.json" with { type: "json" };
import quantized from "./goldens/quantized.json" with { type: "json" };
import reduce from "./goldens/reduce.json" with { type: "json" };
import rope from "./goldens/rope.json" with { type: "json" };
import softmax from "./goldens/softmax.json" with { type: "json" };

/** A number, or what JSON cannot hold. */
type Written = number | "NaN" | "Infinity" | "-Infinity";
interface WrittenArray {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: readonly Written[];
}
interface WrittenGolden {
  readonly op: string;
  readonly note: string;
  readonly inputs: readonly (WrittenArray | Written | null)[];
  readonly attrs: Attrs;
  readonly expected: readonly WrittenArray[];
  readonly upstream: readonly (WrittenArray | null)[] | null;
  readonly gradients: readonly (WrittenArray | null)[] | null;
}

/** One call of an op with what PyTorch gives for it. How they are made, and what they mean, is in goldens/README.md. */
export interface Golden {
  readonly op: string;
  readonly note: string;
  readonly inputs: readonly (Plain | number | undefined)[];
  readonly attrs: Attrs;
  readonly expected: readonly Plain[];
  readonly upstream: readonly (Plain | null)[] | null;
  readonly gradients: readonly (Plain | null)[] | null;
}

const array = ({ dtype, shape, data }: WrittenArray): Plain => ({ dtype, shape, data: data.map(Number) });
const optional = (x: WrittenArray | null): Plain | null => (x === null ? null : array(x));

/** Every case of every file. */
export const goldens: readonly Golden[] = (
  [
    adamw,
    attention,
    convolution,
    crossEntropy,
    indexing,
    linear,
    matmul,
    norm,
    order,
    pointwise,
    quantized,
    reduce,
    rope,
    softmax,
  ] as unknown as readonly (readonly WrittenGolden[])[]
)
  .flat()
  .map(({ op, note, inputs, attrs, expected, upstream, gradients }) => ({
    op,
    note,
    attrs,
    inputs: inputs.map((x) => (x === null ? undefined : typeof x === "object" ? array(x) : Number(x))),
    expected: expected.map(array),
    upstream: upstream?.map(optional) ?? null,
    gradients: gradients?.map(optional) ?? null,
  }));
