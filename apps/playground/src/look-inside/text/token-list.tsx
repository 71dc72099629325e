import type { JSX } from "preact";
import { useRef } from "preact/hooks";

import type { Sequence } from "../../engine/inspection/subject-data.ts";
import { visible } from "../shown.ts";
import "./text.css";

/** The tokens of a text, one of which is chosen: the arrow keys go from one to the next. */
export function TokenList({
  label,
  sequence,
  selected,
  onSelect,
}: {
  readonly label: string;
  readonly sequence: Sequence;
  readonly selected: number;
  readonly onSelect: (position: number) => void;
}): JSX.Element {
  const { tokens } = sequence;
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
    <div>
      <p class="small quiet token-title">{label}</p>
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
      <LeftOut sequence={sequence} />
    </div>
  );
}

/** The tokens of a text that nothing is asked about. */
export function PlainTokens({ label, sequence }: { readonly label: string; readonly sequence: Sequence }): JSX.Element {
  return (
    <div>
      <p class="small quiet token-title">{label}</p>
      <ul class="token-list" aria-label={label}>
        {sequence.tokens.map((token, position) => (
          <li key={position} title={`Token ${token.id}`}>
            <span class="place">{position}</span>
            {visible(token)}
          </li>
        ))}
      </ul>
      <LeftOut sequence={sequence} />
    </div>
  );
}

function LeftOut({ sequence: { tokens, leftOut } }: { readonly sequence: Sequence }): JSX.Element | null {
  if (leftOut === 0) return null;
  return (
    <p class="small quiet">
      Only the first {tokens.length} tokens are looked at; the text has {leftOut} more.
    </p>
  );
}
