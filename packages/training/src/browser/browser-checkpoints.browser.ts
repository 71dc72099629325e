import { Linear } from "@tenon/nn";
import { cpu, random } from "@tenon/tensor";
import { afterEach, expect, test, vi } from "vitest";

import { Checkpoints } from "../checkpoints/checkpoints.ts";
import { AdamW } from "../optimisers/adamw.ts";
import { browserCheckpoints } from "./browser-checkpoints.ts";

const storage = (): Promise<FileSystemDirectoryHandle> => navigator.storage.getDirectory();
afterEach(async () => (await storage()).removeEntry("runs-test", { recursive: true }).catch(() => undefined));

test("checkpoints in a page's own storage: saved, found again, fallen back on, removed", async () => {
  const files = browserCheckpoints("runs-test/first");
  expect(await files.list()).toEqual([]);
  await files.remove("nothing");
  const model = await new Linear({ input: 2, output: 1, random: random(1) }).to(cpu());
  const optimiser = new AdamW(model);
  const checkpoints = new Checkpoints(files);
  const gradient = () => new Map([[model.weight, model.weight.value]]);
  await checkpoints.save({ model, optimiser }, { seed: 1 });
  optimiser.step(gradient(), 0.1);
  await checkpoints.save({ model, optimiser }, { seed: 1 });
  optimiser.step(gradient(), 0.1);
  await checkpoints.save({ model, optimiser }, { seed: 1 });
  const names = ["step-00000001.safetensors", "step-00000002.safetensors"];
  expect([...(await files.list())].sort()).toEqual(names);

  // As a tab that died while it saved leaves it.
  await files.write(names[1]!, new Uint8Array());
  const found = await new Checkpoints(browserCheckpoints("runs-test/first")).latest();
  expect([found?.step, found?.record]).toEqual([1, { seed: 1 }]);
  expect(found?.passedOver).toEqual([{ file: names[1], reason: expect.stringContaining("is empty (0 bytes)") }]);

  await expect(files.read("nothing")).rejects.toThrow(
    "cannot read runs-test/first/nothing: there is no such file. Check the path.",
  );
  await checkpoints.clear();
  expect(await files.list()).toEqual([]);
});

test("a full storage is one error, and nothing is left of the file", async () => {
  const files = browserCheckpoints("runs-test/full");
  await files.write("before", Uint8Array.of(1));
  const full = vi
    .spyOn(FileSystemWritableFileStream.prototype, "write")
    .mockRejectedValue(new DOMException("no room", "QuotaExceededError"));
  try {
    await expect(files.write("after", Uint8Array.of(1))).rejects.toThrow(
      "cannot write runs-test/full/after: the browser's storage for this page is full. Delete something from it, or make room on the disk.",
    );
    await expect(files.write("before", Uint8Array.of(2))).rejects.toThrow("is full");
  } finally {
    full.mockRestore();
  }
  expect(await files.list()).toEqual(["before"]);
  expect(await files.read("before")).toEqual(Uint8Array.of(1));
});

test.each(["", "/runs", "runs/", "runs//first", "../runs"])("the path %j is refused", (path) => {
  expect(() => browserCheckpoints(path)).toThrow(
    `a path is names with a slash between each two, as in "runs/first", got ${JSON.stringify(path)}`,
  );
});
