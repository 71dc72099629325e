import type { Spec } from "@tenon/models";
import type { JSX } from "preact";

import { routeText } from "../app/route.ts";
import type { ModelSource } from "../engine/model-source.ts";
import { Choice, type Option } from "../interface/choice.tsx";
import { NumberField } from "../interface/number-field.tsx";
import { currentSpec } from "../model/current-spec.ts";
import { openedModel, openedSource } from "../model/session.ts";
import type { TokenizerKind } from "../trainer/run-plan.ts";
import { change, type Draft, draft } from "./draft.ts";

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
  const options: Option<Draft["start"]>[] = [
    { value: "assembled", title: "What is assembled, from random weights" },
    {
      value: "open",
      title: open === undefined ? "The open model, further" : `${open.name}, further`,
      impossible: whyNotOpen(),
    },
    { value: "story-decoder", title: "The story decoder, further" },
    { value: "story-encoder", title: "The story encoder, further" },
  ];
  return (
    <>
      <Choice label="Model" value={start} options={options} onChange={(start) => change({ start })} />
      {start === "assembled" ? (
        <>
          <p class="small spec-line">
            {lineOf(currentSpec.spec.value)} <a href={routeText("assemble")}>Assemble another</a>
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

function whyNotOpen(): string | undefined {
  const [model, source] = [openedModel.value, openedSource.value];
  if (model === undefined || source === undefined) return "none is open. Open one in Run.";
  if (source.kind === "untrained") return "the model that is open has not learned anything.";
  if (model.tokenizer === undefined) return "the model that is open came without a tokenizer.";
  return model.spec.kind === "image-encoder" ? "a model of images does not learn from a text." : undefined;
}

/** Where the weights come from that a run begins with; undefined for random ones. */
export function sourceOf(start: Draft["start"]): ModelSource | undefined {
  if (start === "assembled") return undefined;
  return start === "open" ? openedSource.value : { kind: "shipped", name: start };
}

/** Which kind of model is to be trained. */
export function kindOf(start: Draft["start"]): Spec["kind"] {
  if (start === "assembled") return currentSpec.spec.value.kind;
  if (start === "open") return openedModel.value?.spec.kind ?? "decoder";
  return start === "story-encoder" ? "encoder" : "decoder";
}

/** The most tokens of a piece of text. */
export function contextOf(start: Draft["start"]): number | undefined {
  const spec = start === "assembled" ? currentSpec.spec.value : start === "open" ? openedModel.value?.spec : undefined;
  if (spec === undefined) return 64;
  if ("context" in spec) return spec.context;
  return "encoder" in spec ? Math.min(spec.encoder.context, spec.decoder.context) : undefined;
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
  const context = contextOf("assembled");
  if (context !== undefined) parts.push(`context ${context}`);
  return `${parts.join(", ")}.`;
}
