// The models in jax-js's operations. Each block is two compiled functions: compiled as one, the joined heads are not written out before they
// are multiplied, and that product takes ten times as long.
import type { Decoder, Encoder, Sizes } from "../workloads.ts";
import type { Jax, JaxArray } from "./jax-types.ts";
import { parameterValues } from "./model-weights.ts";

type Map = (x: JaxArray) => JaxArray;

/** ids [batch · tokens] → [batch · tokens, width] */
export function jaxEncoder(jax: Jax, workload: Encoder): Map {
  const { batch, tokens, vocabulary, width, layers, heads, context } = workload;
  const { linear, norm, table, feedForward } = parts(jax, workload, 1e-12);
  const np = jax.numpy;
  const found = table("embedding.tokens.table", vocabulary);
  const fixed = table("embedding.position.table", context)
    .slice([0, tokens])
    .add(table("embedding.segments.table", 2).slice([0, 1]));
  const first = norm("embedding.norm");
  const blocks = Array.from({ length: layers }, (_, layer) => {
    const at = `blocks.${layer}`;
    const [query, key, value, output] = ["query", "key", "value", "output"].map((name) =>
      linear(`${at}.attention.${name}`, width, width),
    ) as [Map, Map, Map, Map];
    const [afterAttention, afterFeedForward] = [
      norm(`${at}.attentionResidual.norm`),
      norm(`${at}.feedForwardResidual.norm`),
    ];
    const fed = feedForward(`${at}.feedForward`, false);
    const split = (x: JaxArray, order: readonly number[]): JaxArray =>
      x.reshape([batch, tokens, heads, width / heads]).transpose(order);
    const attend = jax.jit((x: JaxArray) => {
      const [q, v] = [split(query(x.ref), [0, 2, 1, 3]), split(value(x.ref), [0, 2, 1, 3])];
      const scores = np.matmul(q, split(key(x), [0, 2, 3, 1])).mul(1 / Math.sqrt(width / heads));
      return np
        .matmul(jax.nn.softmax(scores, -1), v)
        .transpose([0, 2, 1, 3])
        .reshape([batch * tokens, width]);
    });
    const rest = jax.jit((x: JaxArray, attended: JaxArray) => {
      const middle = afterAttention(x.add(output(attended)));
      return afterFeedForward(middle.ref.add(fed(middle)));
    });
    return (x: JaxArray): JaxArray => rest(x.ref, attend(x));
  });
  const embed = jax.jit((ids: JaxArray) => {
    const x = np.take(found.ref, ids, 0).reshape([batch, tokens, width]).add(fixed.ref);
    return first(x.reshape([batch * tokens, width]));
  });
  return (ids) => blocks.reduce((x, block) => block(x), embed(ids));
}

/** One id, and keys and values before it, layer by layer → logits [1, v] */
export function jaxDecoder(jax: Jax, workload: Decoder): (id: JaxArray, ...known: readonly JaxArray[]) => JaxArray {
  const { past, vocabulary, width, layers, heads, context } = workload;
  const { linear, norm, table, feedForward } = parts(jax, workload, 1e-5);
  const np = jax.numpy;
  const found = table("embedding.tokens.table", vocabulary);
  const position = table("embedding.position.table", context).slice([past, past + 1]);
  const last = norm("norm");
  const blocks = Array.from({ length: layers }, (_, layer) => {
    const at = `blocks.${layer}`;
    const [query, key, value, output] = ["query", "key", "value", "output"].map((name) =>
      linear(`${at}.attention.${name}`, width, width),
    ) as [Map, Map, Map, Map];
    const [beforeAttention, beforeFeedForward] = [
      norm(`${at}.attentionResidual.norm`),
      norm(`${at}.feedForwardResidual.norm`),
    ];
    const fed = feedForward(`${at}.feedForward`, true);
    const split: Map = (x) => x.reshape([heads, 1, width / heads]);
    const attend = jax.jit((x: JaxArray, knownKeys: JaxArray, knownValues: JaxArray) => {
      const normed = beforeAttention(x);
      const keys = np.concatenate([knownKeys, split(key(normed.ref))], 1);
      const values = np.concatenate([knownValues, split(value(normed.ref))], 1);
      const scores = np.matmul(split(query(normed)), keys.transpose([0, 2, 1])).mul(1 / Math.sqrt(width / heads));
      return np.matmul(jax.nn.softmax(scores, -1), values).reshape([1, width]);
    });
    const rest = jax.jit((x: JaxArray, attended: JaxArray) => {
      const middle = x.add(output(attended));
      return middle.ref.add(fed(beforeFeedForward(middle)));
    });
    return (x: JaxArray, keys: JaxArray, values: JaxArray): JaxArray => rest(x.ref, attend(x, keys, values));
  });
  const embed = jax.jit((id: JaxArray) => np.take(found.ref, id, 0).add(position.ref));
  const logits = jax.jit((x: JaxArray) => np.matmul(last(x), found.ref.transpose([1, 0])));
  return (id, ...known) =>
    logits(blocks.reduce((x, block, layer) => block(x, known[2 * layer]!, known[2 * layer + 1]!), embed(id)));
}

interface Parts {
  readonly linear: (path: string, input: number, out: number) => Map;
  readonly norm: (path: string) => Map;
  readonly table: (path: string, rows: number) => JaxArray;
  readonly feedForward: (path: string, approximate: boolean) => Map;
}

function parts({ numpy: np, nn }: Jax, { width }: Sizes, epsilon: number): Parts {
  const vector = (path: string, size: number): JaxArray => np.array(parameterValues(path, [size]), { shape: [size] });
  const linear = (path: string, input: number, out: number): Map => {
    // Turned on the way: jax-js multiplies by the transpose of [out, in] faster, up to ten times for one row.
    const weight = np.array(parameterValues(`${path}.weight`, [out, input]), { shape: [out, input] });
    const bias = vector(`${path}.bias`, out);
    return (x) => np.matmul(x, weight.ref.transpose([1, 0])).add(bias.ref);
  };
  return {
    linear,
    norm: (path) => {
      const [weight, bias] = [vector(`${path}.weight`, width), vector(`${path}.bias`, width)];
      return (x) => nn.standardize(x, -1, { epsilon }).mul(weight.ref).add(bias.ref);
    },
    table: (path, rows) => np.array(parameterValues(path, [rows, width]), { shape: [rows, width] }),
    feedForward: (path, approximate) => {
      const [up, down] = [linear(`${path}.up`, width, 4 * width), linear(`${path}.down`, 4 * width, width)];
      return (x) => down(nn.gelu(up(x), { approximate }));
    },
  };
}
