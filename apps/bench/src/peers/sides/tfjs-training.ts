// The decoder of tfjs-models.ts with variables for weights, and TensorFlow.js's own Adam.
import { adam } from "../../adam.ts";
import { lesson } from "../data.ts";
import type { Training } from "../workloads.ts";
import { lessons } from "./lessons.ts";
import { parameterValues, turnedWeight } from "./model-weights.ts";
import type { Prepared } from "./prepared.ts";
import type { Tf, TfTensor } from "./tfjs-types.ts";

type Map = (x: TfTensor) => TfTensor;

export function tfjsTraining(tf: Tf, workload: Training): Prepared {
  const { batch, context, vocabulary, rate } = workload;
  const logits = tfjsLogits(tf, workload);
  const optimiser = tf.train.adam(rate, adam.beta1, adam.beta2, adam.epsilon);
  // The gradient of `gather` has no kernel in WebAssembly, so ids choose by a product.
  const chosen = (ids: Int32Array): TfTensor =>
    tf.cast(tf.oneHot(tf.tensor(ids, [batch * context], "int32"), vocabulary), "float32");
  return lessons(async (index) => {
    const [inputs, targets] = lesson(index, batch, context, vocabulary);
    const loss = optimiser.minimize(
      () => tf.losses.softmaxCrossEntropy(chosen(targets), logits(chosen(inputs))),
      true,
    )!;
    const [read] = await loss.data();
    loss.dispose();
    return read!;
  });
}

/** One-hot ids [batch · context, v] → logits [batch · context, v] */
function tfjsLogits(tf: Tf, { batch, context, vocabulary, width, layers, heads }: Training): Map {
  const vector = (path: string, size: number): TfTensor =>
    tf.variable(tf.tensor(parameterValues(path, [size]), [size]));
  const table = (path: string, rows: number): TfTensor =>
    tf.variable(tf.tensor(parameterValues(path, [rows, width]), [rows, width]));
  const linear = (path: string, input: number, out: number): Map => {
    const b = tf.variable(tf.tensor(turnedWeight(`${path}.weight`, input, out), [input, out]));
    const bias = vector(`${path}.bias`, out);
    return (a) => tf.fused.matMul({ a, b, bias });
  };
  const small = tf.scalar(1e-5);
  const norm = (path: string): Map => {
    const [weight, bias] = [vector(`${path}.weight`, width), vector(`${path}.bias`, width)];
    return (x) => {
      const centred = tf.sub(x, tf.mean(x, 1, true));
      const variance = tf.mean(tf.mul(centred, centred), 1, true);
      return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, small))), weight), bias);
    };
  };
  const gelu: Map = (x) => {
    const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.mul(x, x), x), 0.044715)), Math.sqrt(2 / Math.PI));
    return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), tf.scalar(1)));
  };
  const hidden = tf.tensor(
    Float32Array.from({ length: context * context }, (_, i) => (i % context > Math.floor(i / context) ? -1e9 : 0)),
    [context, context],
  );
  const blocks = Array.from({ length: layers }, (_, layer) => {
    const at = `blocks.${layer}`;
    const [query, key, value, output] = ["query", "key", "value", "output"].map((name) =>
      linear(`${at}.attention.${name}`, width, width),
    ) as [Map, Map, Map, Map];
    const before = norm(`${at}.attentionResidual.norm`);
    const beforeFeedForward = norm(`${at}.feedForwardResidual.norm`);
    const [up, down] = [
      linear(`${at}.feedForward.up`, width, 4 * width),
      linear(`${at}.feedForward.down`, 4 * width, width),
    ];
    const split: Map = (x) =>
      tf
        .transpose(x.reshape([batch, context, heads, width / heads]), [0, 2, 1, 3])
        .reshape([batch * heads, context, width / heads]);
    const join: Map = (x) =>
      tf.transpose(x.reshape([batch, heads, context, width / heads]), [0, 2, 1, 3]).reshape([batch * context, width]);
    return (x: TfTensor): TfTensor => {
      const normed = before(x);
      const scores = tf.mul(
        tf.matMul(split(query(normed)), split(key(normed)), false, true),
        1 / Math.sqrt(width / heads),
      );
      const attended = tf.matMul(tf.softmax(tf.add(scores, hidden)), split(value(normed)));
      const middle = tf.add(x, output(join(attended)));
      return tf.add(middle, down(gelu(up(beforeFeedForward(middle)))));
    };
  });
  const tokens = table("embedding.tokens.table", vocabulary);
  const positions = table("embedding.position.table", context);
  const last = norm("norm");
  return (ids) => {
    const x = tf
      .add(tf.matMul(ids, tokens).reshape([batch, context, width]), positions)
      .reshape([batch * context, width]);
    return tf.matMul(last(blocks.reduce((y, block) => block(y), x)), tokens, false, true);
  };
}
