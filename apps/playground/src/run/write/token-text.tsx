import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { Alternatives } from "./alternatives.tsx";
import { runsOf, TokenRun } from "./token-run.tsx";
import { isWriting, selected, type Written } from "./write-state.ts";

/** A token that the visitor looks at: with the keyboard or a click it stays, by the pointer it goes when that goes. */
interface Looked {
  readonly place: number;
  readonly stays: boolean;
}

/** A text token by token: each shaded by how improbable it was, with what else there might have been. */
export function TokenText({
  written: { prompt, tokens },
  translates,
}: {
  readonly written: Written;
  readonly translates: boolean;
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [looked, setLooked] = useState<Looked | undefined>();
  const [current, setCurrent] = useState(0);
  const at = Math.min(current, Math.max(0, tokens.length - 1));
  const shown = looked !== undefined && looked.place < tokens.length ? looked : undefined;

  const elementOf = (place: number): HTMLElement | null =>
    box.current?.querySelector<HTMLElement>(`[data-place="${place}"]`) ?? null;
  const close = (): void => {
    const place = shown?.place;
    setLooked(undefined);
    if (place !== undefined && shown!.stays) elementOf(place)?.focus();
  };
  const open = (place: number): void => {
    setCurrent(place);
    setLooked({ place, stays: true });
    selected.value = place;
  };
  useEffect(() => {
    if (shown?.stays !== true) return undefined;
    const outside = ({ target }: Event): void => {
      if (!box.current!.contains(target as Node)) setLooked(undefined);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [shown?.stays]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const place = placeOf(event.target);
    if (event.key === "Escape" && shown !== undefined) {
      event.preventDefault();
      return close();
    }
    if (place === undefined) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      return open(place);
    }
    const to = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: tokens.length - 1 }[event.key];
    if (to === undefined || to < 0 || to >= tokens.length) return;
    event.preventDefault();
    setCurrent(to);
    elementOf(to)?.focus();
  };

  return (
    <div ref={box} class="token-text">
      {/* oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- the focus goes to the tokens in it, to one of them by Tab */}
      <div
        class="text"
        role="toolbar"
        aria-label="The text, token by token"
        aria-busy={isWriting.value}
        onKeyDown={onKeyDown}
        onPointerLeave={() => shown?.stays === false && setLooked(undefined)}
        onPointerOver={({ target, pointerType }) => {
          const place = placeOf(target);
          if (place !== undefined && pointerType === "mouse" && shown?.stays !== true)
            setLooked({ place, stays: false });
        }}
        onFocusIn={({ target }) => {
          const place = placeOf(target);
          if (place === undefined) return;
          setCurrent(place);
          if (shown?.stays !== true) setLooked({ place, stays: false });
        }}
        onFocusOut={() => shown?.stays === false && setLooked(undefined)}
        onClick={({ target }) => {
          const place = placeOf(target);
          if (place !== undefined) open(place);
        }}
      >
        {!translates && <span class="prompt">{prompt}</span>}
        {runsOf(tokens).map(({ begin, run }) => {
          const inRun = (place: number | undefined): number | undefined =>
            place !== undefined && place >= begin && place < begin + run.length ? place : undefined;
          return (
            <TokenRun
              key={begin}
              tokens={run}
              begin={begin}
              reachable={inRun(at)}
              looked={inRun(shown?.place)}
              selected={inRun(selected.value)}
            />
          );
        })}
        {isWriting.value && <span class="caret" aria-hidden="true" />}
      </div>
      {shown !== undefined && (
        <Alternatives
          token={tokens[shown.place]!}
          place={shown.place}
          stays={shown.stays}
          beside={elementOf(shown.place)}
          onDone={close}
        />
      )}
      <p class="small quiet legend">
        <span class="token shaded" style={{ "--doubt": "5%" }}>
          certain
        </span>
        <span class="token shaded" style={{ "--doubt": "45%" }}>
          less
        </span>
        <span class="token shaded doubtful" style={{ "--doubt": "90%" }}>
          surprising
        </span>
        The darker, the less probable a token was; below 10 % it is underlined. Choose one to see what else there might
        have been; the arrow keys go from one to the next.
      </p>
    </div>
  );
}

function placeOf(target: EventTarget | null): number | undefined {
  const found = (target as Element | null)?.closest?.<HTMLElement>("[data-place]")?.dataset["place"];
  return found === undefined ? undefined : Number(found);
}
