import { beforeEach, expect, test, vi } from "vitest";

import type { Opened, OpenProgress } from "../engine/model-info.ts";
import type { ModelSource } from "../engine/model-source.ts";
import { dismiss, problems } from "../problems/problem.ts";
import {
  cancelOpening,
  movingTo,
  openedModel,
  openedSource,
  openingSource,
  openProgress,
  openModel,
  switchBackend,
  usedBackend,
} from "./session.ts";

/** What the page has asked of the worker: to be answered by hand. */
interface Asked {
  readonly source: ModelSource;
  readonly backend: string;
  readonly told: (progress: OpenProgress) => void;
  readonly closed: () => void;
  readonly answer: (opened: Opened) => void;
  readonly fail: (error: Error) => void;
}

const worker = vi.hoisted(() => ({ opens: [] as Asked[], uses: [] as { answer: (used: unknown) => void }[] }));

vi.mock("comlink", () => ({ proxy: (value: unknown) => value }));
vi.stubGlobal("Worker", EventTarget); // any class
vi.mock("../workers/worker-client.ts", () => ({
  startWorker: () => ({
    running: { stop: () => Promise.resolve() },
    models: {
      open: (source: ModelSource, backend: string, told: Asked["told"], closed: () => void) =>
        new Promise((answer, fail) => worker.opens.push({ source, backend, told, closed, answer, fail })),
      use: () => new Promise((answer) => worker.uses.push({ answer })),
      cancel: () => Promise.resolve(),
    },
  }),
}));

const decoder: ModelSource = { kind: "shipped", name: "story-decoder" };
const encoder: ModelSource = { kind: "shipped", name: "story-encoder" };
const opened = (name: string, id = "wasm"): Opened => ({ info: { name }, backend: { id, name: id } }) as Opened;
const next = async (): Promise<Asked> => {
  await vi.waitFor(() => expect(worker.opens.length).toBe(1));
  return worker.opens.shift()!;
};

beforeEach(() => problems.value.forEach(dismiss));

test("what the worker has opened is what is open, however late it is told", async () => {
  const first = openModel(decoder);
  (await next()).answer(opened("decoder"));
  await first;
  expect([openedModel.value?.name, openingSource.value]).toEqual(["decoder", undefined]);
  const late = openModel(encoder);
  const asked = await next();
  cancelOpening(); // it was through just then
  asked.answer(opened("encoder"));
  await late;
  expect([openedModel.value?.name, openedSource.value]).toEqual(["encoder", encoder]);
});

test("how far an opening is, told after it was through, does not open it again", async () => {
  const open = openModel(decoder);
  const asked = await next();
  asked.told({ done: 1, of: 2 });
  expect(openProgress.value).toEqual({ done: 1, of: 2 });
  asked.answer(opened("decoder"));
  await open;
  asked.told({ done: 2, of: 2 });
  expect(openProgress.value).toBeUndefined();
});

test("an opening that another followed fails unheard", async () => {
  const [a, b] = [openModel(decoder), openModel(encoder)];
  await vi.waitFor(() => expect(worker.opens.length).toBe(2));
  const [first, second] = worker.opens.splice(0);
  first!.fail(new Error("aborted"));
  await a;
  expect(openingSource.value).toBe(encoder);
  second!.answer(opened("encoder"));
  await b;
  expect([openedModel.value?.name, problems.value]).toEqual(["encoder", []]);
});

test("a model that is opened while the one before moves is opened where that was to go", async () => {
  const move = switchBackend("cpu");
  expect(movingTo.value).toBe("cpu");
  const open = openModel(decoder);
  const asked = await next();
  expect(asked.backend).toBe("cpu");
  worker.uses.shift()!.answer({ id: "cpu", name: "cpu" });
  asked.answer(opened("decoder", "cpu"));
  await Promise.all([move, open]);
  expect([usedBackend.value.id, movingTo.value]).toEqual(["cpu", undefined]);
});

test("where there is no room for two, and the next fails, none is open, and that is said", async () => {
  const open = openModel(encoder);
  const asked = await next();
  asked.closed();
  expect(openedModel.value).toBeUndefined();
  asked.fail(new Error("it is damaged"));
  await open;
  expect(problems.value).toEqual([
    { title: "The model before is closed", message: "There was no room for both. Choose a model above." },
    { title: "The model could not be opened", message: "it is damaged" },
  ]);
  expect(openedSource.value).toBe(encoder);
});
