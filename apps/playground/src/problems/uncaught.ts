import { isReported, report } from "./problem.ts";

/** Shows what nobody has caught, too: a button that does nothing is worse than one that says why. */
export function reportUncaught(): void {
  addEventListener("error", ({ error, message }) => {
    // What a chart changes when its place changes is shown one frame later: nothing went wrong.
    if (message.startsWith("ResizeObserver loop")) return;
    report(title, error ?? new Error(message));
  });
  addEventListener("unhandledrejection", (event) => {
    const reason: unknown = event.reason;
    if (isReported(reason)) event.preventDefault();
    else report(title, reason);
  });
}

const title = "Something on this page went wrong";
