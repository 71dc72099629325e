import { useSignal } from "@preact/signals";
import { Plus, X } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { Similarities } from "../../engine/text/similarity.ts";
import { engine, openedModel } from "../../model/session.ts";
import { messageOf } from "../../problems/message-of.ts";
import { CosineTable } from "./cosine-table.tsx";
import { sentences } from "./sentences.ts";
import "./similarity.css";

/** Sentences, and how alike the model finds them. */
export function SimilarityPanel(): JSX.Element {
  const model = openedModel.value!;
  const found = useSignal<{ readonly of: readonly string[]; readonly similarities: Similarities } | undefined>(
    undefined,
  );
  const problem = useSignal<string | undefined>(undefined);
  const list = useRef<HTMLOListElement>(null);
  const all = sentences.value;
  const written = all.filter((sentence) => sentence.trim() !== "");
  const key = written.join("\n");

  useEffect(() => {
    problem.value = undefined;
    if (written.length < 2) {
      found.value = undefined;
      return undefined;
    }
    let late = false;
    const ask = async (): Promise<void> => {
      try {
        const similarities = await engine().similarity.compare(written);
        if (!late) found.value = { of: written, similarities };
      } catch (error) {
        if (!late) [found.value, problem.value] = [undefined, messageOf(error)];
      }
    };
    const timer = setTimeout(() => void ask(), 250);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [key, model]);

  const set = (i: number, sentence: string): void => {
    sentences.value = all.with(i, sentence);
  };
  const remove = (i: number): void => {
    sentences.value = all.toSpliced(i, 1);
    // The focus goes to the neighbour: what had it is gone.
    requestAnimationFrame(() => list.current?.querySelectorAll("input")[Math.max(0, i - 1)]?.focus());
  };
  const add = (): void => {
    sentences.value = [...all, ""];
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>("li:last-child input")?.focus());
  };

  return (
    <div class="stack">
      <section class="card stack" aria-label="Sentences">
        <ol class="sentences" ref={list}>
          {all.map((sentence, i) => (
            <li key={i}>
              <span class="quiet number" aria-hidden="true">
                {i + 1}
              </span>
              <input
                type="text"
                aria-label={`Sentence ${i + 1}`}
                value={sentence}
                onInput={({ currentTarget }) => set(i, currentTarget.value)}
              />
              <button
                type="button"
                class="icon-button"
                aria-label={`Remove sentence ${i + 1}`}
                disabled={all.length <= 2}
                onClick={() => remove(i)}
              >
                <X size={17} aria-hidden="true" />
              </button>
            </li>
          ))}
        </ol>
        <div>
          <button type="button" class="button" disabled={all.length >= 12} onClick={add}>
            <Plus size={16} aria-hidden="true" /> A sentence
          </button>
        </div>
      </section>
      <div role="status">
        {problem.value !== undefined && <p class="wrong">{problem.value}</p>}
        {written.length < 2 && <p class="quiet">Write two sentences, to compare them.</p>}
      </div>
      {found.value !== undefined && <CosineTable {...found.value} />}
    </div>
  );
}
