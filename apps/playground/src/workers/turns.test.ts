import { expect, test } from "vitest";

import { Turns } from "./turns.ts";

test("one thing happens after the other, in the order of asking, also after a failure", async () => {
  const turns = new Turns();
  const seen: string[] = [];
  const step = async (name: string): Promise<string> => {
    seen.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 2));
    seen.push(`${name} ends`);
    return name;
  };
  const first = turns.take(() => step("a"));
  const failing = turns.take(() => Promise.reject(new Error("no")));
  const last = turns.take(() => step("b"));
  await expect(failing).rejects.toThrow("no");
  expect(await Promise.all([first, last])).toEqual(["a", "b"]);
  expect(seen).toEqual(["a begins", "a ends", "b begins", "b ends"]);
});
