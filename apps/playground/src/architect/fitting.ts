import type { Kinds } from "@tenon/models";

import { isObject, type JsonObject, valueAt, withValueAt } from "../spec/at-path.ts";
import { type Form, outOfRange, type Range } from "../spec/form.ts";
import { fieldsIn, type PlacedField } from "./parts-in.ts";
import { problemsIn, shallow } from "./trial.ts";

/** Numbers that would do, by the path of a field ("attention.heads"). */
export type Fitting = { readonly [path: string]: readonly number[] };

/** How many numbers are offered at most. */
const most = 10;

/**
 * For each whole number of a spec that not every other number could replace: those near it that could. `rest` is awaited between one field and the next,
 * so that whoever asks can stop by throwing there.
 */
export async function fittingNumbers(
  form: Form,
  spec: JsonObject,
  kinds: Kinds,
  rest: () => Promise<void> = () => Promise.resolve(),
): Promise<Fitting> {
  const found: { [path: string]: readonly number[] } = {};
  for (const placed of fieldsIn(form, spec)) {
    if (!isTried(placed)) continue;
    const { path, value } = placed;
    // How many layers there are is part of the question only where they are shared.
    const base = path.at(-1) === "layerGroups" || path.at(-1) === "layers" ? spec : shallow(spec);
    const candidates = candidatesFor(placed, spec);
    const fitting = candidates.filter((number) => problemsIn(withValueAt(base, path, number), kinds).length === 0);
    if (fitting.length < candidates.length && fitting.length > 0)
      found[path.join(".")] = nearest(fitting, typeof value === "number" ? value : undefined);
    await rest();
  }
  return found;
}

function isTried({ path, field: { input, required }, value }: PlacedField): boolean {
  if (input.type !== "number" || !input.whole) return false;
  // Only the sizes of heads and groups are worth a trial where they are left out.
  return required || value !== undefined || /heads|width|groups/i.test(path.at(-1)!);
}

/** Numbers about the one that is there, round ones, and those that divide what is around. */
function candidatesFor({ field: { input }, value, path }: PlacedField, spec: JsonObject): number[] {
  const range = input as Range;
  const now = typeof value === "number" ? value : 1;
  const near = [-3, -2, -1, 0, 1, 2, 3].map((step) => now + step);
  const round = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 96, 128];
  const steps = now > 32 ? [0.5, 0.75, 1.25, 1.5, 2].map((factor) => Math.round(now * factor)) : [];
  const divided = path.at(-1) === "layerGroups" ? divisorsOf(layersBeside(spec, path)) : [];
  const ceiling = Math.max(16, 4 * now);
  const all = [...near, ...round, ...steps, ...divided, ...multiplesNear(now)];
  return [...new Set(all)].filter(
    (number) => number >= 1 && number <= ceiling && outOfRange(number, range) === undefined,
  );
}

/** A large size fits most often where it is a multiple of something. */
const multiplesNear = (now: number): number[] =>
  now < 16 ? [] : [8, 16, 32, 64].flatMap((unit) => [Math.floor(now / unit) * unit, Math.ceil(now / unit) * unit]);

const divisorsOf = (number: number): number[] =>
  Array.from({ length: Math.min(number, 256) }, (_, i) => i + 1).filter((each) => number % each === 0);

function layersBeside(spec: JsonObject, path: readonly string[]): number {
  const beside = valueAt(spec, path.slice(0, -1));
  const layers = isObject(beside) ? beside["layers"] : undefined;
  return typeof layers === "number" ? layers : 1;
}

function nearest(numbers: readonly number[], to: number | undefined): number[] {
  const sorted = numbers.toSorted((a, b) => a - b);
  if (to === undefined) return sorted.slice(0, most);
  return sorted
    .toSorted((a, b) => Math.abs(Math.log(a / to)) - Math.abs(Math.log(b / to)))
    .slice(0, most)
    .sort((a, b) => a - b);
}
