import { cpu, composites, primitives } from "@tenon/tensor";
import { expect, test } from "vitest";

import { backendTests } from "./backend-tests.ts";
import { opGroups } from "./group-names.ts";
import { groups } from "./groups/all.ts";
import { renderMatrix } from "./matrix.ts";
import { parseResults, type BackendResults } from "./results.ts";

const first: BackendResults = {
  backend: "gpu",
  tests: [
    { name: "ops/add/f32", status: "passed", how: "kernel" },
    { name: "ops/add/f16", status: "skipped", reason: "no halves yet" },
    { name: "special/add", status: "skipped", reason: "no halves yet" },
    { name: "ops/rope/f32", status: "passed", how: "composed" },
    { name: "gradient/rope", status: "passed" },
    { name: "ops/topK/f32", status: "failed", error: "element 3" },
    { name: "large/topK", status: "failed" },
    { name: "special/max", status: "skipped", reason: "hardware flushes | drops NaN" },
    { name: "memory/a scope", status: "passed" },
    { name: "memory/a view", status: "passed" },
  ],
};
const second: BackendResults = {
  backend: "wasm",
  tests: [
    { name: "ops/add/f32", status: "passed", how: "kernel" },
    { name: "golden/einsum", status: "passed" },
    { name: "memory/a scope", status: "skipped", reason: "no counts" },
  ],
};

test("the matrix has a row for each op and for each other group, and a reason for each skip", () => {
  expect(renderMatrix([first, second])).toBe(`| op | gpu | wasm |
| --- | --- | --- |
| \`add\` | kernel [1] | kernel |
| \`einsum\` | not tested | 1 passed |
| \`max\` | skipped [2] | not tested |
| \`rope\` | composed | not tested |
| \`topK\` | **fails**: \`ops/topK/f32\`, \`large/topK\` | not tested |

| beyond single ops | gpu | wasm |
| --- | --- | --- |
| \`memory\` | 2 passed | skipped [3] |

1. gpu: no halves yet (\`ops/add/f16\`, \`special/add\`)
2. gpu: hardware flushes | drops NaN (\`special/max\`)
3. wasm: no counts (\`memory/a scope\`)
`);
});

test("a table or notes without a line are left out", () => {
  const tests = first.tests.filter(({ name }) => name.startsWith("memory/"));
  const expected = "| beyond single ops | gpu |\n| --- | --- |\n| `memory` | 2 passed |\n";
  expect(renderMatrix([{ backend: "gpu", tests }])).toBe(expected);
});

test("the groups of the matrix are those of the tests, each named for what it is", () => {
  expect(Object.keys(groups)).toEqual(expect.arrayContaining([...opGroups]));
  const ops = new Set(Object.keys({ ...primitives, ...composites }));
  for (const { name } of backendTests({ name: "x", create: cpu })) {
    const [group, row] = name.split("/") as [string, string];
    if (group !== "golden") expect([name, ops.has(row)]).toEqual([name, opGroups.some((one) => one === group)]);
  }
});

test("results that are none are refused", () => {
  expect(() => parseResults("{", "a.json")).toThrow(
    "a.json is no JSON; expected results that the testkit's reporter wrote",
  );
  for (const text of [
    "null",
    "{}",
    '{"backend":"x","tests":[{"name":"a","status":"fine"}]}',
    '{"backend":1,"tests":[]}',
  ])
    expect(() => parseResults(text, "a.json")).toThrow("a.json holds no results: expected { backend, tests:");
  expect(parseResults(JSON.stringify(first), "a.json")).toEqual(first);
});
