import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { arrive } from "./arrive.ts";
import { Stopped } from "./boundary.tsx";
import { placeNames } from "./place-names.ts";
import type { Place } from "./route.ts";

type View = () => JSX.Element;

/** Each place is a piece of its own, loaded when somebody goes there. */
const loaders: { readonly [place in Place]: () => Promise<View> } = {
  assemble: async () => (await import("../assemble/assemble-view.tsx")).AssembleView,
  train: async () => (await import("../train/train-view.tsx")).TrainView,
  run: async () => (await import("../run/run-view.tsx")).RunView,
  "look-inside": async () => (await import("../look-inside/look-inside-view.tsx")).LookInsideView,
};

/** The view of a place, once it is there; words and a way on where it cannot be loaded. */
export function LoadedView({ place }: { readonly place: Place }): JSX.Element {
  const [loaded, setLoaded] = useState<{ readonly View: View } | { readonly error: unknown } | undefined>();
  useEffect(() => {
    let left = false;
    loaders[place]().then(
      (View) => left || setLoaded({ View }),
      (error: unknown) => left || setLoaded({ error }),
    );
    return () => (left = true);
  }, [place]);
  useEffect(() => {
    if (loaded !== undefined) arrive(place);
  }, [loaded, place]);

  if (loaded === undefined) return <p class="waiting">Loading …</p>;
  if ("View" in loaded) return <loaded.View />;
  // A browser remembers that a script could not be had, and asks for it again only when the page is loaded anew.
  return (
    <Stopped title={`${placeNames[place]} could not be loaded`} error={loaded.error}>
      <button type="button" class="button primary" onClick={() => location.reload()}>
        Load the page again
      </button>
    </Stopped>
  );
}
