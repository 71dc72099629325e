import { expect, test } from "vitest";

import type { Json } from "../op.ts";
import { decodeAttribute, decodeNumber, encodeAttribute, encodeNumber, printGraph, type Graph } from "./graph.ts";

test.each([1, -2.5, 0, -0, NaN, Infinity, -Infinity])("the number %d goes through JSON", (x) => {
  expect(decodeNumber(JSON.parse(JSON.stringify(encodeNumber(x))))).toBe(x);
});
test("attributes go through JSON, and ordinary ones stay as they are", () => {
  const attrs: Json = { list: [1, -Infinity, [NaN]], nested: { value: -0, name: "NaN", none: null, yes: true } };
  expect(encodeAttribute(attrs)).toEqual({
    list: [1, { number: "-Infinity" }, [{ number: "NaN" }]],
    nested: { value: { number: "-0" }, name: "NaN", none: null, yes: true },
  });
  expect(decodeAttribute(JSON.parse(JSON.stringify(encodeAttribute(attrs))))).toEqual(attrs);
  for (const like of [{ number: 3 }, { number: "three" }, { number: "NaN", other: 1 }])
    expect(decodeAttribute(encodeAttribute(like))).toEqual(like);
});
test("a graph prints, a line for each value", () => {
  const type = { dtype: "f32", shape: [2] } as const;
  const graph: Graph = {
    inputs: [{ id: 0, name: "x", type }],
    constants: [
      { id: 1, type, name: "blocks.0.weight" },
      { id: 2, type: { dtype: "i32", shape: [] } },
    ],
    nodes: [
      {
        op: "attention",
        attrs: {
          scale: 0.5,
          mask: [{ kind: "causal" }, { kind: "lengths", input: 0 }],
          softCap: null,
          fill: { number: "-Infinity" },
          none: {},
        },
        inputs: [0, 1, 1, null, 2],
        outputs: [3],
        types: [type],
      },
      {
        op: "topK",
        attrs: {},
        inputs: [3, { number: "-0" }],
        outputs: [4, 5],
        types: [type, { dtype: "i32", shape: [2] }],
      },
    ],
    outputs: { values: 4, places: 5 },
  };
  expect(printGraph(graph)).toMatchInlineSnapshot(`
    "%0 = input "x" : f32 [2]
    %1 = constant "blocks.0.weight" : f32 [2]
    %2 = constant : i32 []
    %3 = attention(%0, %1, %1, none, %2) { scale: 0.5, mask: [{ kind: "causal" }, { kind: "lengths", input: 0 }], softCap: null, fill: -Infinity, none: {} } : f32 [2]
    %4, %5 = topK(%3, -0) : f32 [2], i32 [2]
    return "values" = %4
    return "places" = %5"
  `);
});
