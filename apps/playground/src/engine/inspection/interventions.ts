import { cast, ConfigError, logSoftmax, reshape, Scope, slice, type Tensor } from "@tenon/tensor";

import { edited, type Edit, seen } from "./at-points.ts";
import { ablationEdits, mixIn, patchPoint } from "./edits-for.ts";
import { floatsOf } from "./floats-of.ts";
import type { AblateBy, Ablation, PatchPlace } from "./intervention-data.ts";
import { divergence } from "./logit-lens.ts";
import { predicting } from "./predicting.ts";
import type { Moved, MovedToken } from "./prediction-data.ts";
import type { Subject } from "./subject.ts";
import { textOf } from "./tokens-of.ts";

/** How many of the most probable tokens of each run are told: the first few anyway, others only where they are not all but impossible. */
const told = { atLeast: 5, atMost: 10, probability: 0.001 } as const;

/** How the prediction at a position moves when parts are taken out. */
export async function ablated(
  subject: Subject,
  ablations: readonly Ablation[],
  by: AblateBy,
  position: number,
): Promise<Moved> {
  return moved(subject, ablationEdits(subject, ablations, by), position);
}

/**
 * How the prediction at a position moves when activations of a run on another text take the place of this one's: at the positions given, or at all.
 *
 * Vig et al. 2020, "Investigating gender bias in language models using causal mediation analysis"; Meng et al. 2022, "Locating and editing factual
 * associations in GPT".
 */
export async function patched(
  subject: Subject,
  other: Subject,
  place: PatchPlace,
  at: number | undefined,
  position: number,
): Promise<Moved> {
  expectAlike(subject, other);
  const { point, positionAxis } = patchPoint(subject, place);
  const positions = [at === undefined ? [...subject.main.tokens.keys()] : [at]];
  using scope = new Scope();
  const run = scope.run(() => seen(other.model, [point], () => other.forward()));
  const change = mixIn(run.tensors[0]!, { head: place.head, positionAxis }, positions);
  return moved(subject, [{ ...point, change }], position, run.output);
}

/** Throws `ConfigError` unless two texts have equally many tokens. */
export function expectAlike(subject: Subject, other: Subject): void {
  const [here, there] = [subject.main.tokens.length, other.main.tokens.length];
  if (here === there) return;
  throw new ConfigError(
    `the text has ${here} tokens and the other one ${there}, but what is patched goes from one position to the same position. Write two texts of equally many tokens: change words, and add none.`,
    { here, there },
  );
}

async function moved(subject: Subject, edits: readonly Edit[], position: number, source?: Tensor): Promise<Moved> {
  const { model, open } = subject;
  predicting(subject);
  using scope = new Scope();
  const { divergences, rows } = scope.run(() => {
    const before = logarithms(subject.forward());
    const after = logarithms(edits.length === 0 ? subject.forward() : edited(model, edits, () => subject.forward()));
    const each = [before, after, ...(source === undefined ? [] : [logarithms(source)])];
    return { divergences: divergence(before, after), rows: each.map((x) => rowOf(x, position)) };
  });
  const distances = await floatsOf(divergences);
  const [before, after, from] = await Promise.all(rows.map(floatsOf));
  const shown = [...new Set([before!, after!, ...(from === undefined ? [] : [from])].flatMap(worthTelling))];
  const tokens = shown
    .map((id) => ({
      token: { id, text: textOf(open.tokenizer!, id) },
      before: Math.exp(before![id]!),
      after: Math.exp(after![id]!),
      source: from && Math.exp(from[id]!),
    }))
    .sort((a, b) => most(b) - most(a));
  return { tokens, divergence: distances[position]!, divergences: distances };
}

const worthTelling = (row: Float32Array): number[] =>
  largest(row, told.atMost).filter((id, rank) => rank < told.atLeast || Math.exp(row[id]!) >= told.probability);

/** How probable a token is at its best. */
const most = ({ before, after, source = 0 }: MovedToken): number => Math.max(before, after, source);

/** The logarithms of the probabilities: [1, t, v] → [1, t, v]. */
const logarithms = (logits: Tensor): Tensor => logSoftmax(cast(logits, "f32"));

/** One position's: [1, t, v] → [v]. */
const rowOf = (x: Tensor, position: number): Tensor => reshape(slice(x, 1, position, 1), [x.shape[2]!]);

/** Where the largest values stand, the largest first. */
function largest(row: Float32Array, count: number): number[] {
  const found: number[] = [];
  for (const [id, value] of row.entries()) {
    if (found.length === count && value <= row[found.at(-1)!]!) continue;
    const place = found.findIndex((other) => row[other]! < value);
    found.splice(place < 0 ? found.length : place, 0, id);
    if (found.length > count) found.pop();
  }
  return found;
}
