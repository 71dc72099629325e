import { mkdir, rmdir } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { temporaryFolder, tenon, tiny } from "../../test/tenon.ts";

test("a rate that breaks the numbers ends the run with the first tensor that was broken, and what to do", async () => {
  const folder = await temporaryFolder();
  const how = "--stories 20 --steps 50 --rate 1e30 --warm-up 0 --json --out run".split(" ");
  const { code, stderr } = await tenon(["train", ...tiny, ...how], folder);
  expect(stderr).toMatch(
    /^error: Training stopped at step 2: the loss is NaN\. The first tensor .* A run keeps its options: begin another with --rate, --warm-up or --clip, in this folder with --force\.\n$/,
  );
  expect(code).toBe(1);
});

test("what cannot be written ends the run, which goes on once that is mended", async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "run/loss.svg"), { recursive: true });
  const how = "--stories 20 --steps 3 --save-every 1 --json --out run".split(" ");
  const { code, stderr } = await tenon(["train", ...tiny, ...how], folder);
  expect([code, stderr]).toEqual([
    1,
    "error: cannot write run/loss.svg: it is a folder. Name a file. Then go on from what was saved last: tenon train --resume run\n",
  ]);
  await rmdir(join(folder, "run/loss.svg"));
  expect(await tenon(["train", "--resume", "run", "--json"], folder)).toMatchObject({ code: 0, stderr: "" });
});
