import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { temporaryFolder, tenon } from "../../test/tenon.ts";

test("what would fail after hours of translating is refused before", async () => {
  const folder = await temporaryFolder();
  const lines = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? "a b" : "b a"));
  await writeFile(join(folder, "there"), lines.join("\n"));
  await writeFile(join(folder, "long"), [...lines, "a b a b a b a b"].join("\n"));
  const how = "--layers 1 --heads 1 --width 8 --context 6 --tokenizer word --batch 60 --steps 2 --json --out model";
  const trained = await tenon(["train", "--source", "there", "--target", "there", ...how.split(" ")], folder);
  expect(trained).toMatchObject({ code: 0, stderr: "" });
  const evaluate = async (flags: string): Promise<string> =>
    (await tenon(["evaluate", "--model", "model", ...flags.split(" ")], folder)).stderr;
  expect(await evaluate("--source long --target long")).toBe(
    "error: line 21 of long: the text has 9 tokens, but model/model.safetensors reads 6 at most. Divide it.\n",
  );
  expect(await evaluate("--source there --target there --out none/out")).toBe(
    "error: cannot write none/out: its folder does not exist. Create the folder first.\n",
  );
  expect(await evaluate("--source there --target long")).toContain("there has 20 lines, but long has 21.");
});
