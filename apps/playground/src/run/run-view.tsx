import type { JSX } from "preact";

import { ModelBar } from "../model/model-bar.tsx";

/** The place run. */
export function RunView(): JSX.Element {
  return (
    <>
      <h1>Run</h1>
      <ModelBar first={{ kind: "shipped", name: "story-decoder" }} />
    </>
  );
}
