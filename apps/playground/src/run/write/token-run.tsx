import type { JSX } from "preact";
import { useMemo } from "preact/hooks";

import type { ShownToken } from "../../engine/text/generated.ts";
import { percent } from "../../interface/numbers.ts";

/** How many tokens are drawn together. */
const length = 64;

/** A text in runs of tokens, each with the place of its first. */
export function runsOf(tokens: readonly ShownToken[]): { begin: number; run: readonly ShownToken[] }[] {
  return Array.from({ length: Math.ceil(tokens.length / length) }, (_, i) => ({
    begin: i * length,
    run: tokens.slice(i * length, (i + 1) * length),
  }));
}

/** Some tokens of a text, drawn again only when something about them has changed: a long text grows by its end. */
export function TokenRun({
  tokens,
  begin,
  reachable,
  looked,
  selected,
}: {
  readonly tokens: readonly ShownToken[];
  /** The place of the first. */
  readonly begin: number;
  /** The places of those that Tab comes to, that is looked at, and that is selected, where they are among these. */
  readonly reachable: number | undefined;
  readonly looked: number | undefined;
  readonly selected: number | undefined;
}): JSX.Element {
  // What changes in the midst of a text changes all that comes after it, so the last token tells.
  return useMemo(
    () => (
      <>
        {tokens.map((token, i) => (
          <Token
            key={i}
            token={token}
            place={begin + i}
            reachable={reachable === begin + i}
            looked={looked === begin + i}
            selected={selected === begin + i}
          />
        ))}
      </>
    ),
    [tokens.length, tokens.at(-1), begin, reachable, looked, selected],
  );
}

function Token({
  token: { text, name, probability },
  place,
  reachable,
  looked,
  selected,
}: {
  readonly token: ShownToken;
  readonly place: number;
  readonly reachable: boolean;
  readonly looked: boolean;
  readonly selected: boolean;
}): JSX.Element {
  const classes = ["token", probability < 0.1 && "doubtful", looked && "looked", selected && "selected"];
  // The space before a word is where lines break: it is not shaded.
  const [, space = "", rest = ""] = /^( *)(.*)$/s.exec(text) ?? [];
  return (
    <>
      {space}
      <span
        class={classes.filter(Boolean).join(" ")}
        style={{ "--doubt": `${Math.round(90 * (1 - probability))}%` }}
        data-place={place}
        role="button"
        tabIndex={reachable ? 0 : -1}
        aria-haspopup="dialog"
        aria-expanded={looked}
        aria-label={`${name}, ${percent(probability)}`}
      >
        {rest.trim() === "" && <span class="unseen">{name}</span>}
        {rest}
      </span>
    </>
  );
}
