import type { ComponentChildren, JSX } from "preact";

import type { Texts } from "../../engine/inspection/subject-data.ts";
import type { ModelInfo } from "../../engine/model-info.ts";
import { Field } from "../../interface/field.tsx";
import { positionIn, type Shown } from "../shown.ts";
import { choose } from "../state.ts";
import { PlainTokens, TokenList } from "./token-list.tsx";

/** The text that is looked at, and the tokens that the model makes of it. */
export function TextCard({
  model,
  texts,
  wrong,
  shown,
}: {
  readonly model: ModelInfo;
  readonly texts: Texts;
  /** Why the texts cannot be read. */
  readonly wrong: string | undefined;
  readonly shown: Shown | undefined;
}): JSX.Element {
  const mask = model.tokenizer?.mask;
  const two = model.spec.kind === "encoder-decoder";
  return (
    <section class="card stack text-card" aria-label="The text that is looked at">
      <TextField
        label={two ? "Text that it reads" : "Text"}
        hint={mask === undefined ? undefined : `Write ${mask} where a word is missing.`}
        value={texts.text}
        wrong={wrong}
        onInput={(text) => choose({ text, position: undefined })}
      />
      {two && (
        <TextField
          label="What it has written so far"
          value={texts.written}
          onInput={(written) => choose({ written, position: undefined })}
        />
      )}
      {shown?.reading.source !== undefined && <PlainTokens label="Tokens read" sequence={shown.reading.source} />}
      {shown !== undefined && (
        <TokenList
          label={
            two ? "Tokens written: choose the one to ask about below" : "Tokens: choose the one to ask about below"
          }
          sequence={shown.reading.main}
          selected={positionIn(shown.reading)}
          onSelect={(position) => choose({ position })}
        />
      )}
    </section>
  );
}

export function TextField({
  label,
  hint,
  value,
  wrong,
  onInput,
}: {
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly value: string;
  readonly wrong?: string | undefined;
  readonly onInput: (text: string) => void;
}): JSX.Element {
  return (
    <Field label={label} hint={hint} wrong={wrong}>
      {(control) => (
        <textarea
          {...control}
          rows={2}
          spellcheck={false}
          value={value}
          onInput={({ currentTarget }) => onInput(currentTarget.value)}
        />
      )}
    </Field>
  );
}
