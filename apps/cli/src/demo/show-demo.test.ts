import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { assemble, bert, gpt } from "@tenon/models";
import { stories } from "@tenon/stories";
import { characterTokenizer, wordTokenizer } from "@tenon/tokenizers";
import { describe, expect, test } from "vitest";

import { recordingSession } from "../../test/recording-session.ts";
import { temporaryFolder, tenon } from "../../test/tenon.ts";
import { shippedModel } from "../model/shipped.ts";
import { showDemo } from "./show-demo.ts";
import { beginning, masked, nextCommands } from "./texts.ts";

const text = stories({ seed: 1, count: 2000 });
const words = wordTokenizer(text, { special: { mask: "[MASK]" } });
const training = { tenon: "0.1.0", text: "2,000 stories", tokens: 1, step: 5, steps: 5, batch: 1, rate: 1, seed: 1 };

test("it shows what two models are made of, what they do, and what to try", async () => {
  const { session, said } = recordingSession();
  const { backend } = session;
  const characters = characterTokenizer(text);
  const sizes = { context: 48, width: 16, layers: 2, heads: 2 };
  const decoder = await assemble(gpt({ ...sizes, vocabulary: characters.size })).to(backend);
  const encoder = await assemble(bert({ ...sizes, vocabulary: words.size })).to(backend);
  await showDemo(
    { path: "d", model: decoder, tokenizer: characters, training },
    { path: "e", model: encoder, tokenizer: words, training },
    1,
    session,
  );
  const lines = said().split("\n");
  expect(lines[0]).toBe("Tenon: the transformer in pieces that fit.");
  expect(said()).toMatch(/^ {2}@tenon\/attention +2 × MultiHeadAttention$/m);
  expect(lines.some((line) => line.startsWith(beginning) && line.length > beginning.length)).toBe(true);
  expect(lines).toContain(masked);
  expect(said()).toMatch(/^mask 2 +\S+ +\d+\.\d %/m);
  expect(lines).toContain("  tenon inspect");
});

test("every word that the demo and the help of fill use is one of the stories'", () => {
  const fills = nextCommands.flatMap(({ line }) => /^fill "(.*)"$/.exec(line)?.[1] ?? []);
  const helped = ["Tom lost his ball, so he began to [MASK].", "The [MASK] was very [MASK].", "The [MASK] ran home."];
  for (const sentence of [masked, ...fills, ...helped]) expect(() => words.encode(sentence), sentence).not.toThrow();
});

const here = fileURLToPath(new URL(".", import.meta.url));
const shipped = existsSync(new URL("../../models/story-decoder.safetensors", import.meta.url));

describe.runIf(shipped)("with the models that come with Tenon", () => {
  test("the demo runs", async () => {
    const { code, stdout, stderr } = await tenon(["demo"], here);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("Go on\n");
  });

  test("every command that it proposes works as it stands", async () => {
    const folder = await temporaryFolder();
    for (const { line } of nextCommands) {
      const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
      // Three hundred steps are too long for a test.
      if (words[0] === "train") words.push("--steps", "2");
      expect(await tenon(words, folder), line).toMatchObject({ code: 0 });
    }
  });
});

test("a model that should have come with Tenon and is not there is named", () => {
  const missing = "story-nothing" as "story-decoder";
  expect(() => shippedModel(missing)).toThrow(
    /^the model that comes with Tenon is not there: .*story-nothing\.safetensors is missing\. Restore it, or train one/,
  );
});
