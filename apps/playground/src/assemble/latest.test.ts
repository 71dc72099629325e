import { expect, test } from "vitest";

import { Latest } from "./latest.ts";

/** A worker whose answers come when the test says. */
function asked(pause = 0) {
  const open: { readonly question: string; readonly answer: (text: string | undefined) => void }[] = [];
  const taken: string[] = [];
  const latest = new Latest<string, string>(
    (question) => new Promise((resolve) => open.push({ question, answer: resolve })),
    (answer, question) => taken.push(`${question}: ${answer}`),
    pause,
  );
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 3; i++) await new Promise((resolve) => setTimeout(resolve, pause + 2));
  };
  return { latest, open, taken, settle };
}

test("of what is asked while an answer is awaited, only the last is asked, and the answer that is out of date is dropped", async () => {
  const { latest, open, taken, settle } = asked();
  latest.ask("a");
  await settle();
  latest.ask("b");
  latest.ask("c");
  await settle();
  expect(open.map(({ question }) => question)).toEqual(["a"]);
  open[0]!.answer("old");
  await settle();
  expect(open.map(({ question }) => question)).toEqual(["a", "c"]);
  open[1]!.answer("new");
  await settle();
  expect(taken).toEqual(["c: new"]);
});

test("it waits for the pause, takes no answer that is none, and forgets what is stopped", async () => {
  const { latest, open, taken, settle } = asked(10);
  latest.ask("a");
  latest.ask("b");
  expect(open).toHaveLength(0);
  await settle();
  expect(open.map(({ question }) => question)).toEqual(["b"]);
  open[0]!.answer(undefined);
  await settle();
  latest.ask("c");
  await settle();
  latest.stop();
  open[1]!.answer("late");
  await settle();
  expect(taken).toEqual([]);
});
