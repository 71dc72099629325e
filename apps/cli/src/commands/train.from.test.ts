import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { stories } from "@tenon/stories";
import { expect, test } from "vitest";

import { type Ended, ended, jsonLines, start, temporaryFolder, tenon, tiny } from "../../test/tenon.ts";

test("--from begins where a trained model stands, with its tokenizer", async () => {
  const folder = await temporaryFolder();
  const text = ["--stories", "20"];
  const first = await tenon(
    ["train", ...tiny, ...text, "--steps", "60", "--rate", "0.01", "--json", "--out", "first"],
    folder,
  );
  // Other text, whose characters the model knows: a tokenizer made anew would be smaller.
  await writeFile(join(folder, "text.txt"), stories({ seed: 3, count: 2 }).replaceAll(/[A-Z]/g, "M"));
  const more = [
    "train",
    "--from",
    "first",
    "--text",
    "text.txt",
    "--batch",
    "4",
    "--steps",
    "2",
    "--rate",
    "1e-9",
    "--json",
  ];
  const second = await tenon([...more, "--out", "second"], folder);
  expect(second).toMatchObject({ code: 0, stderr: "" });
  const firstLoss = ({ stdout }: Ended): number =>
    jsonLines<{ event: string; loss: number }>(stdout).find(({ event }) => event === "step")!.loss;
  expect(firstLoss(second)).toBeLessThan(firstLoss(first) - 0.5); // it has not begun anew
  const inspect = async (name: string): Promise<unknown> => {
    const { spec, tokenizer, training } = JSON.parse(
      (await tenon(["inspect", "--model", name, "--json"], folder)).stdout,
    );
    return { spec, tokenizer, steps: training.step + (training.earlierSteps ?? 0) };
  };
  expect(await inspect("second")).toEqual({ ...((await inspect("first")) as object), steps: 62 });
  await rm(join(folder, "first"), { recursive: true });
  const refused = await tenon([...more, "--layers", "2", "--out", "third"], folder);
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toBe(
    "error: --from and --layers contradict each other: a trained model brings its architecture and its tokenizer along. Leave one of them out.\n",
  );
  const missing = await tenon([...more, "--out", "third"], folder);
  expect(missing.code).toBe(1);
  expect(missing.stderr).toMatch(/^error: .*first.*\n$/);
});

/** The first line of a step in a run that is ended by a signal as soon as the line is there. */
async function firstStep(args: readonly string[], cwd: string, signal: NodeJS.Signals): Promise<unknown> {
  const child = start(args, cwd);
  const end = ended(child);
  child.stdout.on("data", (text: string) => text.includes('"event":"step"') && child.kill(signal));
  const {
    event: _,
    step,
    loss,
  } = jsonLines<{ event: string; step: number; loss: number }>((await end).stdout.replace(/[^\n]*$/, "")).find(
    ({ event }) => event === "step",
  )!;
  return { step, loss };
}

test("--from that is killed before the first save goes on from the model, not from nothing", async () => {
  const folder = await temporaryFolder();
  const how = ["--stories", "20", "--steps", "60", "--rate", "0.01", "--json"];
  expect((await tenon(["train", ...tiny, ...how, "--out", "first"], folder)).code).toBe(0);
  const more = "train --from first --stories 20 --batch 4 --steps 100000 --save-every 100000 --json --out second";
  const before = await firstStep(more.split(" "), folder, "SIGKILL");
  expect(await firstStep(["train", "--resume", "second", "--json"], folder, "SIGINT")).toEqual(before);
});
