import { isTenonError } from "@tenon/tensor";

import { messageOf } from "../problems/message-of.ts";

/** What ended a run, and what can be done about it. */
export function wayOn(error: unknown, savedAt: number | undefined): string {
  const message = messageOf(error);
  const back = savedAt === undefined ? "" : ` What was saved at step ${savedAt} is intact.`;
  if (isTenonError(error, "GradientError"))
    return `${message}${back} Go on from there with a lower learning rate, or begin again with one.`;
  return `${message}${back}`;
}
