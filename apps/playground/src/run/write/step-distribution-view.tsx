import { Eye } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import type { DistributionRequest, StepDistribution } from "../../engine/text/generated.ts";
import { handFocus } from "../../interface/hand-focus.ts";
import { engine } from "../../model/session.ts";
import { attempt } from "../../problems/problem.ts";
import { DistributionTable } from "./distribution-table.tsx";
import { isWriting, readPrompt, selected, settings, written, type Written } from "./write-state.ts";

/** The distribution that the chosen token came from, or that the next one will, as the controls would have it. */
export function StepDistributionView(): JSX.Element {
  const [shown, setShown] = useState<StepDistribution | undefined>();
  const text = written.value;
  const place = selected.value;
  const wanted = requestOf(text, place);
  const key = JSON.stringify(wanted);
  useEffect(() => {
    if (wanted === undefined) return setShown(undefined);
    let late = false;
    const ask = async (): Promise<void> => {
      const found = await attempt("The distribution could not be computed", () =>
        engine().generation.distribution(wanted),
      );
      if (!late && found !== undefined) setShown(found);
    };
    // A slider that is drawn says many values a second.
    const timer = setTimeout(() => void ask(), 30);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [key]);

  return (
    <section class="card stack distribution" aria-labelledby="distribution">
      <h2 id="distribution" tabIndex={-1}>
        The distribution at this step
      </h2>
      {text === undefined ? (
        <>
          <p class="quiet">
            Before a token is chosen, every control changes the distribution that it is chosen from. Write a text and
            choose a token in it, or look at what may follow the prompt.
          </p>
          <div>
            <button type="button" class="button" onClick={() => void readPrompt().then(toHeading)}>
              <Eye size={16} aria-hidden="true" /> Look at the next token
            </button>
          </div>
        </>
      ) : (
        <>
          <p class="small">
            {place === undefined || text.tokens[place] === undefined ? (
              "The token that would come next."
            ) : (
              <>
                Token {place + 1} of the text, which became <code>{text.tokens[place].name}</code>.{" "}
                <button
                  type="button"
                  class="link"
                  onClick={() => {
                    selected.value = undefined;
                    toHeading();
                  }}
                >
                  Look at the next one instead
                </button>
              </>
            )}
          </p>
          {shown !== undefined && <DistributionTable distribution={shown} />}
        </>
      )}
    </section>
  );
}

const toHeading = (): void => handFocus(() => document.getElementById("distribution"));

/** While a text is being written, only a token that was chosen is looked at: the next one is another each moment. */
function requestOf(text: Written | undefined, place: number | undefined): DistributionRequest | undefined {
  if (text === undefined || text.promptIds.length === 0) return undefined;
  if (place === undefined && isWriting.value) return undefined;
  const before = text.tokens.slice(0, place ?? text.tokens.length).map(({ id }) => id);
  return { ids: [...text.promptIds, ...before], promptLength: text.promptIds.length, settings: settings.value };
}
