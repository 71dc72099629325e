import { writeFile } from "node:fs/promises";
import { join } from "node:path";

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
