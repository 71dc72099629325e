import { ConfigError, ShapeError } from "@tenon/tensor";
import { expect, test } from "vitest";

import { recordingSession } from "../test/recording-session.ts";
import { reportFailure } from "./failure.ts";
import { Interrupted } from "./interrupt.ts";

async function report(error: unknown, command?: string): Promise<[code: number, said: string]> {
  const { session, said } = recordingSession(command);
  return [await reportFailure(error, session), said()];
}

test("a command that a message proposes is one that can be typed here", async () => {
  const error = new ConfigError("m is an encoder. Use it with `tenon fill`, or train one with `tenon train`.");
  expect(await report(error)).toEqual([1, `error: ${error.message}\n`]);
  expect(await report(error, "npm run tenon --")).toEqual([
    1,
    "error: m is an encoder. Use it with `npm run tenon -- fill`, or train one with `npm run tenon -- train`.\n",
  ]);
});

test("what is too large for this machine is a problem, not a bug", async () => {
  // The three ways in which V8 and the system say it.
  const errors = [
    () => new Float32Array(2 ** 53),
    () => "x".repeat(2 ** 29).repeat(4),
    () => Array.from({ length: 2 ** 33 }),
  ];
  for (const allocate of errors) {
    let thrown: unknown;
    try {
      allocate();
    } catch (error) {
      thrown = error;
    }
    expect(await report(thrown)).toEqual([1, expect.stringMatching(/^error: there is not enough memory for this/)]);
  }
});

test("an interruption says only what there is to say; a bug shows its stack and asks for a report", async () => {
  expect(await report(new Interrupted())).toEqual([130, ""]);
  expect(await report(new Interrupted("Stopped."))).toEqual([130, "Stopped.\n"]);
  for (const bug of [new TypeError("x is not a function"), new ShapeError("[1] and [2]")]) {
    const [code, said] = await report(bug);
    expect([code, said]).toEqual([70, expect.stringMatching(/\n +at [\s\S]*This is a mistake in Tenon/)]);
  }
});
