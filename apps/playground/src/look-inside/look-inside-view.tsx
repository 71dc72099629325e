import type { JSX } from "preact";

import { ModelBar } from "../model/model-bar.tsx";

/** The place look-inside. */
export function LookInsideView(): JSX.Element {
  return (
    <>
      <h1>Look inside</h1>
      <ModelBar first={{ kind: "shipped", name: "story-decoder" }} />
    </>
  );
}
