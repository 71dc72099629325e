import type { JSX } from "preact";

/** The place assemble. */
export function AssembleView(): JSX.Element {
  return <h1>Assemble</h1>;
}
