import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

import { main } from "./command.ts";

const folder = mkdtempSync(join(tmpdir(), "tenon-testkit-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "gpu.json");
writeFileSync(
  file,
  JSON.stringify({ backend: "gpu", tests: [{ name: "ops/add/f32", status: "passed", how: "kernel" }] }),
);

function run(...argv: string[]): { code: number; printed: string[]; complaints: string[] } {
  const [printed, complaints]: [string[], string[]] = [[], []];
  const code = main(
    argv,
    (text) => printed.push(text),
    (text) => complaints.push(text),
  );
  return { code, printed, complaints };
}

test("matrix prints the support matrix, or writes it", () => {
  const { code, printed } = run("matrix", file);
  expect(code).toBe(0);
  expect(printed.join()).toContain("| `add` | kernel |");
  const out = join(folder, "matrix.md");
  expect(run("matrix", file, "--out", out)).toEqual({ code: 0, printed: [], complaints: [] });
  expect(readFileSync(out, "utf8")).toBe(printed.join());
});

test("what it does not understand is answered with the usage", () => {
  expect(run("--help").printed.join()).toContain("Usage: tenon-testkit matrix");
  for (const argv of [[], ["matrix"], ["table", file]]) {
    const { code, complaints } = run(...argv);
    expect([code, complaints[0]]).toEqual([2, expect.stringContaining("Usage: tenon-testkit matrix")]);
  }
});

test("files that cannot be read are named", () => {
  const missing = join(folder, "missing.json");
  expect(run("matrix", missing)).toEqual({ code: 1, printed: [], complaints: [expect.stringContaining(missing)] });
  const broken = join(folder, "broken.json");
  writeFileSync(broken, "[]");
  expect(run("matrix", broken).complaints).toEqual([expect.stringContaining(`${broken} holds no results`)]);
  expect(run("matrix", file, "--format", "html")).toMatchObject({
    code: 1,
    complaints: [expect.stringContaining("--format")],
  });
});
