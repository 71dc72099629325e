import { expect, test } from "vitest";

import { LatestOnly } from "./latest-only.ts";

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

test("only the first and the last are asked, and only the last is told", async () => {
  const [asked, told]: [string[], string[]] = [[], []];
  const latest = new LatestOnly();
  const ask = (name: string): void =>
    latest.ask(
      async () => {
        asked.push(name);
        await tick();
        return name;
      },
      (result) => told.push(result),
    );
  for (const name of ["a", "b", "c"]) ask(name);
  await tick();
  await tick();
  await tick();
  expect([asked, told]).toEqual([["a", "c"], ["c"]]);
  ask("d");
  latest.drop();
  await tick();
  await tick();
  expect([asked, told]).toEqual([["a", "c", "d"], ["c"]]);
});
