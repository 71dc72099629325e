import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { refusal } from "../test/models.ts";
import { assemble } from "./assemble.ts";
import { checkSpec } from "./check-spec.ts";
import type { Group } from "./kinds/kind.ts";
import { standardKinds } from "./kinds/standard.ts";
import { bert, gpt } from "./presets.ts";
import type { PartSpec } from "./spec.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const spec = gpt({ vocabulary: 65, context: 64, width: 128, layers: 4, heads: 4 });

test("the README's spec is what the preset means", () => {
  const [, shown] = /```jsonc\n(.*?)```/s.exec(readme)!;
  const bare = shown!.replaceAll(/ \/\/.*$/gm, "").replace(/,\s*\}\s*$/, "}");
  const json: unknown = JSON.parse(bare);
  expect(json).toEqual(checkSpec(spec, standardKinds));
});

test("the README's defaults of an encoder are right", () => {
  const {
    segments: _,
    embeddingNorm: __,
    ...bare
  } = bert({ vocabulary: 5, context: 4, width: 4, layers: 1, heads: 2 });
  expect(assemble(bare).spec).toMatchObject({ segments: 0, embeddingNorm: true });
  expect(readme).toContain("`segments` (default 0, none)");
  expect(readme).toContain("`embeddingNorm` (default true)");
});

const groups: readonly Group[] = ["position", "attention", "crossAttention", "feedForward", "norm", "residual", "head"];

test.each(groups)("the README lists every kind of %s with its defaults, and no other", (group) => {
  const given: Partial<Record<Group, object>> = { attention: { heads: 4 }, feedForward: { hidden: 8 } };
  const needed: Readonly<Record<string, object>> = {
    latent: { latentWidth: 4 },
    mixture: { experts: 4, expertsPerToken: 2 },
    classification: { labels: 3 },
    "token-classification": { labels: 3 },
    ...(group === "crossAttention" && { "multi-head": { heads: 4 } }),
  };
  const [, table] = new RegExp(`(\\| \`${group}\`.*?\n)(?=\\| \`[a-zA-Z]+\` +\\| \`|\n)`, "s").exec(readme)!;
  const rows = table!
    .trim()
    .split("\n")
    .map((row) => row.split("|").map((cell) => cell.trim()));
  expect(rows.map(([, , kind]) => kind)).toEqual(standardKinds.names(group).map((name) => `\`${name}\``));
  for (const [, , kind, options] of rows) {
    const name = kind!.replaceAll("`", "");
    const required = { ...given[group], ...needed[name] };
    const { kind: _, ...filled } = standardKinds.check(group, { kind: name, ...required });
    for (const [option, value] of Object.entries(filled)) {
      expect(options, option).toContain(option in required ? `\`${option}\`` : `\`${option}\` (${plain(value)})`);
    }
    for (const option of optionsOf(group, { kind: name, ...required })) {
      expect(`${options} ${readme}`, `${name}: ${option}`).toContain(`\`${option}\``);
    }
  }
});

/** All options of a kind, as it lists them to one who gave another. */
function optionsOf(group: Group, spec: PartSpec): string[] {
  const said = refusal(() => standardKinds.check(group, { ...spec, "no such option": true }));
  return said.split("the keys are kind, ")[1]?.split(", ") ?? [];
}

/** As the README writes a default: small numbers in full. */
function plain(value: unknown): string {
  return typeof value === "number" && value < 1 ? value.toFixed(6).replace(/0+$/, "") : JSON.stringify(value);
}
