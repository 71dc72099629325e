import type { JSX } from "preact";

import { ProblemList } from "../problems/problem-list.tsx";
import { Boundary } from "./boundary.tsx";
import { Header } from "./header.tsx";
import { LoadedView } from "./loaded-view.tsx";
import { placeNames } from "./place-names.ts";
import { route } from "./route.ts";
import { followTheme } from "./theme.ts";

followTheme();

/** The page: its header, what went wrong, and the place where one is. */
export function App(): JSX.Element {
  const { place } = route.value;
  document.title = `${placeNames[place]} · Tenon playground`;
  return (
    <>
      <a class="skip" href="#content" onClick={skip}>
        Skip to the content
      </a>
      <Header />
      <main id="content" tabIndex={-1}>
        <ProblemList />
        <Boundary key={place} title={placeNames[place]}>
          <LoadedView place={place} />
        </Boundary>
      </main>
    </>
  );
}

/** The address says where in the app one is, so it is not the browser that jumps. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("content")!.focus();
}
