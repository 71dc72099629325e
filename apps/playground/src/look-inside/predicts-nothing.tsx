import type { JSX } from "preact";

/** Said of a model whose head does not predict tokens. */
export function PredictsNothing(): JSX.Element {
  return (
    <p>
      This model does not predict tokens: its head makes something else of the text, so there is no prediction to watch.
      Open a decoder, or an encoder with a head for masked words.
    </p>
  );
}
