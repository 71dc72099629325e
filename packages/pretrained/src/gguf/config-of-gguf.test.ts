import { readFile } from "node:fs/promises";

import { fileInMemory, openGguf, type GgufFile, type GgufTensor, type GgufValue } from "@tenon/checkpoint";
import { assemble, Decoder, llama } from "@tenon/models";
import { cpu, ids, isTenonError } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { families } from "../families/families.ts";
import { configOfGguf } from "./config-of-gguf.ts";
import { fromGguf } from "./from-gguf.ts";
import { ggufWeights } from "./gguf-weights.ts";

const bytes = new Uint8Array(await readFile(new URL("../../goldens/llama-levels.gguf", import.meta.url)));
const sound = await openGguf(fileInMemory("m.gguf", bytes));
/** The sound file with other metadata and tensors; undefined takes one away. */
function altered(
  metadata: Readonly<Record<string, GgufValue | undefined>>,
  tensors: Readonly<Record<string, unknown>> = {},
): GgufFile {
  const changed = <T>(map: ReadonlyMap<string, T>, changes: Readonly<Record<string, unknown>>): Map<string, T> =>
    new Map(
      Object.entries({ ...Object.fromEntries(map), ...changes }).filter(
        (pair): pair is [string, T] => pair[1] !== undefined,
      ),
    );
  return { ...sound, metadata: changed(sound.metadata, metadata), tensors: changed(sound.tensors, tensors) };
}

describe("a description that Tenon does not do is refused, by its key", () => {
  const cases: Record<string, [Record<string, GgufValue | undefined>, string]> = {
    "another architecture": [
      { "general.architecture": "mamba" },
      'm.gguf: "general.architecture": expected one of llama, qwen2, qwen3; got "mamba"',
    ],
    "a key that it does not know": [
      { "llama.logit_scale": 0.5 },
      'm.gguf: "llama.logit_scale": expected nothing: Tenon does not know this key of llama, which may change what the model computes; got 0.5',
    ],
    "a missing size": [
      { "llama.embedding_length": undefined },
      'm.gguf: "llama.embedding_length": expected a whole number from 1 up; got nothing',
    ],
    "a size for each layer": [
      { "llama.attention.head_count": Int32Array.of(4, 2) },
      'm.gguf: "llama.attention.head_count": expected a whole number from 1 up; got "a list of 2"',
    ],
    "an absurd size": [
      { "llama.embedding_length": 2n ** 63n },
      'm.gguf: "llama.embedding_length": expected a whole number from 1 up; got "9223372036854775808"',
    ],
    "layers without tensors": [
      { "llama.block_count": 2 ** 31 },
      'm.gguf: "llama.block_count": expected 2, for so many layers have tensors; got 2147483648',
    ],
    experts: [
      { "llama.expert_count": 8 },
      'm.gguf: "llama.expert_count": expected 0, the only value that Tenon does; got 8',
    ],
    "a rotation of half a head": [
      { "llama.rope.dimension_count": 8 },
      'm.gguf: "llama.rope.dimension_count": expected 16, the only value that Tenon does; got 8',
    ],
    "a window": [
      { "llama.attention.sliding_window": 16 },
      'm.gguf: "llama.attention.sliding_window": expected 0, or no less than the context of 32: GGUF does not say which layers have it; got 16',
    ],
    "a scaling": [
      { "llama.rope.scaling.type": "longrope" },
      'm.gguf: "llama.rope.scaling.type": expected one of none, linear, yarn; got "longrope"',
    ],
  };
  test.each(Object.entries(cases))("%s", async (_, [metadata, message]) => {
    const read = configOfGguf(altered(metadata));
    await expect(read).rejects.toThrow(message);
    await expect(read).rejects.toSatisfy((error) => isTenonError(error, "CheckpointError"));
  });

  test("no table", async () => {
    await expect(configOfGguf(altered({}, { "token_embd.weight": undefined }))).rejects.toThrow(
      'm.gguf has no tensor "token_embd.weight" with a row for each token. Choose another file.',
    );
  });

  test("types that are not read", async () => {
    const other = { name: "blk.0.ffn_up.weight", type: "Q5_K", isReadable: false };
    const file = altered({}, { "blk.0.ffn_up.weight": other });
    const described = await configOfGguf(sound);
    expect(() => ggufWeights(file, described, true)).toThrow(
      "m.gguf has tensors of types that Tenon does not read, Q5_K:\n  blk.0.ffn_up.weight: Q5_K\nChoose a file in F32, F16, BF16, Q8_0, Q4_0, Q4_K or Q6_K.",
    );
  });

  test("a tensor of another name: nothing is loaded, and the message speaks of the file's own names", async () => {
    const renamed = bytes.slice();
    const at = Buffer.from(renamed).indexOf("blk.1.ffn_up.weight");
    renamed.set(new TextEncoder().encode("blk.1.ffn_xx"), at);
    await expect(fromGguf(fileInMemory("m.gguf", renamed))).rejects.toThrow(
      /m.gguf does not fit the model that its metadata describes, and nothing was loaded:[^]*missing[^]*"blk.1.ffn_up.weight"[^]*not in the model[^]*"blk.1.ffn_xx.weight"[^]*correct its metadata/,
    );
  });
});

describe("rotations", () => {
  const positionOf = async (
    metadata: Record<string, GgufValue>,
    tensors: Record<string, unknown> = {},
  ): Promise<unknown> => {
    const { config, architecture } = await configOfGguf(altered(metadata, tensors));
    return (
      families.find(({ type }) => type === "llama")!.spec(config, architecture, () => false) as { position: unknown }
    ).position;
  };

  test("scalings that the metadata says", async () => {
    expect(await positionOf({ "llama.rope.freq_base": 500000 })).toEqual({ kind: "rotary", base: 500000, fraction: 1 });
    const linear = { "llama.rope.scaling.type": "linear", "llama.rope.scaling.factor": Math.fround(2.1) };
    expect(await positionOf(linear)).toEqual({
      kind: "rotary",
      base: 10000,
      fraction: 1,
      scaling: { kind: "linear", factor: 2.1 },
    });
    const yarn = {
      "llama.rope.scaling.type": "yarn",
      "llama.rope.scaling.factor": 4,
      "llama.rope.scaling.original_context_length": 8,
    };
    expect(await positionOf(yarn)).toMatchObject({ scaling: { kind: "yarn", factor: 4, context: 8 } });
  });

  test("the tensor of frequency factors that llama.cpp writes for Llama 3 is Llama 3's scaling", async () => {
    const [factor, context, low, high, base, k] = [4, 12, 1, 4, 500, 16];
    // As its converter computes them from config.json.
    const divisors = Float32Array.from({ length: k / 2 }, (_, i) => {
      const wavelength = 2 * Math.PI * base ** ((2 * i) / k);
      if (wavelength < context / high) return 1;
      if (wavelength > context / low) return factor;
      const smooth = (context / wavelength - low) / (high - low);
      return 1 / ((1 - smooth) / factor + smooth);
    });
    const tensor: Pick<GgufTensor, "read"> = { read: () => Promise.resolve(divisors) };
    const position = await positionOf({ "llama.rope.freq_base": base }, { "rope_freqs.weight": tensor });
    const scaling = { kind: "llama-3", factor, context, lowFrequencyFactor: low, highFrequencyFactor: high };
    const spec = llama({ vocabulary: 29, context: 32, width: 64, layers: 2, heads: 4, hidden: 64 });
    const logits = async (position: unknown): Promise<Float32Array> => {
      const model = await assemble({ ...spec, position: position as typeof spec.position }).to(cpu());
      if (!(model instanceof Decoder)) throw new Error("no decoder");
      return (await model
        .forward(ids([2, 5, 9, 13, 4, 4, 7], [1, 7], model.backend, { limit: 29 }))
        .read()) as Float32Array;
    };
    const [found, expected, plain] = [
      await logits(position),
      await logits({ kind: "rotary", base, scaling }),
      await logits({ kind: "rotary", base }),
    ];
    found.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
    expect(plain.some((value, i) => Math.abs(value - expected[i]!) > 1e-3)).toBe(true);
    await expect(
      positionOf(
        { "llama.rope.scaling.type": "yarn", "llama.rope.scaling.factor": 4 },
        { "rope_freqs.weight": tensor },
      ),
    ).rejects.toThrow('"llama.rope.scaling.type": expected "none" beside the tensor "rope_freqs.weight"; got "yarn"');
  });
});
