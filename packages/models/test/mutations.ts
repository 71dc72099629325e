/** What takes the place of each value of a spec. */
const others: readonly unknown[] = [
  null,
  true,
  false,
  "",
  "head",
  "silu",
  "learned",
  "rms-norm",
  -1,
  0,
  0.5,
  1,
  1.5,
  2,
  10_001,
  2 ** 31,
  [],
  [null, 3],
  [1.5],
  {},
  { kind: "none" },
  { kind: "linear", heads: 2 },
  { kind: "linear", factor: 0.5 },
  { kind: "parallel", norms: 2 },
  { base: 3 },
];

/** What is put beside the keys of each object: one that nothing has, and some that others have. */
const more: Readonly<Record<string, unknown>> = {
  "no such key": 1,
  bias: "input",
  headWidth: 0,
  softCap: 3,
  scale: -1,
  shared: 4,
  stochasticDepth: 1,
  finalNorm: false,
  scaling: { kind: "linear", factor: 2 },
  windows: [],
  segments: 2,
  tied: false,
  logits: { scale: 2, cap: 3 },
  tokens: { width: 4 },
  initial: "gpt-3",
  layerGroups: 3,
  head: { kind: "sentence", layers: [{ width: 3, bias: 0 }] },
  reserved: -1,
  layers: [{ width: 3, activation: "relu" }],
};

// Every value that differs from this one in a single place, with the change in words.
export function* mutationsOf(value: unknown): Generator<readonly [change: string, value: unknown]> {
  for (const other of others) yield [`it is ${JSON.stringify(other)}`, other];
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const [i, inside] of value.entries()) {
      for (const [change, other] of mutationsOf(inside)) yield [`${i}: ${change}`, value.with(i, other)];
    }
    return;
  }
  for (const [key, other] of Object.entries(more)) yield [`with ${key}`, { ...value, [key]: other }];
  for (const [key, inside] of Object.entries(value)) {
    const { [key]: _, ...rest } = value as Record<string, unknown>;
    yield [`without ${key}`, rest];
    for (const [change, other] of mutationsOf(inside)) yield [`${key}: ${change}`, { ...rest, [key]: other }];
  }
}
