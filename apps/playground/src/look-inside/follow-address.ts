import { effect } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { route, routeText } from "../app/route.ts";
import { chosen, chosenFrom, parametersOf } from "./state.ts";

/** Takes what the address says, now and when it changes, and lets it say what is chosen. An address that says nothing changes nothing. */
export function useAddress(): void {
  useEffect(() => {
    const stopReading = effect(() => {
      const { place, parameters } = route.value;
      if (place === "look-inside" && parameters.size > 0) chosen.value = chosenFrom(parameters);
    });
    const stopWriting = effect(() => {
      history.replaceState(history.state, "", routeText("look-inside", parametersOf(chosen.value)));
    });
    return () => {
      stopReading();
      stopWriting();
    };
  }, []);
}
