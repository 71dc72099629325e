import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { stories } from "@tenon/stories";
import { expect, test } from "vitest";

import { type Ended, ended, jsonLines, start, temporaryFolder, tenon, tiny } from "../../test/tenon.ts";

interface Line {
  readonly event: "start" | "step" | "saved" | "end";
  readonly step: number;
  readonly loss?: number;
  readonly heldOutLoss?: number;
}

const losses = ({ stdout }: Ended): [number, number | undefined, number | undefined][] =>
  jsonLines<Line>(stdout)
    .filter(({ event }) => event === "step")
    .map(({ step, loss, heldOutLoss }) => [step, loss, heldOutLoss]);

/** Runs until a line comes that `after` waits for, then sends signals, and waits until it ends. */
async function interrupt(
  args: readonly string[],
  cwd: string,
  after: (line: Line) => boolean,
  signals: readonly NodeJS.Signals[],
): Promise<Ended> {
  const child = start(args, cwd);
  const end = ended(child);
  let rest = "";
  let sent = false;
  child.stdout.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    if (sent || !lines.some((line) => after(JSON.parse(line) as Line))) return;
    sent = true;
    for (const signal of signals) child.kill(signal);
  });
  return end;
}

// On a busy machine a run may end before the signal comes: then there was nothing to see.
test("a run that is interrupted and resumed has the losses of one that never was", { retry: 3 }, async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "text.txt"), stories({ seed: 3, count: 20 }));
  const run = [
    "train",
    ...tiny,
    "--text",
    "text.txt",
    "--steps",
    "300",
    "--dropout",
    "0.1",
    "--evaluate-every",
    "150",
    "--json",
  ];

  const whole = await tenon([...run, "--out", "whole"], folder);
  expect(whole).toMatchObject({ code: 0, stderr: "" });
  expect(losses(whole).map(([step]) => step)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
  expect(losses(whole).filter(([, , heldOut]) => heldOut !== undefined)).toHaveLength(2);

  const first = await interrupt([...run, "--out", "parts"], folder, ({ step }) => step >= 5, ["SIGINT"]);
  expect(first.code).toBe(130);
  expect(first.stderr).toMatch(
    /^Stopped after step \d+ of 300; everything is saved\. Go on with: tenon train --resume parts\n$/,
  );
  expect((await readdir(join(folder, "parts"))).sort()).toEqual([
    "checkpoints",
    "loss.svg",
    "metrics.jsonl",
    "model.safetensors",
  ]);
  // What is there can be used.
  expect((await tenon(["inspect", "--model", "parts"], folder)).code).toBe(0);

  // A second time, as a terminal that goes away and npm after it do it.
  const second = await interrupt(["train", "--resume", "parts", "--json"], folder, ({ step }) => step >= 60, [
    "SIGHUP",
    "SIGTERM",
  ]);
  expect(second.code).toBe(130);
  const third = await tenon(["train", "--resume", "parts", "--json"], folder);
  expect(third).toMatchObject({ code: 0, stderr: "" });

  // An evaluation may be what was interrupted.
  const training = (all: ReturnType<typeof losses>): (number | undefined)[][] =>
    all.map(([step, loss]) => [step, loss]);
  expect(training([first, second, third].flatMap(losses))).toEqual(training(losses(whole)));
  expect(losses(third).at(-1)).toEqual(losses(whole).at(-1));
  const model = async (name: string): Promise<Buffer> => readFile(join(folder, name, "model.safetensors"));
  expect((await model("parts")).equals(await model("whole"))).toBe(true);
  expect((await readdir(join(folder, "parts"))).sort()).toEqual(["loss.svg", "metrics.jsonl", "model.safetensors"]);
});

test("people are told at once that Ctrl-C was heard, and then how to go on", async () => {
  const folder = await temporaryFolder();
  const child = start(["train", ...tiny, "--stories", "20", "--steps", "100000", "--out", "my run"], folder);
  const end = ended(child);
  child.stderr.on("data", (text: string) => text.includes("1/100000") && child.kill("SIGINT"));
  const { code, stderr } = await end;
  expect(code).toBe(130);
  expect(stderr).toMatch(
    /\nFinishing this step, then saving\. Ctrl-C again ends at once\.\n[^]*Stopped after step \d+ of 100000; everything is saved\. Go on with: tenon train --resume 'my run'\n$/,
  );
});

test("a second Ctrl-C ends at once, and what was saved before is whole", async () => {
  const folder = await temporaryFolder();
  const run = ["train", ...tiny, "--stories", "20", "--steps", "100000", "--save-every", "1", "--json", "--out", "run"];
  const { code } = await interrupt(run, folder, ({ event, step }) => event === "saved" && step >= 3, [
    "SIGINT",
    "SIGINT",
  ]);
  // The code when the second signal found a listener, the signal when it did not.
  expect([130, "SIGINT"]).toContain(code);
  expect((await tenon(["inspect", "--model", "run"], folder)).code).toBe(0);
  const resumed = await interrupt(["train", "--resume", "run", "--json"], folder, ({ event }) => event === "step", [
    "SIGINT",
  ]);
  expect(losses(resumed)[0]![0]).toBeGreaterThan(3);
});

test("--json gives a line for each event, and nothing else", async () => {
  const folder = await temporaryFolder();
  const { code, stdout, stderr } = await tenon(
    [
      "train",
      ...tiny,
      "--stories",
      "20",
      "--steps",
      "4",
      "--save-every",
      "2",
      "--tokenizer",
      "byte",
      "--position",
      "rotary",
      "--key-value-heads",
      "1",
      "--json",
    ],
    folder,
  );
  expect([code, stderr]).toEqual([0, ""]);
  const lines = jsonLines<Line>(stdout);
  expect(lines.map(({ event, step }) => `${event} ${step}`)).toEqual([
    "start 0",
    "step 1",
    "step 2",
    "saved 2",
    "step 3",
    "step 4",
    "end 4",
  ]);
  expect(lines[0]).toEqual({
    event: "start",
    kind: "decoder",
    parameters: 7136,
    text: "20 stories",
    tokens: expect.any(Number),
    tokenizer: "byte",
    vocabulary: 256,
    context: 16,
    batch: 4,
    accumulate: 1,
    pairs: false,
    backend: expect.stringMatching(/^wasm \(.+\)$/),
    seed: 1,
    folder: "tenon-decoder",
    step: 0,
    steps: 4,
  });
  expect(lines.at(-1)).toMatchObject({ model: "tenon-decoder/model.safetensors" });
});

test("without --json it says what it does on stderr and what came of it on stdout; the loss falls", async () => {
  const folder = await temporaryFolder();
  const args = [
    "train",
    ...tiny,
    "--stories",
    "20",
    "--steps",
    "100",
    "--rate",
    "0.03",
    "--evaluate-every",
    "100",
    "--out",
    "my model",
  ];
  const { code, stdout, stderr } = await tenon(args, folder);
  expect(code).toBe(0);
  expect(stdout.replace(/in [\d.]+ s/, "in N s")).toBe(
    "Trained in N s. The model is my model/model.safetensors.\nTry it: tenon generate --model 'my model/model.safetensors'\n",
  );
  expect(stderr).toContain("model   decoder with");
  expect(stderr).toMatch(/\n1\/100 {2}loss \d\.\d{4} {2}[\d,]+ tokens\/s {2}[^\n]+ left\n/);
  const [first, last] = [/1\/100 {2}loss (\S+)/, /on held-out text (\S+)/].map((pattern) =>
    Number(pattern.exec(stderr)![1]),
  );
  expect(last).toBeLessThan(first! - 0.5);
});

test("a model is never overwritten unless asked", async () => {
  const folder = await temporaryFolder();
  const run = ["train", ...tiny, "--stories", "20", "--steps", "2", "--out", "run"];
  expect((await tenon(run, folder)).code).toBe(0);
  const before = await readFile(join(folder, "run/model.safetensors"));
  expect(await tenon([...run, "--seed", "2"], folder)).toEqual({
    code: 1,
    stdout: "",
    stderr:
      "error: the folder run already has a model in it (model.safetensors). Keep it and choose another folder with --out, or replace it with --force.\n",
  });
  expect((await readFile(join(folder, "run/model.safetensors"))).equals(before)).toBe(true);
  expect((await tenon([...run, "--seed", "2", "--force"], folder)).code).toBe(0);
  expect((await readFile(join(folder, "run/model.safetensors"))).equals(before)).toBe(false);
  // There is nothing left to resume.
  const { code, stderr } = await tenon(["train", "--resume", "run"], folder);
  expect(code).toBe(1);
  expect(stderr).toContain("error: there is no unfinished run in run: it has no checkpoints.");
});

test("when the reader of its lines goes away, a run is saved like at Ctrl-C", async () => {
  const folder = await temporaryFolder();
  const child = start(["train", ...tiny, "--stories", "20", "--steps", "100000", "--json", "--out", "run"], folder);
  const end = ended(child);
  await once(child.stdout, "data");
  child.stdout.destroy();
  expect((await end).code).toBe(130);
  expect(await readdir(join(folder, "run"))).toContain("checkpoints");
});
