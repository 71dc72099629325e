import { add, type Backend, denseMask, type MaskTerm, reshape, Scope, type Tensor, where, zeros } from "@tenon/tensor";

import { anatomyOf, type AttentionPoints, type Side } from "./anatomy.ts";
import { seen } from "./at-points.ts";
import type { AttentionMaps } from "./attention-data.ts";
import { floatsOf } from "./floats-of.ts";
import type { Inspected, Subject } from "./subject.ts";

const noPattern =
  "This attention never forms the weights of a query over its keys: it sums keys and values up first (Katharopoulos et al. 2020), so there is no pattern to draw. What its heads do to the result can be seen by ablating them.";

/** The patterns of every layer and head, attention by attention. */
export async function attentionMaps(subject: Subject): Promise<readonly AttentionMaps[]> {
  const sides = anatomyOf(subject);
  const several = sides.length > 1;
  const within = sides.map((side) =>
    mapsOf(
      subject,
      side,
      side.layers.map(({ attention }) => attention),
      {
        title: several ? `${side.title}: self-attention` : "Self-attention",
        keys: side.sequence,
        mask: (layer) => visibleTo(subject, side, layer),
      },
    ),
  );
  const across = sides
    .filter(({ layers }) => layers.some(({ crossAttention }) => crossAttention !== undefined))
    .map((side) =>
      mapsOf(
        subject,
        side,
        side.layers.map(({ crossAttention }) => crossAttention),
        {
          title: `${side.title}: cross-attention`,
          keys: "source",
          mask: () => Promise.resolve(undefined),
        },
      ),
    );
  return Promise.all([...within, ...across]);
}

async function mapsOf(
  subject: Subject,
  side: Side,
  attentions: readonly (AttentionPoints | undefined)[],
  {
    title,
    keys,
    mask,
  }: { title: string; keys: "main" | "source"; mask: (layer: number) => Promise<Uint8Array | undefined> },
): Promise<AttentionMaps> {
  const { model } = subject;
  const points = attentions.flatMap((attention) => attention?.pattern ?? []);
  using scope = new Scope();
  const tensors = points.length === 0 ? [] : scope.run(() => seen(model, points, () => subject.forward()).tensors);
  const weights = await Promise.all(tensors.map(floatsOf));
  const layers = attentions.map((attention) => ({
    heads: attention?.heads ?? 0,
    weights: attention?.pattern && weights[points.indexOf(attention.pattern)],
  }));
  const visible = await Promise.all(
    layers.map(({ weights }, layer) => (weights === undefined ? Promise.resolve(undefined) : mask(layer))),
  );
  const absent = layers.every(({ weights }) => weights === undefined) ? noPattern : undefined;
  return { title, queries: side.sequence, keys, layers, visible, absent };
}

/** A mask that an attention always has: what `Mask` of @tenon/attention asks for. */
interface OwnMask {
  lower(
    tensors: Tensor[],
    at: { queries: number; keys: number; queryOffset: number; firstKey: number; firstQuery: number; backend: Backend },
  ): readonly MaskTerm[];
}

/** Which tokens those of a side may see in a layer. */
async function visibleTo(subject: Subject, side: Side, layer: number): Promise<Uint8Array | undefined> {
  const { model } = subject;
  const { attention } = side.layers[layer]!;
  const length = (side.sequence === "main" ? subject.main : subject.source!).tokens.length;
  const { backend } = model;
  const at = { queries: length, keys: length, queryOffset: 0, on: backend };
  using scope = new Scope();
  const mask = scope.run(() => {
    const tensors: Tensor[] = [];
    const own = ownMask(model, attention?.part)?.lower(tensors, { ...at, firstKey: 0, firstQuery: 0, backend }) ?? [];
    const dense = denseMask([...(side.causal ? [{ kind: "causal" } as const] : []), ...own], tensors, at);
    if (dense === undefined) return undefined;
    // [1 or b, 1 or h, t, s] or [t, s], some of them 1: added to zeros of the pattern's shape.
    const numbers = where(dense, 1, zeros([1], backend));
    const whole = add(numbers, zeros([length, length], backend));
    return reshape(whole, [whole.shape.reduce((a, b) => a * b, 1)]);
  });
  return mask && Uint8Array.from(await mask.read());
}

function ownMask(model: Inspected, part: string | undefined): OwnMask | undefined {
  const attention = part === undefined ? undefined : model.parts().get(part);
  return attention !== undefined && "mask" in attention ? (attention.mask as OwnMask | undefined) : undefined;
}
