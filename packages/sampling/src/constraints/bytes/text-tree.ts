import type { Expression, Expressions } from "./expression.ts";

/** The texts as a tree that shares their beginnings: a step costs what is left of the tree and not what there are of texts. */
export function textTree(expressions: Expressions, texts: readonly string[]): Expression {
  const encoder = new TextEncoder();
  const tree = (all: readonly Uint8Array[]): Expression => {
    if (all.length === 1) return expressions.literal(all[0]!);
    return expressions.choice(
      ...[...grouped(all)].map(([byte, rests]) =>
        byte === undefined ? expressions.empty : expressions.sequence(expressions.literal([byte]), tree(rests)),
      ),
    );
  };
  return tree([...new Set(texts)].map((text) => encoder.encode(text)));
}

/** What follows each first byte; undefined for the end. */
function grouped(all: readonly Uint8Array[]): Map<number | undefined, Uint8Array[]> {
  const groups = new Map<number | undefined, Uint8Array[]>();
  for (const bytes of all) {
    const rests = groups.get(bytes[0]);
    if (rests === undefined) groups.set(bytes[0], [bytes.subarray(1)]);
    else rests.push(bytes.subarray(1));
  }
  return groups;
}
