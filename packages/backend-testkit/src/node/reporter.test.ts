import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { startVitest } from "vitest/node";

import { parseResults } from "../results.ts";
import TestkitReporter from "./reporter.ts";

// Inside the package, so that the planted test finds vitest.
const folder = mkdtempSync(fileURLToPath(new URL("../../node_modules/reporter-", import.meta.url)));
afterAll(() => rmSync(folder, { recursive: true }));

const source = JSON.stringify(fileURLToPath(new URL("..", import.meta.url)));
writeFileSync(
  join(folder, "planted.test.ts"),
  `import { test } from "vitest";
import { testBackend } from ${source.replace(/"$/u, 'test-backend.ts"')};
import { cpu } from "@tenon/tensor";

const create = () => cpu();
testBackend({ name: "my cpu", create, groups: ["random", "fused"], skip: [{ reason: "not yet", tests: "fused/l*" }] });
testBackend({ name: "gone/away", create: () => { throw new Error("no device"); }, groups: ["random"] });
test("of no backend", () => {});
`,
);

test("a run writes what became of each test, one file for each backend", async () => {
  const results = join(folder, "results");
  const code = process.exitCode;
  const vitest = await startVitest(
    [],
    {
      root: folder,
      config: false,
      watch: false,
      include: ["planted.test.ts"],
      reporters: [new TestkitReporter({ folder: results })],
    },
    { resolve: { conditions: ["@tenon/source"] }, ssr: { resolve: { conditions: ["@tenon/source"] } } },
  );
  await vitest.close();
  process.exitCode = code; // the planted failure is none of this run

  expect(readdirSync(results).sort()).toEqual(["gone-away.json", "my-cpu.json"]);
  const read = (name: string): ReturnType<typeof parseResults> =>
    parseResults(readFileSync(join(results, name), "utf8"), name);
  const mine = read("my-cpu.json");
  expect(mine.backend).toBe("my cpu");
  const named = (name: string): unknown => mine.tests.find((one) => one.name === name);
  expect(named("fused/softmax")).toEqual({ name: "fused/softmax", status: "passed", how: "kernel" });
  expect(named("fused/rope")).toEqual({ name: "fused/rope", status: "passed", how: "composed" });
  expect(named("fused/linear")).toEqual({ name: "fused/linear", status: "skipped", reason: "not yet" });
  expect(read("gone-away.json").tests.map(({ status, error }) => ({ status, error }))).toEqual([
    { status: "failed", error: "no device" },
    { status: "failed", error: "no device" },
  ]);
});
