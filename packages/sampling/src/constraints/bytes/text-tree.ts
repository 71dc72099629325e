import type { Expression, Expressions } from "./expression.ts";

/** The texts as a tree that shares their beginnings: a step costs what is left of the tree and not what there are of texts. */
export function textTree(expressions: Expressions, texts: readonly string[]): Expression {
  const encoder = new TextEncoder();
  const tree = (all: readonly Uint8Array[]): Expression => {
    const shared = sharedLength(all);
    const branches = [...grouped(all.map((bytes) => bytes.subarray(shared))).values()];
    const rest = branches.length === 1 ? expressions.empty : expressions.choice(...branches.map(tree));
    return expressions.sequence(expressions.literal(all[0]!.subarray(0, shared)), rest);
  };
  return tree([...new Set(texts)].map((text) => encoder.encode(text)));
}

/** With how many bytes they all begin. */
function sharedLength([first, ...others]: readonly Uint8Array[]): number {
  return others.reduce((length, other) => {
    let shared = 0;
    while (shared < length && other[shared] === first![shared]) shared++;
    return shared;
  }, first!.length);
}

/** By their first byte; undefined for the text that has ended. */
function grouped(all: readonly Uint8Array[]): Map<number | undefined, Uint8Array[]> {
  const groups = new Map<number | undefined, Uint8Array[]>();
  for (const bytes of all) {
    const group = groups.get(bytes[0]);
    if (group === undefined) groups.set(bytes[0], [bytes]);
    else group.push(bytes);
  }
  return groups;
}
