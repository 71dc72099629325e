/** What computes elsewhere than on `cpu`: nobody has it who does not import it. */
const otherBackends = ["backend-wasm", "backend-gpujs", "wasm-assembler", "gpu.js"];
/** Modules that whoever does not use them never pays for. */
const apart = ["decorators", "testing", "conv", "pool", "einsum", ...otherBackends];
/** The ops that only training needs. */
const training = [
  "adafactor",
  "adamw",
  "crossEntropy",
  "dropout",
  "lion",
  "movingAverage",
  "muon",
  "sgd",
  "sgdMomentum",
];

/**
 * What `npm run size` bundles, one entry for each thing that somebody might put on a page.
 *
 *   name      what the table calls it
 *   from      the package whose dependencies the code may import, itself included
 *   code      the code that is bundled; what it exports is what tree shaking has to keep
 *   external  the packages that are not counted, if any: whoever imports the entry has them anyway
 *   ceiling   the most bytes that the bundle may have, minified and gzipped
 *   absent    what must not be in it: `modules`, names of folders, files and packages that may not contribute code, `ops`, by their names,
 *             and `text`, if there is any
 *
 * A ceiling is a promise to users: raise it only knowingly. It stands about a tenth above what was measured when it was set.
 *
 * @type {readonly { name: string, from: string, code: string, external?: readonly string[], ceiling: number, absent: { modules: readonly string[], ops: readonly string[], text?: readonly string[] } }[]}
 */
export const entries = [
  {
    name: "a page that writes: a GPT from a spec, on cpu",
    from: "docs",
    code: `export { assemble, gpt } from "@tenon/models"; export { generate, sample } from "@tenon/sampling";
      export { cpu } from "@tenon/tensor"; export { byteTokenizer } from "@tenon/tokenizers";`,
    ceiling: 113_000,
    absent: {
      // A spec may ask for dropout, for pictures and for blocks that compute again.
      modules: [...otherBackends, "testing", "pool", "einsum", "autodiff", "hugging-face", "chat"],
      ops: training.filter((op) => op !== "dropout"),
      text: ["WebAssembly", "getContext"],
    },
  },
  {
    name: "a page that composes: a decoder by hand, on cpu",
    from: "docs",
    code: `export { causal, MultiHeadAttention } from "@tenon/attention"; export { MLP, PreNorm, TransformerBlock } from "@tenon/blocks";
      export { InputEmbedding, TiedOutput, TokenEmbedding } from "@tenon/embeddings"; export { LayerNorm } from "@tenon/nn";
      export { RotaryPosition } from "@tenon/positional"; export { cpu } from "@tenon/tensor";`,
    ceiling: 35_000,
    absent: {
      modules: [...apart, "models", "zod", "training"],
      ops: training.filter((op) => op !== "dropout"),
      text: ["WebAssembly", "getContext"],
    },
  },
  {
    name: "tensor: a GPT forward pass, with cpu",
    from: "packages/tensor",
    code: `export {
      add, attention, cpu, gather, gelu, ids, layerNorm, linear, permute, reshape, scoped, slice, softmax, tensor,
      Variable,
    } from "@tenon/tensor";`,
    ceiling: 21_200, // with the steps of optimisers among the kernels of cpu, and the error of two copies in one program
    absent: { modules: apart, ops: [...training, "rope", "rmsNorm", "silu"] },
  },
  {
    name: "tensor: the same ops, without a backend",
    from: "packages/tensor",
    code: `export {
      add, attention, gather, gelu, layerNorm, linear, permute, reshape, slice, softmax,
    } from "@tenon/tensor";`,
    ceiling: 9_500,
    absent: { modules: [...apart, "cpu", "kernel-backend"], ops: training },
  },
  {
    name: "tensor: softmax, with cpu",
    from: "packages/tensor",
    code: `export { cpu, softmax, tensor } from "@tenon/tensor";`,
    ceiling: 14_700,
    absent: { modules: [...apart, "variable"], ops: [...training, "attention", "gather", "matmul"] },
  },
  {
    name: "tensor: softmax, without a backend",
    from: "packages/tensor",
    code: `export { softmax } from "@tenon/tensor";`,
    ceiling: 4_500,
    absent: {
      modules: [...apart, "cpu", "kernel-backend", "variable"],
      ops: [...training, "attention", "gather", "matmul"],
    },
  },
  {
    name: "nn: a linear layer and a norm",
    from: "packages/nn",
    code: `export { LayerNorm, Linear } from "@tenon/nn";`,
    ceiling: 9_900,
    absent: { modules: [...apart, "cpu", "kernel-backend", "adapters"], ops: [...training, "attention"] },
  },
  {
    name: "positional: RotaryPosition",
    from: "packages/positional",
    code: `export { RotaryPosition } from "@tenon/positional";`,
    ceiling: 10_500,
    absent: { modules: [...apart, "cpu", "kernel-backend"], ops: [...training, "attention"] },
  },
  {
    name: "blocks: a block and its parts",
    from: "packages/blocks",
    code: `export { MLP, PreNorm, TransformerBlock } from "@tenon/blocks";`,
    ceiling: 13_500,
    absent: {
      modules: [...apart, "cpu", "kernel-backend", "recurrent", "resnet"],
      ops: training.filter((op) => op !== "dropout"),
    },
  },
  {
    name: "models: assemble, any spec, without tensor",
    from: "packages/models",
    code: `export { assemble } from "@tenon/models";`,
    external: ["@tenon/tensor"],
    ceiling: 78_000, // most of it zod, which checks specs
    absent: { modules: ["testing", "pool", "einsum", ...otherBackends, "describe"], ops: [] },
  },
  {
    name: "checkpoint: safetensors in and out, without tensor",
    from: "packages/checkpoint",
    code: `export { loadParameters, parseSafetensors, saveParameters } from "@tenon/checkpoint";`,
    external: ["@tenon/tensor"],
    ceiling: 8_000,
    absent: { modules: [...apart, "gguf", "node"], ops: [] },
  },
  {
    name: "training: AdamW, next tokens and the loop, without tensor",
    from: "packages/training",
    code: `export { AdamW, causalBatches, causalLoss, train } from "@tenon/training";`,
    external: ["@tenon/tensor"],
    ceiling: 11_400,
    absent: { modules: [...apart, "node"], ops: [] },
  },
  {
    name: "wasm-assembler: a function with SIMD",
    from: "packages/wasm-assembler",
    code: `export { assembleWasm, f32x4, Func, newMemory, v128 } from "@tenon/wasm-assembler";`,
    ceiling: 4_100,
    absent: { modules: [], ops: [] },
  },
  {
    name: "backend-testkit: the whole kit, without tensor and fast-check",
    from: "packages/backend-testkit",
    code: `export { runBackendTests } from "@tenon/backend-testkit/core";`,
    external: ["@tenon/tensor", "@tenon/tensor/testing", "fast-check"],
    ceiling: 82_000,
    absent: { modules: [...otherBackends, "vitest", "node"], ops: [] },
  },
  {
    name: "attention: MultiHeadAttention",
    from: "packages/attention",
    code: `export { causal, FixedCache, MultiHeadAttention } from "@tenon/attention";`,
    ceiling: 18_500, // with attention in tiles, and caches that crop, select rows and fork
    absent: { modules: [...apart, "cpu", "kernel-backend"], ops: [...training, "rope", "layerNorm"] },
  },
  {
    name: "sampling: generate",
    from: "packages/sampling",
    code: `export { generate, sample, temperature, topK } from "@tenon/sampling";`,
    ceiling: 11_000, // with `slice`, for models that show their states; whoever has a model has it anyway
    absent: { modules: [...apart, "cpu", "kernel-backend"], ops: [...training, "attention", "gather", "matmul"] },
  },
  {
    name: "tokenizers: characters and bytes",
    from: "packages/tokenizers",
    code: `export { byteTokenizer, characterTokenizer } from "@tenon/tokenizers";`,
    ceiling: 3_000,
    absent: { modules: [...apart, "hugging-face", "train", "chat", "cpu", "ops"], ops: training },
  },
  {
    name: "tokenizers: any tokenizer.json",
    from: "packages/tokenizers",
    code: `export { huggingFaceTokenizer } from "@tenon/tokenizers";`,
    ceiling: 16_800,
    absent: { modules: [...apart, "train", "chat", "cpu", "ops"], ops: training },
  },
  {
    name: "corpus: a page's files as tokens, without a tokenizer",
    from: "packages/corpus",
    code: `export { corpusInMemory, textFiles, windowBatches } from "@tenon/corpus";`,
    ceiling: 8_700,
    absent: { modules: [...apart, "node", "split", "cpu", "ops", "tokenizers"], ops: training },
  },
  {
    name: "embeddings: tokens and a tied output, without word vectors",
    from: "packages/embeddings",
    code: `export { InputEmbedding, TiedOutput, TokenEmbedding } from "@tenon/embeddings";`,
    ceiling: 11_000,
    absent: {
      modules: [...apart, "static", "checkpoint"],
      ops: [...training.filter((op) => op !== "dropout"), "attention"],
    },
  },
  {
    name: "embeddings/static: files and queries of word vectors, without tensor",
    from: "packages/embeddings",
    code: `export { readVectors, WordQueries } from "@tenon/embeddings/static";`,
    external: ["@tenon/tensor"],
    ceiling: 19_500,
    absent: { modules: ["word2vec", "glove", "fasttext", "node"], ops: [] },
  },
  {
    name: "backend-wasm: all kernels, without tensor",
    from: "packages/backend-wasm",
    code: `export { wasm } from "@tenon/backend-wasm";`,
    external: ["@tenon/tensor"],
    ceiling: 60_000,
    absent: { modules: ["testing"], ops: [] },
  },
  {
    name: "backend-gpujs: all kernels, without tensor and gpu.js",
    from: "packages/backend-gpujs",
    code: `export { gpujs } from "@tenon/backend-gpujs";`,
    external: ["@tenon/tensor", "gpu.js"],
    ceiling: 20_000,
    absent: { modules: ["testing"], ops: [] },
  },
  {
    name: "pretrained: files of the Hub and of a page, without tensor",
    from: "packages/pretrained",
    code: `export { browserFolder, droppedFiles, filesOf, hub } from "@tenon/pretrained";`,
    external: ["@tenon/tensor"],
    ceiling: 8_800,
    absent: { modules: ["node", "families", "weights", "saved"], ops: [] },
  },
];
