import type { JSX } from "preact";

import type { SchemeDrawing, SchemeRequest } from "../../engine/inspection/scheme-data.ts";
import { engine } from "../../model/session.ts";
import { capitalised } from "../../interface/capitalised.ts";
import { messageOf } from "../../problems/message-of.ts";
import { useLatest } from "../use-latest.ts";
import { Waiting } from "../waiting.tsx";
import { BiasDrawing } from "./bias-drawing.tsx";
import { RotationDrawings } from "./rotation-drawing.tsx";
import { VectorDrawings } from "./vector-drawings.tsx";

/** One scheme: what it is, and what can be drawn of it. */
export function SchemeCard({
  title,
  about,
  engineKey,
  request,
}: {
  readonly title: string;
  readonly about: string;
  readonly engineKey: string;
  readonly request: SchemeRequest;
}): JSX.Element {
  const { value, busy } = useLatest(
    `${title} could not be drawn`,
    `${engineKey} ${JSON.stringify(request)}`,
    async (): Promise<{ readonly drawing?: SchemeDrawing; readonly wrong?: string }> => {
      try {
        return { drawing: await engine().inspection.scheme(request) };
      } catch (error) {
        // Not every scheme goes with every attention: that is said where it would be drawn.
        return { wrong: capitalised(messageOf(error)) };
      }
    },
  );
  return (
    <section class="stack" aria-busy={busy}>
      <h2>{title}</h2>
      <p>{about}</p>
      {value === undefined && <Waiting busy={busy} />}
      {value?.wrong !== undefined && <p class="wrong">It cannot be drawn for this model: {value.wrong}</p>}
      {value?.drawing !== undefined && <Drawings title={title} drawing={value.drawing} asked={request.length} />}
    </section>
  );
}

function Drawings({
  title,
  drawing: { length, vectors, bias, rotation },
  asked,
}: {
  readonly title: string;
  readonly drawing: SchemeDrawing;
  readonly asked: number;
}): JSX.Element {
  return (
    <>
      {length < asked && <p class="small quiet">It has {length} positions, so no more are drawn.</p>}
      {vectors !== undefined && <VectorDrawings title={title} vectors={vectors} length={length} />}
      {bias !== undefined && <BiasDrawing title={title} bias={bias} />}
      {rotation !== undefined && <RotationDrawings title={title} rotation={rotation} length={length} />}
      {vectors === undefined && bias === undefined && rotation === undefined && (
        <p class="quiet">There is nothing to draw.</p>
      )}
    </>
  );
}
