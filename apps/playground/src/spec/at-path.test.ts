import { expect, test } from "vitest";

import { valueAt, withValueAt } from "./at-path.ts";

const spec = { width: 8, decoder: { attention: { kind: "multi-head", heads: 2 }, layers: 3 } };

test("a value is found by its path, and nothing where nothing stands", () => {
  expect(valueAt(spec, ["decoder", "attention", "heads"])).toBe(2);
  expect(valueAt(spec, ["decoder", "norm", "kind"])).toBeUndefined();
  expect(valueAt(spec, ["decoder", "toString"])).toBeUndefined();
  expect(valueAt(spec, [])).toBe(spec);
});

test("another value at a path leaves everything else as it is, in its order", () => {
  const next = withValueAt(spec, ["decoder", "attention", "heads"], 4);
  expect(JSON.stringify(next)).toBe(JSON.stringify(spec).replace('"heads":2', '"heads":4'));
  expect(spec.decoder.attention.heads).toBe(2);
  expect(withValueAt(spec, ["tokens", "scaled"], true)).toEqual({ ...spec, tokens: { scaled: true } });
  expect(withValueAt(spec, ["decoder", "layers"], undefined)).toEqual({
    width: 8,
    decoder: { attention: spec.decoder.attention },
  });
});
