// TensorFlow.js on its WebAssembly backend, and in plain JavaScript.
import { tokens, values } from "../data.ts";
import { loadPeer } from "../peer-packages.ts";
import type { Prepare, Prepared } from "./prepared.ts";
import { tfjsDecoder, tfjsEncoder } from "./tfjs-models.ts";
import { tfjsTraining } from "./tfjs-training.ts";
import type { Tf, TfTensor } from "./tfjs-types.ts";

export const prepare: Prepare = async (workload, { variant }) => {
  const tf = (await loadPeer<{ readonly default: Tf }>("@tensorflow/tfjs")).default;
  if (variant !== "cpu") await loadPeer("@tensorflow/tfjs-backend-wasm");
  if (!(await tf.setBackend(variant ?? "wasm")))
    throw new Error(`TensorFlow.js has no backend ${variant ?? "wasm"} here`);
  tf.enableProdMode();
  const floats = (name: string, shape: readonly number[], amplitude = 1): TfTensor =>
    tf.tensor(
      values(
        name,
        shape.reduce((x, y) => x * y, 1),
        { amplitude },
      ),
      shape,
    );
  switch (workload.kind) {
    case "matmul": {
      const { batch, m, n, k, constant } = workload;
      const of = (rows: number, columns: number): number[] => (constant ? [rows, columns] : [batch, rows, columns]);
      const [a, b] = [floats("a", of(m, k)), floats("b", of(k, n))];
      let c: TfTensor | undefined;
      return {
        before: () => c?.dispose(),
        call: () => {
          c = tf.matMul(a, b);
        },
        output: async () => c!.data(),
      };
    }
    case "encoder": {
      const forward = tfjsEncoder(tf, workload);
      const text = tokens(workload.batch, workload.tokens, workload.vocabulary);
      return reading(() => tf.tidy(() => forward(tf.tensor(text, [workload.batch * workload.tokens], "int32"))));
    }
    case "decoder": {
      const { past, layers, heads, width, vocabulary } = workload;
      const forward = tfjsDecoder(tf, workload);
      const shape = [heads, past, width / heads];
      const known = Array.from({ length: layers }, (_, layer) => ({
        key: floats(`past.${layer}.key`, shape),
        value: floats(`past.${layer}.value`, shape),
      }));
      return reading(() => tf.tidy(() => forward(tf.tensor(tokens(1, 1, vocabulary), [1], "int32"), known)));
    }
    case "training":
      return tfjsTraining(tf, workload);
  }
};

function reading(compute: () => TfTensor): Prepared {
  let read = new Float32Array();
  return {
    call: async () => {
      const result = compute();
      read = await result.data();
      result.dispose();
    },
    output: () => read,
  };
}
