import { existsSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { ended, jsonLines, start, temporaryFolder, tenon, tiny, without } from "../../test/tenon.ts";

interface Event {
  readonly backend?: string;
  readonly loss?: number;
}

const here = import.meta.dirname;
const short = [...tiny, "--stories", "20"];
const shipped = existsSync(new URL("../../models/story-decoder.safetensors", import.meta.url));

test.concurrent("trains on each backend, to nearly the same losses", async () => {
  const folder = await temporaryFolder();
  const run = async (name: string): Promise<Event[]> => {
    const options = [...short, "--steps", "4", "--json", "--out", name.replace(":", "-"), "--backend", name];
    const { code, stdout, stderr } = await tenon(["train", ...options], folder);
    expect(code, stderr).toBe(0);
    return jsonLines<Event>(stdout);
  };
  const [cpu, ...others] = await Promise.all(["cpu", "wasm", "gpujs:webasm"].map(run));
  const losses = (events: Event[]): number[] => events.flatMap(({ loss }) => loss ?? []);
  expect(losses(cpu!).length).toBeGreaterThan(3);
  expect([cpu!, ...others].map(([begun]) => begun!.backend)).toEqual([
    "cpu",
    expect.stringMatching(/^wasm \(/),
    expect.stringMatching(/^gpujs \(webasm, \d+ threads?\)$/),
  ]);
  for (const other of others) {
    losses(other).forEach((loss, i) => expect(loss).toBeCloseTo(losses(cpu!)[i]!, 4));
  }
});

describe.runIf(shipped)("with the models that come with Tenon", () => {
  test.concurrent.each([
    ["generate", ["generate", "--prompt", "One day, Tom the cat", "--greedy", "--tokens", "12"]],
    ["fill", ["fill", "The kite was stuck in a tall [MASK]."]],
  ])("%s says the same in gpu.js", async (_, args) => {
    const [cpu, gpujs] = await Promise.all(
      ["cpu", "gpujs:webasm"].map((name) => tenon([...args, "--backend", name], here)),
    );
    expect(gpujs).toEqual({ code: 0, stdout: cpu!.stdout, stderr: "" });
  });
});

test.concurrent("gpu.js ends with the command: after Ctrl-C, and after an error", async () => {
  const folder = await temporaryFolder();
  const child = start(["train", ...short, "--steps", "100000", "--json", "--out", "run", "--backend", "gpujs"], folder);
  let sent = false;
  child.stdout.on("data", (text: string) => {
    if (!sent && text.includes('"event":"step"')) sent = child.kill("SIGINT");
  });
  const [interrupted, failed] = await Promise.all([
    ended(child),
    tenon(["generate", "--model", "nothing", "--backend", "gpujs:webasm"], folder),
  ]);
  expect(interrupted).toMatchObject({ code: 130, stderr: expect.stringContaining("everything is saved") as string });
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error: .*nothing/) as string });
});

test.concurrent("without gpu.js it says how to get it, in one line", async () => {
  const { code, stdout, stderr } = await ended(start(["demo", "--backend", "gpujs"], here, without("gpu.js")));
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(
    /^error: gpujs: gpu\.js could not be loaded \(Cannot find package .*\)\. Install it: npm install gpu\.js@[\d.]+\n$/,
  );
});

test.concurrent("who does not ask for gpu.js does not load the backend either", async () => {
  const folder = await temporaryFolder();
  const args = ["train", ...short, "--steps", "1", "--out", "model"];
  expect(await ended(start(args, folder, without("@tenon/backend-gpujs")))).toMatchObject({ code: 0 });
});

test.concurrent("a mode that does not work here is refused in its own words", async () => {
  const { code, stdout, stderr } = await tenon(["demo", "--backend", "gpujs:webgpu"], here);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^error: gpujs \(webgpu\): .+\n$/);
});

test.concurrent.each(["gpu", "gpujs:webgl"])("says which there are, got %s", async (name) => {
  expect(await tenon(["generate", "--backend", name], here)).toEqual({
    code: 1,
    stdout: "",
    stderr:
      "error: --backend is wasm, wasm:revectorize, cpu, gpujs, gpujs:auto, gpujs:webgpu, gpujs:webgl2, gpujs:webasm or gpujs:cpu, " +
      `got "${name}". \`tenon backends\` shows what works here.\n`,
  });
});
