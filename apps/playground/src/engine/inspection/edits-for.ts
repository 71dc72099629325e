import { ablate, type Tap } from "@tenon/nn";
import { cast, ConfigError, type Tensor, tensor, where } from "@tenon/tensor";

import { type Layer, mainSide, type Point } from "./anatomy.ts";
import type { Edit } from "./at-points.ts";
import type { AblateBy, Ablation, PatchPlace } from "./intervention-data.ts";
import type { Subject } from "./subject.ts";
import type { Sublayer } from "./subject-data.ts";

/** The edits that take something out of the predicting side. Throws `ConfigError` for what the model does not have. */
export function ablationEdits(subject: Subject, ablations: readonly Ablation[], by: AblateBy): readonly Edit[] {
  const { layers } = mainSide(subject);
  return ablations.map(({ layer, part, heads }) => {
    const { point, positionAxis } = pointOf(layers, { layer, part }, heads !== undefined);
    // [b, t, d], or [b, h, t, k] where heads are meant.
    const mean = by === "mean" ? { mean: [0, positionAxis] } : {};
    return { ...point, change: ablate(heads === undefined ? mean : { ...mean, axis: 1, indices: heads }) };
  });
}

/** The point of a place, and along which of its axes the positions count. */
export function patchPoint(
  subject: Subject,
  place: PatchPlace,
): { readonly point: Point; readonly positionAxis: number } {
  return pointOf(mainSide(subject).layers, place, place.head !== undefined);
}

/**
 * The tap that puts what another run had there into a place, at some positions: `given` is all of what passed. `chosen` says for each row of the
 * batch at which position.
 */
export function mixIn(
  given: Tensor,
  { head, positionAxis }: { head: number | undefined; positionAxis: number },
  positions: readonly (readonly number[])[],
): Tap {
  return (x) => {
    const t = x.shape[positionAxis]!;
    const heads = positionAxis === 2 ? x.shape[1]! : 1;
    const mask = positions.flatMap((chosen) =>
      Array.from({ length: heads }, (_, each) => each === (head ?? each)).flatMap((meant) =>
        Array.from({ length: t }, (_, position) => Number(meant && chosen.includes(position))),
      ),
    );
    const shape = positionAxis === 2 ? [positions.length, heads, t, 1] : [positions.length, t, 1];
    return where(tensor(mask, shape, x.backend, "bool"), cast(given, x.dtype), x);
  };
}

function pointOf(
  layers: readonly Layer[],
  { layer, part }: { readonly layer: number; readonly part: "stream" | Sublayer },
  heads: boolean,
): { point: Point; positionAxis: number } {
  const found = layers[Math.max(layer, 0)];
  const attention = part === "cross-attention" ? found?.crossAttention : found?.attention;
  const point = heads
    ? attention?.found
    : part === "stream"
      ? found?.stream.at(layer < 0 ? 0 : -1)
      : found?.added.find(({ sublayer }) => sublayer === part);
  if (point !== undefined) return { point, positionAxis: heads ? 2 : 1 };
  const what = heads ? `heads of its ${part} that can be told apart` : part;
  throw new ConfigError(
    `layer ${layer} of this model has no ${what}: it has ${layers.length} layers with ${layers[0]!.added.map(({ sublayer }) => sublayer).join(", ")}. Choose one of these.`,
    { layer, part },
  );
}
