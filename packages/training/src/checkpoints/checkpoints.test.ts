import { Linear, Module } from "@tenon/nn";
import { type Backend, CheckpointError, cpu, isTenonError, random, type Tensor } from "@tenon/tensor";
import { expect, test, vi } from "vitest";

import { AdamW } from "../optimisers/adamw.ts";
import type { CheckpointFiles } from "./checkpoint-files.ts";
import { checkpointsInMemory } from "./checkpoints-in-memory.ts";
import { Checkpoints } from "./checkpoints.ts";
import type { Stateful, Trained } from "./stateful.ts";

class Two extends Module<[x: Tensor], Tensor> {
  readonly first: Linear = new Linear({ input: 2, output: 3, random: random(1) });
  readonly second: Linear = new Linear({ input: 3, output: 1, random: random(2) });
  protected override compute(x: Tensor): Tensor {
    return this.second.forward(this.first.forward(x));
  }
}

class Memory implements Stateful {
  values = new Float32Array(2);
  state = () => Promise.resolve(new Map([["x", { shape: [2], data: this.values.slice() }]]));
  load = (state: Awaited<ReturnType<Stateful["state"]>>): void => void (this.values = state.get("x")!.data.slice());
}

async function made(on: Backend = cpu()): Promise<{ model: Two; optimiser: AdamW; step(times?: number): void }> {
  const model = await new Two().to(on);
  const optimiser = new AdamW(model);
  const step = (times = 1): void => {
    for (let i = 0; i < times; i++)
      optimiser.step(new Map(Array.from(model.parameters().values(), (each) => [each, each.value])), 0.01);
  };
  return { model, optimiser, step };
}
const everything = async ({ model, optimiser }: Trained) => [
  await Promise.all(Array.from(model.parameters(), async ([path, each]) => [path, await each.host()])),
  await optimiser.state(),
];
async function refused(work: Promise<unknown>, kind = "CheckpointError"): Promise<string> {
  const error: unknown = await work.then(
    () => new Error("it was accepted"),
    (error: unknown) => error,
  );
  if (!isTenonError(error, kind)) throw error;
  return error.message;
}
/** Saves at steps 1, 2, … */
async function saved(files: CheckpointFiles, steps: number, keep = steps): Promise<Checkpoints> {
  const trained = await made();
  const checkpoints = new Checkpoints(files, { keep });
  for (let i = 0; i < steps; i++) {
    trained.step();
    await checkpoints.save(trained, { at: trained.optimiser.steps });
  }
  return checkpoints;
}
const nameOf = (step: number): string => `step-0000000${step}.safetensors`;

test("what is saved is restored to the bit, parts and record included", async () => {
  const files = checkpointsInMemory();
  const from = await made();
  from.step(3);
  from.model.first.weight.assign(Float32Array.of(-0, 1e-45, 3.4e38, 0.1, NaN, Infinity));
  const average = new Memory();
  average.values = Float32Array.of(0.3, -7);
  const record = { options: { seed: 7, name: 'a "sha256":"quote" é' }, best: 0.1 + 0.2, none: null, list: [1, true] };
  expect(await new Checkpoints(files).save({ ...from, parts: { average } }, record)).toBe(nameOf(3));

  const to = await made();
  const empty = new Memory();
  const found = await new Checkpoints(files).latest();
  expect(found?.record).toEqual(record);
  expect(found?.passedOver).toEqual([]);
  await found!.restore({ ...to, parts: { average: empty } });
  expect(await everything(to)).toEqual(await everything(from));
  expect(empty.values).toEqual(average.values);
  expect(Object.is((await to.model.first.weight.host())[0], -0)).toBe(true);
});

test("the last ones are kept, other files are left alone, and clear() removes only checkpoints", async () => {
  const files = checkpointsInMemory();
  for (const name of ["step-1.safetensors", "notes", "step-00000001.safetensors.bak"])
    await files.write(name, Uint8Array.of(1));
  const checkpoints = await saved(files, 5, 2);
  const others = ["step-1.safetensors", "notes", "step-00000001.safetensors.bak"];
  expect(await files.list()).toEqual([...others, nameOf(4), nameOf(5)]);
  await checkpoints.clear();
  expect(await files.list()).toEqual(others);
  expect(await checkpoints.latest()).toBe(undefined);
});

test("damage of any single byte is found, wherever it is", async () => {
  const files = checkpointsInMemory();
  await saved(files, 2);
  const good = await files.read(nameOf(2));
  for (let at = 0; at < good.length; at++) {
    const bad = good.slice();
    bad[at] = bad[at]! ^ (1 << (at % 8));
    await files.write(nameOf(2), bad);
    const found = await new Checkpoints(files).latest();
    if (found?.step !== 1 || found.passedOver.length !== 1)
      throw new Error(`byte ${at} of ${good.length} changed unseen`);
  }
  // The bit that stands between 2 and 3, say: the file is sound, but not the one that was written.
  const bad = good.slice();
  bad[bad.length - 1]! ^= 0x40;
  await files.write(nameOf(2), bad);
  const found = await new Checkpoints(files).latest();
  expect(found?.passedOver[0]).toEqual({
    file: nameOf(2),
    reason: expect.stringMatching(
      /^step-00000002\.safetensors is damaged: the SHA-256 of its content is [0-9a-f]{64}, but it says [0-9a-f]{64}\.$/,
    ),
  });
});

test("a file cut short anywhere, empty, longer or foreign is passed over, with the reason", async () => {
  const files = checkpointsInMemory();
  const checkpoints = await saved(files, 2);
  const good = await files.read(nameOf(2));
  const reasonOf = async (bytes: Uint8Array): Promise<string> => {
    await files.write(nameOf(2), bytes);
    const found = await checkpoints.latest();
    expect([found?.step, found?.record]).toEqual([1, { at: 1 }]);
    expect(found?.passedOver.map(({ file }) => file)).toEqual([nameOf(2)]);
    return found!.passedOver[0]!.reason;
  };
  for (let length = 0; length < good.length; length += 7) await reasonOf(good.slice(0, length));
  expect(await reasonOf(new Uint8Array())).toContain("step-00000002.safetensors is empty (0 bytes)");
  expect(await reasonOf(Uint8Array.of(...good, 0))).toContain("the rest belongs to none");
  expect(await reasonOf(new TextEncoder().encode("hello"))).toContain("is not a safetensors file, or is damaged");
  const header = '{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}  ';
  const foreign = new Uint8Array(8 + header.length);
  foreign[0] = header.length;
  foreign.set(new TextEncoder().encode(header), 8);
  expect(await reasonOf(foreign)).toBe(
    'step-00000002.safetensors is no checkpoint of a training run, or is damaged: its metadata has no "sha256".',
  );
});

test("when none can be read, one error lists them all", async () => {
  const files = checkpointsInMemory();
  const checkpoints = await saved(files, 2);
  for (const step of [1, 2]) await files.write(nameOf(step), new Uint8Array());
  const message = await refused(checkpoints.latest());
  expect(message.split("\n").map((line) => line.slice(0, 58))).toEqual([
    "none of the 2 checkpoints in memory can be read:",
    "  step-00000002.safetensors is empty (0 bytes); expected a",
    "  step-00000001.safetensors is empty (0 bytes); expected a",
    "Bring one back from a copy, or begin the run again in anot",
  ]);
});

test("a damaged one counts as none that is kept, and goes with the next that is whole", async () => {
  const files = checkpointsInMemory();
  await saved(files, 3, 2);
  await files.write(nameOf(3), Uint8Array.of(1));
  const checkpoints = new Checkpoints(files, { keep: 2 });
  const again = await made();
  await (await checkpoints.latest())!.restore(again);
  expect(again.optimiser.steps).toBe(2);
  // Below the damaged one's step: it is no later checkpoint of another run.
  await checkpoints.save(again);
  expect(await files.list()).toEqual([nameOf(2)]);
  again.step(2);
  await checkpoints.save(again);
  expect((await files.list()).toSorted()).toEqual([nameOf(2), nameOf(4)]);
});

test("a run does not save below a later checkpoint of another", async () => {
  const files = checkpointsInMemory();
  const checkpoints = await saved(files, 2);
  const other = await made();
  other.step();
  expect(await refused(checkpoints.save(other))).toBe(
    "cannot save step 1: memory has a later checkpoint, step-00000002.safetensors. Go on from it (latest), clear() the place, or use another.",
  );
});

test("a full disk is one error; what was saved before is intact", async () => {
  const files = checkpointsInMemory();
  const full: CheckpointFiles = {
    ...files,
    write: () => Promise.reject(Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" })),
  };
  const trained = await made();
  expect(await refused(new Checkpoints(full).save(trained))).toBe(
    "cannot write memory/step-00000000.safetensors: ENOSPC: no space left on device, write. Nothing was saved before.",
  );
  await saved(files, 2);
  const checkpoints = new Checkpoints({
    ...full,
    write: () => Promise.reject(new CheckpointError("cannot write disk/step-00000005.safetensors: the disk is full.")),
  });
  trained.step(5);
  expect(await refused(checkpoints.save(trained))).toBe(
    "cannot write disk/step-00000005.safetensors: the disk is full. What was saved before, step-00000002.safetensors, is intact.",
  );
  expect((await new Checkpoints(files).latest())?.step).toBe(2);
  expect(await files.list()).toEqual([nameOf(1), nameOf(2)]);
});

test("a checkpoint that does not fit is refused, and nothing has changed", async () => {
  const files = checkpointsInMemory();
  await saved(files, 2);
  const found = (await new Checkpoints(files).latest())!;
  const to = await made();
  to.step();
  const before = await everything(to);
  expect(await refused(found.restore({ ...to, parts: { average: new Memory() } }))).toBe(
    "step-00000002.safetensors holds no parts beside model and optimiser, and average should be restored from it. Give the parts that it was saved with.",
  );
  const other = await new Linear({ input: 2, output: 1, random: random(1) }).to(cpu());
  expect(await refused(found.restore({ ...to, optimiser: new AdamW(other) }))).toMatch(
    /^step-00000002\.safetensors: AdamW: the saved state does not fit the model, and nothing was loaded\. 6 missing/,
  );
  // The optimiser fits and the model does not: the optimiser is taken back.
  expect(await refused(found.restore({ ...to, model: other }))).toMatch(
    /^step-00000002\.safetensors does not fit the model/,
  );
  const counting = { steps: 7, state: () => Promise.resolve(new Map()), load: () => undefined };
  expect(await refused(found.restore({ ...to, optimiser: counting }))).toContain("the optimiser has taken 7 steps");
  expect(await everything(to)).toEqual(before);
});

test("what JSON would change is refused by name; so is a bad name, a bad keep and a place without WebCrypto", async () => {
  const checkpoints = new Checkpoints(checkpointsInMemory());
  const trained = await made();
  const problem = (record: unknown): Promise<string> =>
    refused(checkpoints.save(trained, record as never), "ConfigError");
  expect(await problem({ best: [1, { loss: Infinity }] })).toBe(
    "a checkpoint's record.best[1].loss is Infinity, which JSON cannot hold; expected plain objects, arrays, strings, booleans, null and finite numbers",
  );
  expect(await problem({ a: -0 })).toContain("record.a is -0");
  expect(await problem({ a: new Map() })).toContain("record.a is Map");
  expect(await problem({ a: 1n })).toContain("record.a is bigint");
  expect(await refused(checkpoints.save({ ...trained, parts: { "a.b": new Memory() } }), "ConfigError")).toBe(
    'a checkpoint\'s part is called "a.b"; expected a letter, then letters, digits, - and _',
  );
  expect(() => new Checkpoints(checkpointsInMemory(), { keep: 0 })).toThrow(
    "Checkpoints: keep must be a whole number from 1 up, got 0",
  );
  vi.stubGlobal("crypto", {});
  try {
    expect(await refused(checkpoints.save(trained), "ConfigError")).toContain("checkpoints need WebCrypto");
  } finally {
    vi.unstubAllGlobals();
  }
});
