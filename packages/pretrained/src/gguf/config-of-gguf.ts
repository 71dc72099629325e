import type { GgufFile, GgufValue } from "@tenon/checkpoint";
import { CheckpointError, type Json } from "@tenon/tensor";

import { Config } from "../config/config.ts";
import { frequencyFactors, ggufArchitectures, type GgufArchitecture } from "./architectures.ts";

/** The description of a model in a GGUF file, told in the keys of Hugging Face. */
export interface GgufDescription extends GgufArchitecture {
  readonly config: Config;
  readonly heads: number;
  readonly keyValueHeads: number;
}

/** Keys below the architecture's name that are read here; another could change what the model computes, and is refused. */
const known: ReadonlySet<string> = new Set([
  "context_length",
  "embedding_length",
  "block_count",
  "feed_forward_length",
  "vocab_size",
  "expert_count",
  "expert_used_count",
  "attention.head_count",
  "attention.head_count_kv",
  "attention.key_length",
  "attention.value_length",
  "attention.layer_norm_rms_epsilon",
  "attention.sliding_window",
  "attention.causal",
  "rope.dimension_count",
  "rope.freq_base",
  "rope.scaling.type",
  "rope.scaling.factor",
  "rope.scaling.original_context_length",
  "rope.scaling.finetuned",
]);

/** Reads the metadata of a GGUF file as a config.json of the same model would say it. Throws `CheckpointError` that names the key. */
export async function configOfGguf(file: GgufFile): Promise<GgufDescription> {
  const metadata = new Config(
    file.name,
    Object.fromEntries([...file.metadata].map(([key, value]) => [key, plain(value)])),
  );
  const architecture = metadata.choice("general.architecture", ggufArchitectures);
  const name = metadata.text("general.architecture");
  for (const key of file.metadata.keys()) {
    if (key.startsWith(`${name}.`) && !known.has(key.slice(name.length + 1)))
      throw metadata.problem(
        key,
        `nothing: Tenon does not know this key of ${name}, which may change what the model computes`,
      );
  }
  const key = (rest: string): string => `${name}.${rest}`;
  metadata.only(key("expert_count"), 0);
  metadata.only(key("attention.causal"), true);

  const heads = metadata.size(key("attention.head_count"));
  const keyValueHeads = metadata.size(key("attention.head_count_kv"), heads);
  const width = metadata.size(key("embedding_length"));
  const headWidth = metadata.size(key("attention.key_length"), width / heads);
  metadata.only(key("attention.value_length"), headWidth);
  metadata.only(key("rope.dimension_count"), headWidth);
  const context = metadata.size(key("context_length"));
  const window = key("attention.sliding_window");
  if (metadata.has(window) && metadata.count(window) < context && metadata.count(window) > 0)
    throw metadata.problem(
      window,
      `0, or no less than the context of ${context}: GGUF does not say which layers have it`,
    );

  const values: Record<string, Json> = {
    model_type: architecture.family,
    architectures: [architecture.architecture],
    vocab_size: vocabularyOf(file, metadata),
    max_position_embeddings: context,
    hidden_size: width,
    num_hidden_layers: layersOf(file, metadata, key("block_count")),
    num_attention_heads: heads,
    num_key_value_heads: keyValueHeads,
    head_dim: headWidth,
    intermediate_size: metadata.size(key("feed_forward_length")),
    hidden_act: "silu",
    rms_norm_eps: shortest(metadata.number(key("attention.layer_norm_rms_epsilon"))),
    tie_word_embeddings: !file.tensors.has("output.weight"),
    // Qwen 2 has biases whatever its config says, and does not read the key.
    attention_bias: file.tensors.has("blk.0.attn_q.bias"),
    mlp_bias: file.tensors.has("blk.0.ffn_up.bias"),
    rope_parameters: await ropeOf(file, metadata, key, context),
  };
  return { ...architecture, heads, keyValueHeads, config: new Config(file.name, values) };
}

/** Lists are the tokenizer's, and far too long for a message. */
function plain(value: GgufValue): Json {
  if (typeof value === "bigint") return String(value);
  return typeof value === "object" ? `a list of ${value.length}` : value;
}

function vocabularyOf(file: GgufFile, metadata: Config): number {
  const [rows] = file.tensors.get("token_embd.weight")?.shape ?? [];
  if (rows === undefined || rows === 0)
    throw new CheckpointError(
      `${metadata.file} has no tensor "token_embd.weight" with a row for each token. Choose another file.`,
      {
        file: metadata.file,
        tensor: "token_embd.weight",
      },
    );
  return rows;
}

/** The number of layers, which must be that of the tensors: a damaged count would have a model of a billion layers assembled. */
function layersOf(file: GgufFile, metadata: Config, key: string): number {
  const layers = metadata.size(key);
  const found = new Set([...file.tensors.keys()].flatMap((name) => /^blk\.(\d+)\./.exec(name)?.[1] ?? []));
  if (found.size !== layers) throw metadata.problem(key, `${found.size}, for so many layers have tensors`);
  return layers;
}

async function ropeOf(file: GgufFile, metadata: Config, key: (rest: string) => string, context: number): Promise<Json> {
  const theta = { rope_theta: shortest(metadata.number(key("rope.freq_base"), 10000)) };
  const type = metadata.choice(key("rope.scaling.type"), { none: "default", linear: "linear", yarn: "yarn" }, "none");
  const factors = file.tensors.get(frequencyFactors);
  if (factors !== undefined) {
    if (type !== "default")
      throw metadata.problem(key("rope.scaling.type"), `"none" beside the tensor "${frequencyFactors}"`);
    const divisors = [...(await factors.read())];
    return {
      ...theta,
      rope_type: "longrope",
      short_factor: divisors,
      long_factor: divisors,
      factor: 1,
      attention_factor: 1,
      original_max_position_embeddings: context,
    };
  }
  if (type === "default") return { ...theta, rope_type: type };
  const original = key("rope.scaling.original_context_length");
  return {
    ...theta,
    rope_type: type,
    factor: shortest(metadata.number(key("rope.scaling.factor"))),
    ...(type === "yarn" && { original_max_position_embeddings: metadata.size(original) }),
  };
}

/** The shortest decimal that is the same f32: what its writer meant. 9.999999747378752e-6 is 1e-5. */
function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === Math.fround(value)) return rounded;
  }
  return value;
}
