import { effect, untracked } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { amend, route } from "../app/route.ts";
import { chosen, chosenFrom, parametersOf, parameterNames } from "./state.ts";

/** Takes what the address says, now and when it changes, and lets it say what is chosen. An address that says nothing of it changes nothing. */
export function useAddress(): void {
  useEffect(() => {
    const stopReading = effect(() => {
      const { place, parameters } = route.value;
      if (place === "look-inside" && parameterNames.some((name) => parameters.has(name)))
        chosen.value = chosenFrom(parameters);
    });
    const stopWriting = effect(() => {
      const parameters = parametersOf(chosen.value);
      untracked(() => amend(Object.fromEntries(parameterNames.map((name) => [name, parameters[name]]))));
    });
    return () => {
      stopReading();
      stopWriting();
    };
  }, []);
}
