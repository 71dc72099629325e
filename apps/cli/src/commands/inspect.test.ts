import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { marian, rnnSearch, vit } from "@tenon/models";
import { expect, test } from "vitest";

import { jsonLines, temporaryFolder, tenon, tiny } from "../../test/tenon.ts";

interface Shown {
  readonly path?: string;
  readonly spec: object;
  readonly parameters: number;
  readonly bytes: number;
  readonly packages: readonly string[];
  readonly parts: readonly { path: string; count: number; bytes: number }[];
  readonly training?: { step: number };
}

test.concurrent("a preset is shown part by part, and the counts add up", async () => {
  const folder = await temporaryFolder();
  const args = ["inspect", "--preset", "gpt", "--layers", "2", "--width", "16", "--heads", "2"];
  const [text, json] = await Promise.all([tenon(args, folder), tenon([...args, "--json"], folder)]);
  expect([text.code, text.stderr, json.code, json.stderr]).toEqual([0, "", 0, ""]);
  expect(text.stdout).toContain("decoder: 2 layers, width 16, context 64, vocabulary 65\n");
  expect(text.stdout).toMatch(
    /blocks\.1\.attention\.query +Linear +@tenon\/nn +weight \[16, 16\], bias \[16\] +272 +1\.09 kB\n/,
  );
  expect(text.stdout).toMatch(/output +TiedOutput +@tenon\/embeddings +table = embedding\.tokens\.table\n/);

  const [shown] = jsonLines<Shown>(json.stdout) as [Shown];
  expect(shown.parts.reduce((sum, { count }) => sum + count, 0)).toBe(shown.parameters);
  expect(shown.bytes).toBe(4 * shown.parameters);
  expect(shown.packages).toContain("@tenon/attention");
  // What it shows can be given back.
  await writeFile(join(folder, "spec.json"), JSON.stringify(shown.spec));
  const again = await tenon(["inspect", "--spec", "spec.json", "--json"], folder);
  expect(jsonLines<Shown>(again.stdout)).toEqual([shown]);
});

test.concurrent("the other presets, with options over what they have", async () => {
  const folder = await temporaryFolder();
  const [llama, bert] = await Promise.all([
    tenon(["inspect", "--preset", "llama", "--width", "16", "--key-value-heads", "2", "--json"], folder),
    tenon(["inspect", "--preset", "bert", "--width", "16", "--position", "sinusoidal", "--json"], folder),
  ]);
  expect(jsonLines(llama.stdout)[0]).toMatchObject({
    spec: {
      position: { kind: "rotary" },
      attention: { keyValueHeads: 2 },
      feedForward: { kind: "gated-mlp", hidden: 64 },
    },
  });
  expect(jsonLines(bert.stdout)[0]).toMatchObject({ spec: { kind: "encoder", position: { kind: "sinusoidal" } } });
});

test.concurrent("a model that was trained says how", async () => {
  const folder = await temporaryFolder();
  await tenon(["train", ...tiny, "--stories", "20", "--steps", "3", "--out", "model"], folder);
  const [text, json] = await Promise.all([
    tenon(["inspect", "--model", "model"], folder),
    tenon(["inspect", "--model", "model/model.safetensors", "--json"], folder),
  ]);
  expect(text.stdout).toMatch(/^model\/model\.safetensors\ndecoder: 1 layer, width 16/);
  expect(text.stdout).toMatch(
    /trained 3 of 3 steps on 20 stories \([\d,]+ tokens\); loss on held-out text \d\.\d{4} after step 3\n/,
  );
  expect(jsonLines(json.stdout)[0]).toMatchObject({
    path: "model/model.safetensors",
    tokenizer: { kind: "character" },
    training: { step: 3, steps: 3, text: "20 stories", seed: 1 },
  });
});

test.concurrent("the diagram, in characters and as a file", async () => {
  const folder = await temporaryFolder();
  const args = ["inspect", "--preset", "gpt", "--layers", "2", "--width", "16", "--heads", "2"];
  const [text, svg, wrong] = await Promise.all([
    tenon([...args, "--diagram"], folder),
    tenon([...args, "--diagram", "model.svg"], folder),
    tenon([...args, "--diagram", "model.png"], folder),
  ]);
  expect([text.code, text.stderr]).toEqual([0, ""]);
  expect(text.stdout).toMatch(/ 2 blocks [^]*│ MultiHeadAttention +│[^]*⊕[^]*logits \[b, t, 65\]\n$/);
  expect([svg.code, svg.stdout, svg.stderr]).toEqual([0, "wrote model.svg\n", ""]);
  expect(await readFile(join(folder, "model.svg"), "utf8")).toMatch(/^<svg xmlns[^]*MultiHeadAttention[^]*<\/svg>\n$/);
  expect([wrong.code, wrong.stdout]).toEqual([1, ""]);
  expect(wrong.stderr).toContain('--diagram writes SVG, so its file ends with .svg, got "model.png".');
});

test.concurrent("the code, of a preset and of the model that comes with Tenon", async () => {
  const folder = await temporaryFolder();
  const [preset, shipped] = await Promise.all([
    tenon(["inspect", "--preset", "llama", "--width", "16", "--typescript"], folder),
    tenon(["inspect", "--typescript"], folder),
  ]);
  expect([preset.code, preset.stderr, shipped.code, shipped.stderr]).toEqual([0, "", 0, ""]);
  expect(preset.stdout).toMatch(/^import [^]*new GatedMLP[^]*export function build\(seed = 0\): Model \{[^]*\}\n$/);
  expect(shipped.stdout).toContain("export class Model extends Module");
});

test.concurrent("the schema, which is of no model", async () => {
  const folder = await temporaryFolder();
  const [schema, beside, both] = await Promise.all([
    tenon(["inspect", "--schema"], folder),
    tenon(["inspect", "--schema", "--preset", "gpt"], folder),
    tenon(["inspect", "--typescript", "--json"], folder),
  ]);
  expect([schema.code, schema.stderr]).toEqual([0, ""]);
  expect(JSON.parse(schema.stdout)).toMatchObject({ $schema: "https://json-schema.org/draft/2020-12/schema" });
  expect([beside.code, both.code]).toEqual([1, 1]);
  expect(beside.stderr).toContain("--schema and --preset contradict each other: the schema is that of every spec.");
  expect(both.stderr).toContain("--json and --typescript contradict each other: each is all that is shown.");
});

test.concurrent("an encoder–decoder is shown with both its sides, and is not trained here", async () => {
  const folder = await temporaryFolder();
  const sizes = { vocabulary: 19, context: 10, width: 16, layers: 2, heads: 2, decoderLayers: 1, sourceVocabulary: 11 };
  await writeFile(join(folder, "marian.json"), JSON.stringify(marian(sizes)));
  const text = await tenon(["inspect", "--spec", "marian.json"], folder);
  expect([text.code, text.stderr]).toEqual([0, ""]);
  expect(text.stdout).toContain(
    "encoder: 2 layers, width 16, context 10, vocabulary 11\ndecoder: 1 layer, width 16, context 10, vocabulary 19\n",
  );
  expect(text.stdout).toMatch(/decoder\.blocks\.0\.crossAttention +MultiHeadCrossAttention +@tenon\/attention/);
  const [drawn, written] = await Promise.all([
    tenon(["inspect", "--spec", "marian.json", "--diagram"], folder),
    tenon(["inspect", "--spec", "marian.json", "--typescript"], folder),
  ]);
  expect([drawn.code, drawn.stderr, written.code, written.stderr]).toEqual([0, "", 0, ""]);
  expect(drawn.stdout).toMatch(/source ids \[b, s\][^]*MultiHeadCrossAttention[^]*╴ memory \[b, s, 16\]/);
  expect(written.stdout).toMatch(/^import [^]*new MultiHeadCrossAttention[^]*export class Model extends Module/);
  await writeFile(join(folder, "new.json"), JSON.stringify({ ...marian(sizes), vocabulary: undefined }));
  const training = await tenon(["train", "--spec", "new.json"], folder);
  expect(training.code).toBe(1);
  expect(training.stderr).toMatch(
    /^error: a model of the kind "encoder-decoder" learns from pairs of texts: give --source and --target\.\n$/,
  );
});

test.concurrent("a vision transformer and a recurrent translator are shown, too", async () => {
  const folder = await temporaryFolder();
  const shown = async (spec: object, ...how: readonly string[]): Promise<string> => {
    const file = `${(spec as { kind: string }).kind}.json`;
    await writeFile(join(folder, file), JSON.stringify(spec));
    const text = await tenon(["inspect", "--spec", file, ...how], folder);
    expect([text.code, text.stderr]).toEqual([0, ""]);
    return text.stdout;
  };
  const vision = vit({ image: [8, 12], patch: [4, 4], width: 16, layers: 2, heads: 2 });
  expect(await shown(vision, "--diagram")).toContain("images [b, 3, 8, 12]\n");
  expect(await shown(vision, "--typescript")).toContain("new PatchEmbedding");
  const image = await shown(vision);
  expect(image).toContain("image-encoder: 2 layers, width 16, images 8 × 12 in patches 4 × 4\n");
  expect(image).toMatch(/embedding +PatchEmbedding +@tenon\/embeddings +classToken \[16\]/);
  const recurrent = await shown(rnnSearch({ sourceVocabulary: 11, vocabulary: 19, width: 8, hidden: 16 }));
  expect(recurrent).toContain("rnn-search: width 8, states of 16, vocabularies 11 and 19\n");
  expect(recurrent).toMatch(/decoder\.readout +Maxout +@tenon\/nn/);
});
