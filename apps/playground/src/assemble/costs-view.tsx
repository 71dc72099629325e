import type { JSX } from "preact";

import type { Cost } from "../architect/costs.ts";
import { NumberField } from "../interface/number-field.tsx";
import { bytes, count, roughly } from "../interface/numbers.ts";
import { CostRow } from "./cost-row.tsx";
import { PartTable } from "./part-table.tsx";
import { askedSizes, currentCost } from "./state.ts";
import { TrainingCost } from "./training-cost-view.tsx";

/** What the model takes, as a whole and part by part. */
export function CostsView({ stale }: { readonly stale: boolean }): JSX.Element {
  const cost = currentCost.value;
  if (cost === undefined) return <p class="waiting">Counting …</p>;
  return (
    <div class={`stack costs${stale ? " stale" : ""}`}>
      <Sizes cost={cost} />
      <Whole cost={cost} />
      <h2>Part by part</h2>
      <p class="small quiet">
        Each line with all that is in it; blocks that are alike are one line. Memory is the most that one of them needs
        while it runs, beyond the parameters and what was there before. Parts that take nothing are left out, such as
        dropout where nothing is trained.
      </p>
      <PartTable cost={cost} />
      <p class="small quiet">
        Counted by a dry run, in f32, on a backend that computes attention, norms and maps in one pass each, as Tenon's
        own do. Nothing is computed for it.
      </p>
    </div>
  );
}

function Sizes({ cost: { sizes, readsText } }: { readonly cost: Cost }): JSX.Element {
  return (
    <div class="columns sizes">
      <NumberField
        label={readsText ? "Texts at once" : "Images at once"}
        value={askedSizes.value.batch}
        whole
        minimum={1}
        maximum={4096}
        onChange={(batch) => (askedSizes.value = { ...askedSizes.value, batch })}
      />
      {readsText && (
        <NumberField
          label="Tokens in each"
          value={sizes.length}
          whole
          minimum={1}
          maximum={1_000_000}
          hint="At most as many as the model can see."
          onChange={(length) => (askedSizes.value = { ...askedSizes.value, length })}
        />
      )}
    </div>
  );
}

function Whole({ cost }: { readonly cost: Cost }): JSX.Element {
  const { parameters, activeParameters, forward, token, sizes, readsText } = cost;
  const of = readsText ? `${sizes.batch} × ${count(sizes.length)} tokens` : `${sizes.batch} images`;
  return (
    <dl class="whole">
      <CostRow
        name="Parameters"
        value={count(parameters)}
        {...(activeParameters !== undefined && {
          more: `${count(activeParameters)} of them compute for a token: of the experts, those it is sent to`,
        })}
      />
      <CostRow name="Weights in f32" value={bytes(4 * parameters)} more={`${bytes(2 * parameters)} in f16 or bf16`} />
      <CostRow
        name="A forward pass"
        value={`${roughly(forward.flops)} FLOPs`}
        more={`over ${of}, which gives [${forward.shape.join(", ")}]`}
      />
      <CostRow name="Memory of it" value={bytes(forward.peakBytes)} more="at most, parameters included" />
      {token && (
        <CostRow
          name="One more token"
          value={`${roughly(token.flops)} FLOPs`}
          more={`the last of ${count(sizes.length)}, the others in a cache of ${bytes(token.cacheBytes)}`}
        />
      )}
      <TrainingCost sizes={sizes} />
    </dl>
  );
}
