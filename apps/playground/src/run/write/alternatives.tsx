import { CornerDownRight, RefreshCw, X } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import type { ShownToken } from "../../engine/text/generated.ts";
import { percent } from "../../interface/numbers.ts";
import { goOnBehind, goOnWith, writeAgainFrom } from "./write-state.ts";

/** What else there might have been in the place of a token: choosing one goes on with it. */
export function Alternatives({
  token: { id, name, probability, alternatives },
  place,
  stays,
  beside,
  onDone,
}: {
  readonly token: ShownToken;
  readonly place: number;
  /** Whether it was asked for, and takes the focus; else it shows what the pointer is on. */
  readonly stays: boolean;
  readonly beside: HTMLElement | null;
  readonly onDone: () => void;
}): JSX.Element {
  const panel = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState({ left: 0, top: 0 });
  useLayoutEffect(() => {
    const [box, own] = [panel.current!.parentElement!, panel.current!];
    const place = (): void => {
      const token = beside?.getClientRects()[0];
      if (token === undefined) return;
      const around = box.getBoundingClientRect();
      const left = Math.max(0, Math.min(token.left - around.left, around.width - own.offsetWidth));
      setAt({ left, top: token.bottom - around.top + 2 });
    };
    place();
    addEventListener("resize", place);
    return () => removeEventListener("resize", place);
  }, [beside]);
  useEffect(() => {
    if (stays) panel.current!.querySelector<HTMLElement>("ol button")?.focus();
  }, [stays, place]);

  const then = (action: () => Promise<void>) => () => {
    onDone();
    void action();
  };
  const most = alternatives[0]?.probability ?? 1;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape closes it, wherever in it the focus is
    <div
      ref={panel}
      class={`alternatives${stays ? "" : " preview"}`}
      role="dialog"
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        onDone();
      }}
      aria-label={`In the place of ${name}`}
      style={{ left: `${at.left}px`, top: `${at.top}px` }}
    >
      <div class="row">
        <strong>
          <code>{name}</code> {percent(probability)}
        </strong>
        <button type="button" class="icon-button" aria-label="Close" onClick={onDone}>
          <X size={16} aria-hidden="true" />
        </button>
      </div>
      <ol>
        {alternatives.map((other) => (
          <li key={other.id}>
            <button
              type="button"
              aria-current={other.id === id ? "true" : undefined}
              aria-label={`Go on with ${other.name} ${percent(other.probability)}`}
              tabIndex={stays ? 0 : -1}
              onClick={then(() => goOnWith(place, other))}
            >
              <code>{other.name}</code>{" "}
              <span class="bar" aria-hidden="true">
                <span style={{ width: `${(100 * other.probability) / most}%` }} />
              </span>
              <span class="number">{percent(other.probability)}</span>
            </button>
          </li>
        ))}
      </ol>
      {stays ? (
        <div class="row">
          <button type="button" class="button" onClick={then(() => writeAgainFrom(place))}>
            <RefreshCw size={15} aria-hidden="true" /> Write again from here
          </button>
          <button type="button" class="button" onClick={then(() => goOnBehind(place))}>
            <CornerDownRight size={15} aria-hidden="true" /> Go on after it
          </button>
        </div>
      ) : (
        <p class="small quiet">Click or press Enter to choose another.</p>
      )}
    </div>
  );
}
