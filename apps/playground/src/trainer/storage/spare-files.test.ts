import { CheckpointError } from "@tenon/tensor";
import { checkpointsInMemory } from "@tenon/training";
import { expect, test } from "vitest";

import { SpareFiles } from "./spare-files.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("what a place does not take lies in memory, and what it has stays there until it takes the next", async () => {
  const inner = checkpointsInMemory();
  let full = false;
  const place = {
    ...inner,
    write: (file: string, content: Uint8Array) =>
      full ? Promise.reject(new CheckpointError("the disk is full.")) : inner.write(file, content),
  };
  const files = new SpareFiles(place);
  const told: (string | undefined)[] = [];
  files.onChange = () => told.push(files.problem);

  await files.write("a", bytes("1"));
  full = true;
  await files.write("b", bytes("2"));
  await files.write("a", bytes("3"));
  await files.remove("a");
  expect(await inner.list()).toEqual(["a"]); // to go on from, when the page is closed
  expect((await files.list()).toSorted()).toEqual(["a", "b"]);
  expect([...(await files.read("b")), ...(await files.read("a"))]).toEqual([...bytes("2"), ...bytes("1")]);

  full = false;
  await files.write("b", bytes("4"));
  await files.remove("a");
  expect([await inner.list(), [...(await inner.read("b"))]]).toEqual([["b"], [...bytes("4")]]);
  expect(told).toEqual(["the disk is full.", undefined]);
});
