import * as attention from "@tenon/attention";
import * as blocks from "@tenon/blocks";
import * as embeddings from "@tenon/embeddings";
import * as nn from "@tenon/nn";
import * as positional from "@tenon/positional";
import { expect, test } from "vitest";

import * as models from "./index.ts";
import { partHomes } from "./part-homes.ts";

const packages = { nn, positional, embeddings, attention, blocks, models };

test.each(Object.entries(packages))("every part of %s is known by its name and package", (home, names) => {
  const parts = Object.entries(names as Readonly<Record<string, unknown>>).filter(
    ([, value]) => typeof value === "function" && value.prototype instanceof nn.Part,
  );
  expect(parts.length).toBeGreaterThan(5);
  const unknown = parts.filter(([, value]) => !partHomes.has(value)).map(([name]) => name);
  // What others extend, and what is no part of any model by itself.
  expect(unknown.filter((name) => name !== "Module" && name !== "RecurrentTranslator")).toEqual([]);
  for (const [name, value] of parts) {
    if (partHomes.has(value)) expect(partHomes.get(value)).toEqual({ kind: name, package: `@tenon/${home}` });
  }
});
