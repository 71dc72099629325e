import type { Spec } from "@tenon/models";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import type { RunSizes } from "../architect/model-run.ts";
import { bytes, count } from "../interface/numbers.ts";
import { attempt } from "../problems/problem.ts";
import { architect } from "./architect.ts";
import { CostRow } from "./cost-row.tsx";
import { currentCheck } from "./state.ts";

/** Up to how many parameters a step is counted without being asked for. */
const quick = 20_000_000;

/** What a step of training takes: at once for small models, when asked for others. */
export function TrainingCost({ sizes }: { readonly sizes: RunSizes }): JSX.Element {
  const sound = currentCheck.value?.sound;
  const [counted, setCounted] = useState<{ readonly key: string; readonly bytes: number | undefined } | undefined>();
  const spec = sound?.spec;
  const key = JSON.stringify([spec, sizes]);
  const isQuick = sound !== undefined && sound.parameters < quick;
  const measure = async (spec: Spec): Promise<void> => {
    setCounted({ key, bytes: undefined });
    const found = await attempt("The training step could not be counted", () =>
      architect().costs.training(spec, sizes),
    );
    setCounted((latest) => (latest?.key !== key ? latest : found === undefined ? undefined : { key, bytes: found }));
  };
  useEffect(() => {
    if (spec === undefined || !isQuick) return;
    const timer = setTimeout(() => void measure(spec), 500);
    return () => clearTimeout(timer);
  }, [key, isQuick]);
  const isCurrent = counted?.key === key;
  const value =
    isCurrent && counted.bytes !== undefined ? (
      bytes(counted.bytes)
    ) : isCurrent || isQuick || spec === undefined ? (
      "…"
    ) : (
      <button type="button" class="button small" onClick={() => void measure(spec)}>
        Count it
      </button>
    );
  const of = `${sizes.batch} × ${count(sizes.length)}`;
  return (
    <CostRow
      name="A training step"
      value={value}
      more={`at most: forward, backward and AdamW over ${of}, every activation kept`}
    />
  );
}
