import { expect, test } from "vitest";

import { tenon } from "../../test/tenon.ts";

const here = import.meta.dirname;

test.concurrent("each command has a help that teaches, on stdout", async () => {
  const commands = ["train", "generate", "fill", "inspect", "backends", "demo"];
  const helps = await Promise.all(commands.map((command) => tenon([command, "--help"], here)));
  for (const [i, { code, stdout, stderr }] of helps.entries()) {
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`Usage: tenon ${commands[i]!}`);
    expect(stdout.split("Examples:")[1]!.match(/^ {2}tenon /gm)!.length).toBeGreaterThanOrEqual(2);
  }
});

test.concurrent("without a command it says what there is", async () => {
  const { code, stdout, stderr } = await tenon([], here);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("train [options]             train a model on a text");
  expect(stdout).toContain("130  interrupted by Ctrl-C");
});

test.concurrent("the version is that of the package", async () => {
  expect(await tenon(["--version"], here)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
});

test.concurrent.each([
  ["an unknown command", ["trian"], "error: unknown command 'trian'\n(Did you mean train?)\nSee `tenon --help`.\n"],
  [
    "an unknown option",
    ["train", "--step", "5"],
    "error: unknown option '--step'\n(Did you mean --steps?)\nSee `tenon train --help`.\n",
  ],
  [
    "a missing value",
    ["generate", "--tokens"],
    "error: option '--tokens <n>' argument missing\nSee `tenon generate --help`.\n",
  ],
  ["a missing argument", ["fill"], "error: missing required argument 'text'\nSee `tenon fill --help`.\n"],
  [
    "too many arguments",
    ["inspect", "x"],
    "error: too many arguments for 'inspect'. Expected 0 arguments but got 1.\nSee `tenon inspect --help`.\n",
  ],
])("%s is wrong usage", async (_, args, message) => {
  expect(await tenon(args, here)).toEqual({ code: 2, stdout: "", stderr: message });
});
