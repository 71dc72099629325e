import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

import type { Module } from "@tenon/nn";
import { cpu, random, type Backend, type Tensor } from "@tenon/tensor";
import { floats, place } from "@tenon/tensor/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";

import { DistancePosition } from "../test/distance-position.ts";
import { refusal, someIds, upload } from "../test/models.ts";
import { printedImageEncoders, printedSpecs, printedTranslators } from "../test/printed-specs.ts";
import { assemble } from "./assemble.ts";
import { standardKinds } from "./kinds/standard.ts";
import { gpt } from "./presets.ts";
import type { Spec } from "./spec.ts";
import { toTypeScript } from "./to-typescript.ts";
import { construct } from "./typescript/expression.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../..", import.meta.url));
// Inside the repository, where the packages are found; with a dot, so that nothing that walks over it takes it for a source.
const parent = fileURLToPath(new URL("../test", import.meta.url));

type Printed = Module<[ids: Tensor, target?: Tensor], Tensor>;
const allSpecs: readonly (readonly [name: string, spec: Spec])[] = [
  ...printedSpecs,
  ...printedTranslators,
  ...printedImageEncoders,
];

/** What a model is given: ids, a source and a target that is shorter. */
function inputOf({ kind }: Spec, on: Backend): [ids: Tensor, target?: Tensor] {
  if (kind === "image-encoder") return [place(floats([2, 2, 4, 6], random(3)), on)];
  const ids = upload(someIds(11, 12), 2, on);
  return kind === "encoder-decoder" ? [ids, upload(someIds(11, 8), 2, on)] : [ids];
}

describe("the printed code", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(parent, ".printed-"));
    await Promise.all(allSpecs.map(([, spec], i) => writeFile(join(folder, `model-${i}.ts`), toTypeScript(spec))));
    const settings = {
      extends: "../../../../tsconfig.base.json",
      compilerOptions: { noEmit: true, composite: false, noUnusedLocals: true, noUnusedParameters: true },
      files: allSpecs.map((_, i) => `model-${i}.ts`),
    };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(settings));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("passes the compiler, with nothing unused", { timeout: 120_000 }, async () => {
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    const compiled = run(process.execPath, [compiler, "-p", folder]).then(
      () => "",
      ({ stdout }: { stdout: string }) => stdout,
    );
    expect(await compiled).toBe("");
  });

  test.each(allSpecs.map(([name, spec], i) => [name, spec, i] as const))("is the model: %s", async (_, spec, i) => {
    const module: unknown = await import(pathToFileURL(join(folder, `model-${i}.ts`)).href);
    const { build } = module as { build: (seed?: number) => Printed };
    const [right, printed] = [assemble(spec as unknown, { seed: 5 }) as Printed, build(5)];
    expect([...printed.parameters().keys()]).toEqual([...right.parameters().keys()]);
    expect([...printed.parts()].map(([path, part]) => [path, path && part.constructor.name])).toEqual(
      [...right.parts()].map(([path, part]) => [path, path && part.constructor.name]),
    );
    for (const [path, parameter] of right.parameters()) {
      expect(printed.parameters().get(path)!.type, path).toEqual(parameter.type);
      expect(await printed.parameters().get(path)!.host(), path).toEqual(await parameter.host());
    }

    const on = cpu();
    await Promise.all([right.to(on), printed.to(on)]);
    const given = inputOf(spec, on);
    expect(await printed.forward(...given).read()).toEqual(await right.forward(...given).read());
  });
});

const small = gpt({ vocabulary: 65, context: 64, width: 128, layers: 4, heads: 4 });

test("the seed is 0 unless told, and what a part has by itself is not said", () => {
  const text = toTypeScript(small);
  expect(text).toContain("export function build(seed = 0): Model");
  expect(text).toContain("new PreNorm({ norm: new LayerNorm(width) })");
  expect(text).not.toMatch(/dropout|epsilon|bias|undefined/);
});

test("a kind that cannot be printed is refused by name, and one that can prints what it imports", () => {
  const options = z.strictObject({ kind: z.literal("distance"), strength: z.number().default(1) });
  const build = ({ strength }: { strength: number }) => {
    const position = new DistancePosition(4, strength);
    return { attention: () => position };
  };
  const spec = { ...small, position: { kind: "distance", strength: 0.5 } };
  const silent = standardKinds.with("position", "distance", { options, build });
  expect(refusal(() => toTypeScript(spec, { kinds: silent }))).toBe(
    'ConfigError: spec.position.kind: the kind "distance" does not say how it is written in TypeScript; give it a `code` function beside `build`',
  );

  const printing = standardKinds.with("position", "distance", {
    options,
    build,
    code: ({ strength }, { heads }) => ({
      attention: construct("DistancePosition", "./distance-position.ts", heads?.count, strength),
    }),
  });
  const text = toTypeScript(spec, { kinds: printing });
  expect(text).toContain('import { DistancePosition } from "./distance-position.ts";\n');
  expect(text).toContain("    const position = new DistancePosition(4, 0.5);\n");
});

test("two packages that export one name are refused", () => {
  const kinds = standardKinds.with("position", "other", {
    options: z.strictObject({ kind: z.literal("other") }),
    build: () => ({}),
    code: () => ({ embedding: construct("LayerNorm", "other-norms") }),
  });
  expect(refusal(() => toTypeScript({ ...small, position: { kind: "other" } }, { kinds }))).toMatch(
    /^ConfigError: toTypeScript: "other-norms" and "@tenon\/nn" both export LayerNorm, /,
  );
});

test("a spec that assemble refuses is refused", () => {
  expect(refusal(() => toTypeScript({ ...small, attention: { kind: "multi-head", heads: 5 } }))).toMatch(
    /^ConfigError: spec\.attention: .*heads 5 does not divide width 128/,
  );
});
