import { useSignal } from "@preact/signals";
import type { Candidate, Filling } from "@tenon/pretrained";
import { Plus } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { Field } from "../../interface/field.tsx";
import { percent } from "../../interface/numbers.ts";
import { engine, openedModel } from "../../model/session.ts";
import { messageOf } from "../../problems/message-of.ts";
import { masksIn, maskWord, putIn, wordsOf } from "./masked-text.ts";
import { maskedText } from "./masked-state.ts";
import "./fill.css";

/** How many words are shown for each mask. */
const top = 8;

/** A text with words missing, and what the model thinks they are. */
export function FillPanel(): JSX.Element {
  const model = openedModel.value!;
  const { mask = "[MASK]" } = model.tokenizer!;
  const filling = useSignal<Filling | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  const area = useRef<HTMLTextAreaElement>(null);
  const text = maskedText.value.replaceAll("[MASK]", mask);
  const masks = masksIn(text, mask);

  useEffect(() => {
    problem.value = undefined;
    if (masks === 0) {
      filling.value = undefined;
      return undefined;
    }
    let late = false;
    const ask = async (): Promise<void> => {
      try {
        const found = await engine().filling.fill(text, top);
        if (!late) filling.value = found;
      } catch (error) {
        // While somebody types, what is wrong belongs beside the text and not above the page.
        if (!late) [filling.value, problem.value] = [undefined, messageOf(error)];
      }
    };
    const timer = setTimeout(() => void ask(), 250);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [text, model]);

  const insert = (): void => {
    const { selectionStart: begin, selectionEnd: end } = area.current!;
    const before = text.slice(0, begin);
    const space = before === "" || before.endsWith(" ") ? "" : " ";
    maskedText.value = `${before}${space}${mask}${text.slice(end)}`;
    area.current!.focus();
  };

  return (
    <div class="stack">
      <section class="card stack" aria-label="The text">
        <Field
          label="Text with masks"
          hint={`${mask} stands for a word that is missing. All masks are filled at the same time, so their words need not fit each other.`}
          wrong={problem.value}
        >
          {(control) => (
            <textarea
              {...control}
              ref={area}
              rows={3}
              value={text}
              onInput={({ currentTarget }) => (maskedText.value = currentTarget.value)}
            />
          )}
        </Field>
        <div class="row">
          <button type="button" class="button" onClick={insert}>
            <Plus size={16} aria-hidden="true" /> {mask}
          </button>
          <span class="small quiet">or choose a word to hide it:</span>
        </div>
        <p class="words">
          {wordsOf(text, mask).map(({ text: word, begin, end, kind }) =>
            kind === "word" ? (
              <button
                key={begin}
                type="button"
                class="word"
                aria-label={`Hide ${word}`}
                onClick={() => (maskedText.value = maskWord(text, begin, end, mask))}
              >
                {word}
              </button>
            ) : (
              <span key={begin} class={kind === "mask" ? "mask" : undefined}>
                {word}
              </span>
            ),
          )}
        </p>
      </section>
      <div role="status">
        {problem.value !== undefined && <span class="for-screen-readers">{problem.value}</span>}
        {masks === 0 && <p class="quiet">No word is missing yet.</p>}
        {filling.value !== undefined && (
          <p class="filled">
            <span class="small quiet">With the most probable words:</span> {filling.value.text}
          </p>
        )}
      </div>
      <div class="columns">
        {filling.value?.masks.map((candidates, n) => (
          <MaskCard
            key={n}
            n={n}
            candidates={candidates}
            onChoose={(word) => (maskedText.value = putIn(text, mask, n, word))}
          />
        ))}
      </div>
    </div>
  );
}

function MaskCard({
  n,
  candidates,
  onChoose,
}: {
  readonly n: number;
  readonly candidates: readonly Candidate[];
  readonly onChoose: (word: string) => void;
}): JSX.Element {
  return (
    <section class="card candidates" aria-labelledby={`mask-${n}`}>
      <h2 id={`mask-${n}`}>Mask {n + 1}</h2>
      <ol>
        {candidates.map(({ id, word, probability }) => (
          <li key={id}>
            <button type="button" aria-label={`Put in ${word} ${percent(probability)}`} onClick={() => onChoose(word)}>
              <span>{word}</span>{" "}
              <span class="bar" aria-hidden="true">
                <span style={{ width: `${100 * probability}%` }} />
              </span>
              <span class="number">{percent(probability)}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
