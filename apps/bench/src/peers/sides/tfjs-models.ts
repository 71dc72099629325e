// The models in TensorFlow.js's operations. Activations are [rows, width]: its products of two matrices are fast, and those of batches are not.
import type { Decoder, Encoder, Sizes } from "../workloads.ts";
import { parameterValues, turnedWeight } from "./model-weights.ts";
import type { Tf, TfTensor } from "./tfjs-types.ts";

type Map = (x: TfTensor) => TfTensor;

/** ids [batch · tokens] → [batch · tokens, width] */
export function tfjsEncoder(tf: Tf, workload: Encoder): Map {
  const { batch, tokens, vocabulary, width, layers, heads, context } = workload;
  const { linear, norm, table, feedForward } = parts(tf, workload, 1e-12);
  const positions = tf.slice(table("embedding.position.table", context), [0, 0], [tokens, width]);
  const segment = tf.slice(table("embedding.segments.table", 2), [0, 0], [1, width]);
  const fixed = tf.add(positions, segment);
  const found = table("embedding.tokens.table", vocabulary);
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
    const fed = feedForward(`${at}.feedForward`, gelu(tf));
    const split: Map = (x) =>
      tf
        .transpose(x.reshape([batch, tokens, heads, width / heads]), [0, 2, 1, 3])
        .reshape([batch * heads, tokens, width / heads]);
    const join: Map = (x) =>
      tf.transpose(x.reshape([batch, heads, tokens, width / heads]), [0, 2, 1, 3]).reshape([batch * tokens, width]);
    return (x: TfTensor): TfTensor => {
      const scores = tf.mul(tf.matMul(split(query(x)), split(key(x)), false, true), 1 / Math.sqrt(width / heads));
      const middle = afterAttention(tf.add(x, output(join(tf.matMul(tf.softmax(scores), split(value(x)))))));
      return afterFeedForward(tf.add(middle, fed(middle)));
    };
  });
  return (ids) => {
    const x = tf.add(tf.gather(found, ids).reshape([batch, tokens, width]), fixed).reshape([batch * tokens, width]);
    return blocks.reduce((y, block) => block(y), first(x));
  };
}

/** One id and the keys and values before it → logits [1, v] */
export function tfjsDecoder(
  tf: Tf,
  workload: Decoder,
): (id: TfTensor, known: readonly { readonly key: TfTensor; readonly value: TfTensor }[]) => TfTensor {
  const { past, vocabulary, width, layers, heads, context } = workload;
  const { linear, norm, table, feedForward } = parts(tf, workload, 1e-5);
  const position = tf.slice(table("embedding.position.table", context), [past, 0], [1, width]);
  const found = table("embedding.tokens.table", vocabulary);
  const blocks = Array.from({ length: layers }, (_, layer) => {
    const at = `blocks.${layer}`;
    const [query, key, value, output] = ["query", "key", "value", "output"].map((name) =>
      linear(`${at}.attention.${name}`, width, width),
    ) as [Map, Map, Map, Map];
    const [beforeAttention, beforeFeedForward] = [
      norm(`${at}.attentionResidual.norm`),
      norm(`${at}.feedForwardResidual.norm`),
    ];
    const fed = feedForward(`${at}.feedForward`, geluByTanh(tf));
    const split: Map = (x) => x.reshape([heads, 1, width / heads]);
    return (x: TfTensor, known: { readonly key: TfTensor; readonly value: TfTensor }): TfTensor => {
      const normed = beforeAttention(x);
      const keys = tf.concat([known.key, split(key(normed))], 1);
      const values = tf.concat([known.value, split(value(normed))], 1);
      const scores = tf.mul(tf.matMul(split(query(normed)), keys, false, true), 1 / Math.sqrt(width / heads));
      const middle = tf.add(x, output(tf.matMul(tf.softmax(scores), values).reshape([1, width])));
      return tf.add(middle, fed(beforeFeedForward(middle)));
    };
  });
  const last = norm("norm");
  // The product with a turned matrix is four times as slow, so the table is kept twice.
  const head = tf.tensor(turnedWeight("embedding.tokens.table", width, vocabulary), [width, vocabulary]);
  return (id, known) => {
    const x = tf.add(tf.gather(found, id), position);
    return tf.matMul(last(blocks.reduce((y, block, layer) => block(y, known[layer]!), x)), head);
  };
}

function parts(tf: Tf, { width }: Sizes, epsilon: number) {
  const vector = (path: string, size: number): TfTensor => tf.tensor(parameterValues(path, [size]), [size]);
  const linear = (path: string, input: number, out: number): Map => {
    const b = tf.tensor(turnedWeight(`${path}.weight`, input, out), [input, out]);
    const bias = vector(`${path}.bias`, out);
    return (a) => tf.fused.matMul({ a, b, bias });
  };
  const small = tf.scalar(epsilon);
  const norm = (path: string): Map => {
    const [weight, bias] = [vector(`${path}.weight`, width), vector(`${path}.bias`, width)];
    return (x) => {
      const centre = tf.mean(x, 1, true);
      const variance = tf.mean(tf.squaredDifference(x, centre), 1, true);
      return tf.add(tf.mul(tf.mul(tf.sub(x, centre), tf.rsqrt(tf.add(variance, small))), weight), bias);
    };
  };
  const table = (path: string, rows: number): TfTensor =>
    tf.tensor(parameterValues(path, [rows, width]), [rows, width]);
  const feedForward = (path: string, activation: Map): Map => {
    const [up, down] = [linear(`${path}.up`, width, 4 * width), linear(`${path}.down`, 4 * width, width)];
    return (x) => down(activation(up(x)));
  };
  return { linear, norm, table, feedForward };
}

const gelu =
  (tf: Tf): Map =>
  (x) =>
    tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), tf.scalar(1)));

const geluByTanh =
  (tf: Tf): Map =>
  (x) => {
    const cubed = tf.mul(tf.mul(tf.mul(x, x), x), 0.044715);
    const inner = tf.mul(tf.add(x, cubed), Math.sqrt(2 / Math.PI));
    return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), tf.scalar(1)));
  };
