import type { JSX } from "preact";

/** The place train. */
export function TrainView(): JSX.Element {
  return <h1>Train</h1>;
}
