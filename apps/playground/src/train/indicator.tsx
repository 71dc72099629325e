import type { JSX } from "preact";

import { routeText } from "../app/route.ts";
import { lossText } from "./loss-text.ts";
import { isGoing, training } from "./training.ts";

/** In the header, while a run is under way: how far it is. */
export function TrainingIndicator(): JSX.Element | null {
  const state = training.value;
  if (state === undefined || !isGoing(state)) return null;
  const said =
    state.phase === "preparing"
      ? "preparing"
      : `step ${state.step}${state.loss === undefined ? "" : `, loss ${lossText(state.loss)}`}`;
  return (
    <a class="training-indicator number" href={routeText("train")}>
      <span class="phase">{state.phase === "paused" ? "paused" : "training"}: </span>
      {said}
    </a>
  );
}
