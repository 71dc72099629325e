import type { JSX } from "preact";
import { useRef } from "preact/hooks";

import type { Sequence } from "../../engine/inspection/subject-data.ts";
import { visible } from "../shown.ts";

/** The tokens of a text, one of which is chosen: the arrow keys go from one to the next. */
export function TokenList({
  label,
  sequence: { tokens, leftOut },
  selected,
  onSelect,
}: {
  readonly label: string;
  readonly sequence: Sequence;
  readonly selected: number;
  readonly onSelect: (position: number) => void;
}): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const typed = (event: KeyboardEvent): void => {
    const to = {
      ArrowRight: selected + 1,
      ArrowDown: selected + 1,
      ArrowLeft: selected - 1,
      ArrowUp: selected - 1,
      Home: 0,
      End: tokens.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = Math.min(tokens.length - 1, Math.max(0, to));
    onSelect(next);
    (list.current!.children[next] as HTMLElement).focus();
  };
  return (
    <>
      <div class="token-list" role="radiogroup" aria-label={label} ref={list}>
        {tokens.map((token, position) => (
          <button
            key={position}
            type="button"
            role="radio"
            aria-checked={position === selected}
            aria-label={`${position}: ${visible(token)}`}
            tabIndex={position === selected ? 0 : -1}
            title={`Token ${token.id}`}
            onClick={() => onSelect(position)}
            onKeyDown={typed}
          >
            <span class="place">{position}</span>
            {visible(token)}
          </button>
        ))}
      </div>
      {leftOut > 0 && (
        <p class="small quiet">
          Only the first {tokens.length} tokens are looked at; the text has {leftOut} more.
        </p>
      )}
    </>
  );
}

/** The tokens of a text that nothing is asked about. */
export function PlainTokens({ label, sequence }: { readonly label: string; readonly sequence: Sequence }): JSX.Element {
  return (
    <>
      <ul class="token-list" aria-label={label}>
        {sequence.tokens.map((token, position) => (
          <li key={position} title={`Token ${token.id}`}>
            <span class="place">{position}</span>
            {visible(token)}
          </li>
        ))}
      </ul>
      {sequence.leftOut > 0 && (
        <p class="small quiet">
          Only the first {sequence.tokens.length} tokens are looked at; the text has {sequence.leftOut} more.
        </p>
      )}
    </>
  );
}
