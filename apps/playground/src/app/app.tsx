import type { JSX } from "preact";
import { Suspense, lazy } from "preact/compat";

import { ProblemList } from "../problems/problem-list.tsx";
import { Header } from "./header.tsx";
import { type Place, route } from "./route.ts";
import { followTheme } from "./theme.ts";

followTheme();

/** Each place is a piece of its own, loaded when somebody goes there. */
const views: { readonly [place in Place]: () => JSX.Element } = {
  assemble: lazy(async () => (await import("../assemble/assemble-view.tsx")).AssembleView),
  train: lazy(async () => (await import("../train/train-view.tsx")).TrainView),
  run: lazy(async () => (await import("../run/run-view.tsx")).RunView),
  "look-inside": lazy(async () => (await import("../look-inside/look-inside-view.tsx")).LookInsideView),
};

/** The page: its header, what went wrong, and the place where one is. */
export function App(): JSX.Element {
  const { place } = route.value;
  const View = views[place];
  return (
    <>
      <a class="skip" href="#content" onClick={skip}>
        Skip to the content
      </a>
      <Header />
      <main id="content" tabIndex={-1}>
        <ProblemList />
        <Suspense fallback={<p class="waiting">Loading …</p>}>
          <View key={place} />
        </Suspense>
      </main>
    </>
  );
}

/** The address says where in the app one is, so it is not the browser that jumps. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("content")!.focus();
}
