// onnxruntime in its two builds: WebAssembly, and native.
import { tokens, values } from "../data.ts";
import { encodeModel } from "../onnx/encode.ts";
import { onnxModel } from "../onnx/models.ts";
import { loadPeer } from "../peer-packages.ts";
import type { Inference } from "../workloads.ts";
import type { Prepare } from "./prepared.ts";

interface OrtTensor {
  readonly data: Float32Array;
}
interface Ort {
  readonly env: { readonly wasm: { numThreads?: number } };
  readonly Tensor: new (type: string, data: Float32Array | BigInt64Array, shape: readonly number[]) => OrtTensor;
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<Session> };
}
interface Session {
  run(feeds: Readonly<Record<string, OrtTensor>>): Promise<Readonly<Record<string, OrtTensor>>>;
}

/** Inputs are arrays and outputs are arrays: the copies between them and the runtime's memory are part of every run. */
export const prepare: Prepare = async (workload, { peer, threads, precision }) => {
  if (workload.kind === "training") throw new Error("onnxruntime no longer trains in JavaScript");
  const web = peer === "ort-web";
  const ort = await load(web);
  if (web) ort.env.wasm.numThreads = threads;
  const session = await ort.InferenceSession.create(await encodeModel(onnxModel(workload, precision)), {
    executionProviders: [web ? "wasm" : "cpu"],
    graphOptimizationLevel: "all",
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
  });
  const feeds = feedsOf(workload, ort);
  const name = { matmul: "c", encoder: "last_hidden_state", decoder: "logits" }[workload.kind];
  let result: Float32Array = new Float32Array();
  return {
    call: async () => {
      result = (await session.run(feeds))[name]!.data;
    },
    output: () => result,
  };
};

async function load(web: boolean): Promise<Ort> {
  if (web) return loadPeer<Ort>("onnxruntime-web");
  // A CommonJS module: what it exports is its default.
  return (await loadPeer<{ readonly default: Ort }>("onnxruntime-node")).default;
}

function feedsOf(workload: Inference, { Tensor }: Ort): Record<string, OrtTensor> {
  const floats = (name: string, shape: readonly number[]): OrtTensor =>
    new Tensor(
      "float32",
      values(
        name,
        shape.reduce((x, y) => x * y, 1),
        { amplitude: 1 },
      ),
      shape,
    );
  const ids = (batch: number, length: number, vocabulary: number): OrtTensor =>
    new Tensor("int64", BigInt64Array.from(tokens(batch, length, vocabulary), BigInt), [batch, length]);
  switch (workload.kind) {
    case "matmul": {
      const { batch, m, n, k, constant } = workload;
      return constant ? { a: floats("a", [m, k]) } : { a: floats("a", [batch, m, k]), b: floats("b", [batch, k, n]) };
    }
    case "encoder":
      return { input_ids: ids(workload.batch, workload.tokens, workload.vocabulary) };
    case "decoder": {
      const { past, layers, heads, width, vocabulary } = workload;
      const names = Array.from({ length: layers }, (_, i) => [`past.${i}.key`, `past.${i}.value`]).flat();
      return {
        input_ids: ids(1, 1, vocabulary),
        ...Object.fromEntries(names.map((name) => [name, floats(name, [1, heads, past, width / heads])])),
      };
    }
  }
}
