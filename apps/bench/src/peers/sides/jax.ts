// jax-js on its WebAssembly backend: the whole model is one compiled function.
import { tokens, turned, values } from "../data.ts";
import { loadPeer } from "../peer-packages.ts";
import { jaxDecoder, jaxEncoder } from "./jax-models.ts";
import { jaxTraining } from "./jax-training.ts";
import type { Jax, JaxArray } from "./jax-types.ts";
import type { Prepare, Prepared } from "./prepared.ts";

export const prepare: Prepare = async (workload) => {
  const jax = await loadPeer<Jax>("@jax-js/jax");
  // Not `init`, which looks for what only a browser has.
  jax.defaultDevice("wasm");
  const np = jax.numpy;
  const floats = (name: string, shape: readonly number[]): JaxArray =>
    np.array(
      values(
        name,
        shape.reduce((x, y) => x * y, 1),
        { amplitude: 1 },
      ),
      { shape },
    );
  const ids = (batch: number, length: number, vocabulary: number): JaxArray =>
    np.array(tokens(batch, length, vocabulary), { shape: [batch * length], dtype: np.int32 });
  switch (workload.kind) {
    case "matmul": {
      const { batch, m, n, k, constant } = workload;
      const of = (rows: number, columns: number): number[] => (constant ? [rows, columns] : [batch, rows, columns]);
      const a = floats("a", of(m, k));
      // A weight is [out, in]: jax-js multiplies by its transpose faster.
      const b = constant
        ? np.array(turned(values("b", k * n, { amplitude: 1 }), k, n), { shape: [n, k] })
        : floats("b", of(k, n));
      const product = jax.jit((x: JaxArray, y: JaxArray) => np.matmul(x, constant ? y.transpose([1, 0]) : y));
      let c: JaxArray | undefined;
      return {
        before: () => c?.dispose(),
        call: async () => {
          c = await product(a.ref, b.ref).blockUntilReady();
        },
        output: async () => c!.ref.data(),
      };
    }
    case "encoder": {
      const { batch, tokens: length, vocabulary } = workload;
      const forward = jaxEncoder(jax, workload);
      return reading(() => forward(ids(batch, length, vocabulary)));
    }
    case "decoder": {
      const { past, layers, heads, width, vocabulary } = workload;
      const forward = jaxDecoder(jax, workload);
      const names = Array.from({ length: layers }, (_, i) => [`past.${i}.key`, `past.${i}.value`]).flat();
      const known = names.map((name) => floats(name, [heads, past, width / heads]));
      return reading(() => forward(ids(1, 1, vocabulary), ...known.map((array) => array.ref)));
    }
    case "training":
      return jaxTraining(jax, workload);
  }
};

function reading(compute: () => JaxArray): Prepared {
  let read = new Float32Array();
  return {
    call: async () => {
      read = await compute().data();
    },
    output: () => read,
  };
}
