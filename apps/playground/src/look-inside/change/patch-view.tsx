import type { JSX } from "preact";

import type { PatchPlace } from "../../engine/inspection/intervention-data.ts";
import type { Texts } from "../../engine/inspection/subject-data.ts";
import { engine, openedModel } from "../../model/session.ts";
import { capitalised } from "../../interface/capitalised.ts";
import { messageOf } from "../../problems/message-of.ts";
import { PredictsNothing } from "../predicts-nothing.tsx";
import { positionIn, type Shown } from "../shown.ts";
import { choose, chosen } from "../state.ts";
import { TextField } from "../text/text-card.tsx";
import { PlainTokens } from "../text/token-list.tsx";
import { useSettled } from "../text/use-settled.ts";
import { usualTexts } from "../text/usual-texts.ts";
import { useLatest } from "../use-latest.ts";
import { Waiting } from "../waiting.tsx";
import { MovedTable } from "./moved-table.tsx";
import { PatchPlaceFields, possiblePlace } from "./patch-place-fields.tsx";
import { placeName, placeOf } from "./place-name.ts";
import { predictionAt } from "./prediction-at.ts";
import { SweepSection } from "./sweep-section.tsx";

/** Activations of a second text take the place of the first one's, and the prediction is watched. */
export function PatchView({ shown }: { readonly shown: Shown }): JSX.Element {
  const { reading, texts } = shown;
  const typed = chosen.value.other ?? usualTexts(openedModel.value!).other;
  const settled = useSettled(typed, typed);
  const other: Texts =
    reading.source === undefined ? { text: settled, written: "" } : { text: texts.text, written: settled };
  const key = `${shown.key} ${JSON.stringify(other)}`;
  const { value: second } = useLatest(
    "The other text could not be read",
    reading.predicts ? key : undefined,
    async () => {
      try {
        const { main } = await engine().inspection.read(other);
        return { main, wrong: lengthsDiffer(reading.main.tokens.length, main.tokens.length) };
      } catch (error) {
        return { main: undefined, wrong: capitalised(messageOf(error)) };
      }
    },
  );
  if (!reading.predicts) return <PredictsNothing />;
  return (
    <div class="stack">
      <TextField
        label="The other text"
        hint="What the model makes of it is put into its run on the text above. Both must have equally many tokens: change words, and add none."
        value={typed}
        wrong={second?.wrong}
        onInput={(other) => choose({ other })}
      />
      {second?.wrong !== undefined && (
        <div>
          <button
            type="button"
            class="button"
            onClick={() => choose({ other: reading.source === undefined ? texts.text : texts.written })}
          >
            Begin with the text above
          </button>
        </div>
      )}
      {second?.main !== undefined && <PlainTokens label="Tokens of the other text" sequence={second.main} />}
      {second?.wrong === undefined && second !== undefined && <Patched shown={shown} other={other} otherKey={key} />}
    </div>
  );
}

function lengthsDiffer(here: number, there: number): string | undefined {
  return here === there
    ? undefined
    : `The text above has ${here} tokens, and this one ${there}. What is patched goes from one position to the same position, so both need equally many.`;
}

function Patched({
  shown,
  other,
  otherKey,
}: {
  readonly shown: Shown;
  readonly other: Texts;
  readonly otherKey: string;
}): JSX.Element {
  const { reading, texts } = shown;
  const { patched, patchedAt } = chosen.value;
  const place = possiblePlace(placeOf(patched)!, reading);
  const at = patchedAt === undefined ? undefined : Math.min(patchedAt, reading.main.tokens.length - 1);
  const want = (place: PatchPlace, at: number | undefined): void =>
    choose({ patched: placeName(place), patchedAt: at });
  const position = positionIn(reading);
  const key = `${otherKey} ${JSON.stringify(place)} ${at} ${position}`;
  const { value, busy } = useLatest("The patched prediction could not be computed", key, async () => ({
    moved: await engine().inspection.patch(texts, other, place, at, position),
    shown,
    other,
    position,
    // What a sweep is about: all but the place.
    about: `${otherKey} ${position}`,
  }));
  return (
    <div class="patch-columns">
      <section class="stack" aria-busy={busy}>
        <h2>One patch: how the output moves</h2>
        <PatchPlaceFields reading={reading} place={place} at={at} onChange={want} />
        {value === undefined ? (
          <Waiting busy={busy} />
        ) : (
          <MovedTable
            moved={value.moved}
            at={predictionAt(value.shown.reading, value.position)}
            sourceTitle="Other text"
          />
        )}
      </section>
      {value !== undefined && (
        <SweepSection
          key={value.about}
          shown={value.shown}
          other={value.other}
          position={value.position}
          tokens={value.moved.tokens}
          onCell={want}
        />
      )}
    </div>
  );
}
