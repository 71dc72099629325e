import { parseSafetensors } from "@tenon/checkpoint";
import { loadSavedModel } from "@tenon/pretrained";
import { generate } from "@tenon/sampling";
import { CheckpointError } from "@tenon/tensor";
import { namedSchedule } from "@tenon/training";
import { expect, onTestFinished, test, vi } from "vitest";

import { modelName } from "../model/saved-runs.ts";
import type { RunPlan, RunSettings } from "./run-plan.ts";
import type { RunState } from "./run-state.ts";
import { type RunShelf, shelfInMemory } from "./storage/run-shelf.ts";
import { at, phase, plan, runTo, settings, watched } from "./testing/watched.ts";

test("the loss of an assembled decoder falls in 50 steps of stories, and its file is that of the command line", async () => {
  const shelf = shelfInMemory(undefined);
  const state = await runTo(plan(), "finished", shelf);
  const { loss, heldOut, heldOutSteps } = state.curve;
  expect(loss.length).toBe(50);
  expect(loss[0]).toBeGreaterThan(3.5);
  expect(loss.at(-1)).toBeLessThan(3.2);
  expect(heldOutSteps).toEqual([25, 50]);
  expect(heldOut[1]).toBeLessThan(heldOut[0]!);
  expect(state.samples.map(({ step, pieces }) => [step, pieces[0]])).toEqual(
    [1, 25, 50].map((step) => [step, { text: "Mia the fox", by: "prompt" }]),
  );
  expect(state.samples[2]!.pieces[1]!.text).not.toBe("");

  const folder = shelf.folder("first");
  expect((await folder.list()).toSorted()).toEqual(["history.json", modelName, "run.json"]);
  const file = parseSafetensors(await folder.read(modelName), { name: modelName });
  const { model, tokenizer, training } = await loadSavedModel(file);
  expect(training).toMatchObject({ text: "60 stories", step: 50, steps: 50, batch: 4, heldOut: { step: 50 } });
  const ids: number[] = [];
  for await (const { id } of generate(model as never, tokenizer.encode("Mia"), { maxTokens: 5 })) ids.push(id);
  expect(tokenizer.decode(ids)).toHaveLength(5);
});

test("a run that was saved, paused, stopped, reloaded and gone on with is one that never was", async () => {
  const whole = await runTo(plan({}, { steps: 30, sampleEvery: 10 }));

  const shelf = shelfInMemory(undefined);
  const first = watched(shelf);
  const tenth = first.until(at(10));
  await first.trainer.begin(plan({}, { steps: 30, sampleEvery: 10 }), "cpu", first.tell);
  await tenth;
  const saved = first.until(({ savedAt = 0 }) => savedAt >= 10 && savedAt < 20);
  first.trainer.save(); // as when the page is hidden
  expect((await saved).phase).toBe("training");
  const paused = first.until(phase("paused"));
  first.trainer.pause();
  const { step, savedAt } = await paused;
  expect(savedAt).toBe(step);
  const going = first.until(at(step + 2));
  first.trainer.resume();
  await going;
  const stopped = first.until(phase("stopped"));
  first.trainer.stop();
  const left = await stopped;
  expect(left.step).toBeLessThan(30);
  expect(await first.trainer.runs()).toEqual([
    {
      name: "first",
      kind: "decoder",
      text: "60 stories",
      step: left.step,
      steps: 30,
      heldOut: left.heldOut?.loss,
      finished: false,
      lasting: true,
    },
  ]);

  const second = watched(shelf);
  const done = second.until(phase("finished"));
  await second.trainer.goOn("first", "cpu", second.tell);
  const resumed = await done;
  expect(resumed.curve).toEqual(whole.curve);
  expect(resumed.samples).toEqual(whole.samples);
  expect((await second.trainer.runs())[0]!.finished).toBe(true);
});

test("a change of batch and rate holds from its step on, after a reload too", async () => {
  const changed = async (reload: boolean): Promise<RunState> => {
    const shelf = shelfInMemory(undefined);
    const first = watched(shelf);
    const third = first.until(at(3));
    await first.trainer.begin(plan({}, { steps: 20, saveEvery: 100, sampleEvery: 3 }), "cpu", first.tell);
    await third;
    const paused = first.until(phase("paused"));
    first.trainer.pause();
    expect((await paused).step).toBe(3);
    await first.trainer.setBatch(2);
    first.trainer.setScale(0.5);
    await expect(first.trainer.setBatch(0)).rejects.toThrow("a batch has a whole number of pieces, 1 or more, got 0");
    const [sixth, done] = [first.until(at(6)), first.until(phase("finished"))];
    first.trainer.resume();
    await sixth;
    if (!reload) return done;
    const stopped = first.until(phase("stopped"));
    first.trainer.stop();
    await stopped;
    const second = watched(shelf);
    const end = second.until(phase("finished"));
    await second.trainer.goOn("first", "cpu", second.tell);
    return end;
  };
  const [whole, reloaded] = [await changed(false), await changed(true)];
  expect([whole.batch, whole.scale]).toEqual([2, 0.5]);
  expect(whole.rate).toBe(namedSchedule("cosine", { ...settings, steps: 20 })(19) * 0.5);
  expect(reloaded.curve).toEqual(whole.curve);
});

test("training goes on from a model that has learned", async () => {
  const shelf = shelfInMemory(undefined);
  await runTo(plan({}, { steps: 20 }), "finished", shelf);
  const bytes = (await shelf.folder("first").read(modelName)) as Uint8Array<ArrayBuffer>;
  const source = { kind: "files", files: [new File([bytes], "fox.safetensors")] } as const;
  const state = await runTo(
    plan({ name: "second", start: { kind: "trained", source } }, { steps: 6 }),
    "finished",
    shelf,
  );
  expect(state.facts.began).toBe("fox.safetensors");
  expect(state.curve.loss[0]).toBeLessThan(3.5);
  const { metadata } = parseSafetensors(await shelf.folder("second").read(modelName));
  expect(JSON.parse(metadata["tenon"]!)).toMatchObject({ training: { earlierSteps: 20, step: 6 } });
});

test("what cannot begin says why", async () => {
  const begin = (changes: Partial<RunPlan>, more: Partial<RunSettings> = {}): Promise<void> => {
    const { trainer, tell } = watched();
    return trainer.begin(plan(changes, more), "cpu", tell);
  };
  await expect(begin({ name: "../x" })).rejects.toThrow("a run is named by letters and digits");
  await expect(begin({ text: { kind: "pasted", text: " \n" } })).rejects.toThrow(
    "there is no text to train on. Paste one",
  );
  await expect(begin({ text: { kind: "pasted", text: "A fox ran home." } }, { documents: false })).rejects.toThrow(
    "the text is too short for pieces of 16 tokens: it has 15, of which the last tenth (2) is held out, and 17 are needed there. Take a longer text.",
  );
  await expect(begin({ text: { kind: "pasted", text: "A fox ran home.\n\nIt slept." } })).rejects.toThrow(
    "a token is to stand between documents, and the character tokenizer has none for that. Take byte pairs",
  );
  await expect(begin({}, { steps: 5 })).rejects.toThrow(
    "a warm-up of 5 steps takes all of a run of 5. Let it be shorter, or the run longer.",
  );
  await expect(begin({}, { window: 17 })).rejects.toThrow(
    "pieces of 17 tokens do not fit into the model's context of 16. Let them have 16 tokens or fewer.",
  );
});

test("one run at a time, and none over another", async () => {
  const { trainer, tell, until } = watched();
  const stopped = until(phase("stopped"));
  await trainer.begin(plan({}, { steps: 1000 }), "cpu", tell);
  await expect(trainer.begin(plan({ name: "other" }), "cpu", tell)).rejects.toThrow("a run is under way");
  await expect(trainer.remove("first")).rejects.toThrow('the run "first" is under way. Stop it first.');
  await expect(trainer.modelBytes("F32")).rejects.toThrow("pause the run first");
  trainer.stop();
  await stopped;
  const half = parseSafetensors(await trainer.modelBytes("F16"));
  expect(half.tensors.get("norm.scale")?.dtype ?? [...half.tensors.values()][0]!.dtype).toBe("F16");
  await expect(trainer.begin(plan(), "cpu", tell)).rejects.toThrow('there is a run "first" already');
  await trainer.remove("first");
  expect(await trainer.runs()).toEqual([]);
});

test("a loss that is no number ends a run in words, and it goes on from its checkpoint", async () => {
  const shelf = shelfInMemory(undefined);
  const { trainer, tell, until } = watched(shelf);
  const failed = until(phase("failed"));
  await trainer.begin(
    plan({}, { rate: 1e30, optimiser: "sgd", clip: 1e30, warmUp: 0, steps: 30, saveEvery: 1 }),
    "cpu",
    tell,
  );
  const { error } = await failed;
  expect(error).toMatch(
    /not finite.* What was saved at step \d+ is intact\. Go on from there with a lower learning rate/s,
  );
  const on = until(({ phase }) => phase === "training" || phase === "failed");
  await trainer.goOn("first", "cpu", tell, 1e-30);
  expect((await on).phase).toBe("training");
  trainer.stop();
});

test("storage that is full does not end a run", async () => {
  const shelf = shelfInMemory(undefined);
  const full: RunShelf = {
    ...shelf,
    folder: (name) => ({
      ...shelf.folder(name),
      write: () => Promise.reject(new CheckpointError("the browser's storage for this page is full.")),
    }),
  };
  const { trainer, tell, until } = watched(full);
  const done = until(phase("finished"));
  await trainer.begin(plan({}, { steps: 10 }), "cpu", tell);
  expect(await done).toMatchObject({ lasting: false, storageProblem: "the browser's storage for this page is full." });
  expect((await trainer.modelBytes("F32")).length).toBeGreaterThan(1000);
});

test("on a page of plain http a run lives in memory: it pauses, goes on, and can be downloaded", async () => {
  vi.stubGlobal("crypto", {});
  onTestFinished(() => void vi.unstubAllGlobals());
  const whole = await runTo(plan({ name: "whole" }, { steps: 12, sampleEvery: 4 }));
  const { trainer, tell, until } = watched(shelfInMemory("no storage here."));
  const begun = until(at(4));
  await trainer.begin(plan({}, { steps: 12, sampleEvery: 4 }), "cpu", tell);
  await begun;
  const paused = until(phase("paused"));
  trainer.pause();
  expect(await paused).toMatchObject({ lasting: false, storageProblem: "no storage here.", savedAt: undefined });
  const done = until(phase("finished"));
  trainer.resume();
  expect((await done).curve).toEqual(whole.curve);
  expect((await trainer.modelBytes("F32")).length).toBeGreaterThan(1000);
});

test("a damaged run is told by its folder", async () => {
  const shelf = shelfInMemory(undefined);
  await shelf.folder("old").write("run.json", new TextEncoder().encode("{"));
  const { trainer, tell } = watched(shelf);
  await expect(trainer.goOn("old", "cpu", tell)).rejects.toThrow(
    "runs/old holds no run that this version of the page can go on with: its run.json is missing or damaged. Delete the run",
  );
});
