// transformers.js, which runs the model with onnxruntime-node. It reads models from folders: this writes one, and removes it.
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { tokens } from "../data.ts";
import { encodeModel } from "../onnx/encode.ts";
import { onnxModel } from "../onnx/models.ts";
import { loadPeer } from "../peer-packages.ts";
import type { Encoder } from "../workloads.ts";
import type { Prepare } from "./prepared.ts";

interface HuggingTensor {
  readonly data: Float32Array;
}
interface Transformers {
  readonly env: { allowRemoteModels: boolean; allowLocalModels: boolean; localModelPath: string };
  readonly Tensor: new (type: string, data: BigInt64Array, shape: readonly number[]) => HuggingTensor;
  readonly AutoModel: {
    from_pretrained(
      name: string,
      options: object,
    ): Promise<
      (inputs: Readonly<Record<string, HuggingTensor>>) => Promise<{ readonly last_hidden_state: HuggingTensor }>
    >;
  };
}

export const prepare: Prepare = async (workload, { threads, precision }) => {
  if (workload.kind !== "encoder") throw new Error("transformers.js computes the encoder only");
  const { env, Tensor, AutoModel } = await loadPeer<Transformers>("@huggingface/transformers");
  const folder = mkdtempSync(join(tmpdir(), "tenon-bench-"));
  try {
    const dtype = precision === "f32" ? "fp32" : "q8";
    await writeModel(join(folder, "encoder"), workload, precision, dtype);
    Object.assign(env, { allowRemoteModels: false, allowLocalModels: true, localModelPath: folder });
    const model = await AutoModel.from_pretrained("encoder", {
      dtype,
      device: "cpu",
      session_options: { intraOpNumThreads: threads, interOpNumThreads: 1, graphOptimizationLevel: "all" },
    });
    const { batch, tokens: length, vocabulary } = workload;
    const ids = new Tensor("int64", BigInt64Array.from(tokens(batch, length, vocabulary), BigInt), [batch, length]);
    let result: Float32Array = new Float32Array();
    return {
      call: async () => {
        result = (await model({ input_ids: ids })).last_hidden_state.data;
      },
      output: () => result,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

async function writeModel(folder: string, workload: Encoder, precision: "f32" | "8-bit", dtype: string): Promise<void> {
  mkdirSync(join(folder, "onnx"), { recursive: true });
  const { width, layers, heads, vocabulary, context } = workload;
  const config = {
    model_type: "bert",
    architectures: ["BertModel"],
    hidden_size: width,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    vocab_size: vocabulary,
    max_position_embeddings: context,
  };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  const name = dtype === "fp32" ? "model.onnx" : "model_quantized.onnx";
  writeFileSync(join(folder, "onnx", name), await encodeModel(onnxModel(workload, precision)));
}
