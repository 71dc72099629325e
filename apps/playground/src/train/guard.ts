import type { ReadonlySignal } from "@preact/signals";

import type { TrainerState } from "../trainer/run-state.ts";

let guarding = false;

/** Seconds of training that one may lose without being asked. */
const bearable = 30;

/** Sees to it that no training is lost when the page is left: saves when it is hidden, and asks before it is closed where that cannot help. */
export function guard(state: ReadonlySignal<TrainerState | undefined>, saveNow: () => void): void {
  if (guarding) return;
  guarding = true;
  // Once, and only where somebody trains: the browser then keeps what is stored when room gets short. It may say no.
  void navigator.storage?.persist?.().catch(() => false);
  const save = (): void => {
    if (state.value?.phase === "training") saveNow();
  };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
  addEventListener("pagehide", save);
  addEventListener("beforeunload", (event) => {
    if (wouldLose(state.value)) event.preventDefault();
  });
}

/** Would more be lost with the page than a moment of training? */
export function wouldLose(state: TrainerState | undefined): boolean {
  if (state === undefined || state.phase === "preparing") return false;
  if (!state.lasting) return state.step > 0;
  if (state.phase !== "training") return false;
  const { step, steps, savedAt = 0, secondsLeft = 0 } = state;
  const secondsEach = steps > step ? secondsLeft / (steps - step) : 0;
  return (step - savedAt) * secondsEach > bearable;
}
