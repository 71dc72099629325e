import type { JSX } from "preact";

import type { SchemeRequest } from "../../engine/inspection/scheme-data.ts";
import { engine } from "../../model/session.ts";
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
  const { value, busy } = useLatest(`${title} could not be drawn`, `${engineKey} ${JSON.stringify(request)}`, () =>
    engine().inspection.scheme(request),
  );
  return (
    <section class="stack" aria-busy={busy}>
      <h2>{title}</h2>
      <p>{about}</p>
      {value === undefined ? (
        <Waiting busy={busy} />
      ) : (
        <>
          {value.length < request.length && (
            <p class="small quiet">It has {value.length} positions, so no more are drawn.</p>
          )}
          {value.vectors !== undefined && (
            <VectorDrawings title={title} vectors={value.vectors} length={value.length} />
          )}
          {value.bias !== undefined && <BiasDrawing title={title} bias={value.bias} />}
          {value.rotation !== undefined && (
            <RotationDrawings title={title} rotation={value.rotation} length={value.length} />
          )}
          {value.vectors === undefined && value.bias === undefined && value.rotation === undefined && (
            <p class="quiet">There is nothing to draw.</p>
          )}
        </>
      )}
    </section>
  );
}
