// The decoder of jax-models.ts as a function of its parameters. Loss, gradients and Adam are one compiled function.
import { adam } from "../../adam.ts";
import { lesson } from "../data.ts";
import type { Training } from "../workloads.ts";
import type { Jax, JaxArray } from "./jax-types.ts";
import { lessons } from "./lessons.ts";
import { parameterValues } from "./model-weights.ts";
import type { Prepared } from "./prepared.ts";

type Arrays = Record<string, JaxArray>;
type Map = (x: JaxArray) => JaxArray;

export function jaxTraining(jax: Jax, workload: Training): Prepared {
  const { batch, context, vocabulary, rate } = workload;
  const np = jax.numpy;
  const shapes = shapesOf(workload);
  const each = (make: (shape: readonly number[], path: string) => JaxArray): Arrays =>
    Object.fromEntries(Object.entries(shapes).map(([path, shape]) => [path, make(shape, path)]));
  let parameters = each((shape, path) => np.array(parameterValues(path, shape), { shape }));
  let [means, squares] = [1, 2].map(() => each((shape) => np.zeros(shape))) as [Arrays, Arrays];
  const loss = (of: Arrays, ids: JaxArray, targets: JaxArray): JaxArray => {
    const logs = jax.nn.logSoftmax(jaxLogits(jax, of, ids, workload), -1);
    return logs
      .mul(jax.nn.oneHot(targets, vocabulary))
      .sum()
      .mul(-1 / (batch * context));
  };
  /** `corrections` are 1 / (1 − βⁿ) of both means. */
  const step = jax.jit((of: Arrays, m: Arrays, v: Arrays, corrections: JaxArray, ids: JaxArray, targets: JaxArray) => {
    const [value, gradients] = jax.valueAndGrad(loss)(refs(of), ids, targets);
    const [forMean, forSquare] = [corrections.ref.slice(0), corrections.slice(1)];
    const next: [JaxArray, Arrays, Arrays, Arrays] = [value, {}, {}, {}];
    for (const [path, g] of Object.entries(gradients)) {
      const mean = m[path]!.mul(adam.beta1).add(g.ref.mul(1 - adam.beta1));
      const square = v[path]!.mul(adam.beta2).add(g.ref.mul(g).mul(1 - adam.beta2));
      const scale = np.sqrt(square.ref.mul(forSquare.ref)).add(adam.epsilon);
      next[1][path] = of[path]!.sub(mean.ref.mul(forMean.ref).mul(rate).div(scale));
      next[2][path] = mean;
      next[3][path] = square;
    }
    forMean.dispose();
    forSquare.dispose();
    return next;
  });
  const ints = (data: Int32Array): JaxArray => np.array(data, { shape: [data.length], dtype: np.int32 });
  return lessons(async (index) => {
    const [inputs, targets] = lesson(index, batch, context, vocabulary);
    const corrections = Float32Array.of(1 / (1 - adam.beta1 ** (index + 1)), 1 / (1 - adam.beta2 ** (index + 1)));
    const of = np.array(corrections, { shape: [2] });
    let value: JaxArray;
    [value, parameters, means, squares] = step(parameters, means, squares, of, ints(inputs), ints(targets));
    const [read] = await value.data();
    return read!;
  });
}

const refs = (arrays: Arrays): Arrays =>
  Object.fromEntries(Object.entries(arrays).map(([path, array]) => [path, array.ref]));

function shapesOf({ vocabulary, context, width, layers }: Training): Record<string, readonly number[]> {
  const linear = (path: string, input: number, out: number): Record<string, readonly number[]> => ({
    [`${path}.weight`]: [out, input],
    [`${path}.bias`]: [out],
  });
  const norm = (path: string): Record<string, readonly number[]> => ({
    [`${path}.weight`]: [width],
    [`${path}.bias`]: [width],
  });
  const blocks = Array.from({ length: layers }, (_, layer) => `blocks.${layer}`).map((at) => ({
    ...norm(`${at}.attentionResidual.norm`),
    ...Object.assign(
      {},
      ...["query", "key", "value", "output"].map((name) => linear(`${at}.attention.${name}`, width, width)),
    ),
    ...norm(`${at}.feedForwardResidual.norm`),
    ...linear(`${at}.feedForward.up`, width, 4 * width),
    ...linear(`${at}.feedForward.down`, 4 * width, width),
  }));
  return {
    "embedding.tokens.table": [vocabulary, width],
    "embedding.position.table": [context, width],
    ...Object.assign({}, ...blocks),
    ...norm("norm"),
  };
}

/** ids [batch · context] → logits [batch · context, v] */
function jaxLogits({ numpy: np, nn }: Jax, of: Arrays, ids: JaxArray, workload: Training): JaxArray {
  const { batch, context, width, layers, heads, vocabulary } = workload;
  const linear =
    (path: string): Map =>
    (x) =>
      np.matmul(x, of[`${path}.weight`]!.ref.transpose([1, 0])).add(of[`${path}.bias`]!.ref);
  const norm =
    (path: string): Map =>
    (x) =>
      nn.standardize(x, -1, { epsilon: 1e-5 }).mul(of[`${path}.weight`]!.ref).add(of[`${path}.bias`]!.ref);
  const split = (x: JaxArray, order: readonly number[]): JaxArray =>
    x.reshape([batch, context, heads, width / heads]).transpose(order);
  const hidden = np.array(
    Float32Array.from({ length: context * context }, (_, i) => (i % context > Math.floor(i / context) ? -1e9 : 0)),
    { shape: [context, context] },
  );
  const tokens = of["embedding.tokens.table"]!;
  let x = np
    .matmul(nn.oneHot(ids, vocabulary), tokens.ref)
    .reshape([batch, context, width])
    .add(of["embedding.position.table"]!.ref)
    .reshape([batch * context, width]);
  for (let layer = 0; layer < layers; layer++) {
    const at = `blocks.${layer}`;
    const normed = norm(`${at}.attentionResidual.norm`)(x.ref);
    const q = split(linear(`${at}.attention.query`)(normed.ref), [0, 2, 1, 3]);
    const k = split(linear(`${at}.attention.key`)(normed.ref), [0, 2, 3, 1]);
    const v = split(linear(`${at}.attention.value`)(normed), [0, 2, 1, 3]);
    const scores = np
      .matmul(q, k)
      .mul(1 / Math.sqrt(width / heads))
      .add(hidden.ref);
    const attended = np
      .matmul(nn.softmax(scores, -1), v)
      .transpose([0, 2, 1, 3])
      .reshape([batch * context, width]);
    const middle = x.add(linear(`${at}.attention.output`)(attended));
    const up = linear(`${at}.feedForward.up`)(norm(`${at}.feedForwardResidual.norm`)(middle.ref));
    x = middle.add(linear(`${at}.feedForward.down`)(nn.gelu(up, { approximate: true })));
  }
  return np.matmul(norm("norm")(x), tokens.ref.transpose([1, 0]));
}
