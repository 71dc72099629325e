import type { Spec } from "@tenon/models";
import type { JSX } from "preact";

import { routeText } from "../app/route.ts";
import { Choice, type Option } from "../interface/choice.tsx";
import { NumberField } from "../interface/number-field.tsx";
import { currentSpec } from "../model/current-spec.ts";
import { openedModel } from "../model/session.ts";
import type { TokenizerKind } from "../trainer/run-plan.ts";
import { change, chooseStart, draft, type StartChoice } from "./draft.ts";
import { contextIn, whyNotOpen } from "./start.ts";
import { keptRuns } from "./training.ts";

const tokenizers: readonly Option<TokenizerKind>[] = [
  { value: "byte-pairs", title: "Byte pairs, learned from the text" },
  { value: "character", title: "Characters" },
  { value: "byte", title: "Bytes" },
  { value: "word", title: "Words" },
];

/** What is trained, and what a token is for it. */
export function ModelChoice(): JSX.Element {
  const { start, tokenizer, vocabulary } = draft.value;
  const open = openedModel.value;
  const options: Option<StartChoice>[] = [
    { value: "assembled", title: "What is assembled" },
    ...(open === undefined && start !== "open"
      ? []
      : [{ value: "open", title: `${open?.name ?? "The open model"}, further`, impossible: whyNotOpen() } as const]),
    { value: "story-decoder", title: "The story decoder, further" },
    { value: "story-encoder", title: "The story encoder, further" },
    ...keptRuns.value
      .filter(({ step, lasting }) => step > 0 && lasting)
      .map(({ name }): Option<StartChoice> => ({ value: `saved:${name}`, title: `${name} (trained here), further` })),
  ];
  return (
    <>
      <Choice label="Model" value={start} options={options} onChange={chooseStart} />
      {start === "assembled" ? (
        <>
          <p class="small spec-line">
            {lineOf(currentSpec.spec.value)} It begins with random weights.{" "}
            <a href={routeText("assemble")}>Assemble another</a>
          </p>
          <Choice
            label="Tokens"
            value={tokenizer}
            options={tokenizers}
            hint="The model's vocabulary follows."
            onChange={(tokenizer) => change({ tokenizer })}
          />
          {tokenizer === "byte-pairs" && (
            <NumberField
              label="Tokens at most"
              value={vocabulary}
              minimum={300}
              maximum={50000}
              whole
              hint="300 or more: 256 of them are the bytes."
              suggestions={[500, 1000, 2000, 4000, 8000]}
              onChange={(vocabulary) => change({ vocabulary })}
            />
          )}
        </>
      ) : (
        <p class="small quiet">It keeps its tokens, and begins with the weights that it has.</p>
      )}
    </>
  );
}

/** A spec in a line: "A decoder, 2 layers of width 64, rotary, multi-head, mlp, context 64." */
function lineOf(spec: Spec): string {
  const kind = `${/^[aeiou]/.test(spec.kind) ? "An" : "A"} ${spec.kind}`;
  const parts: (string | undefined)[] = [kind];
  if ("layers" in spec) parts.push(`${spec.layers} ${spec.layers === 1 ? "layer" : "layers"} of width ${spec.width}`);
  else if ("encoder" in spec)
    parts.push(`${spec.encoder.layers} and ${spec.decoder.layers} layers of width ${spec.width}`);
  else parts.push(`width ${spec.width}`);
  const side = "encoder" in spec ? spec.decoder : spec;
  for (const key of ["position", "attention", "feedForward"] as const)
    if (key in side) parts.push((side as unknown as Record<typeof key, { readonly kind: string }>)[key].kind);
  const context = contextIn(spec);
  if (context !== undefined) parts.push(`context ${context}`);
  return `${parts.join(", ")}.`;
}
