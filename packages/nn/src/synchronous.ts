import { BackendError } from "@tenon/tensor";

/** Passes a result on, unless it is a promise: what a body did after its first `await` went unnoticed. */
export function synchronous<T>(name: string, result: T): T {
  if (typeof result === "object" && result !== null && "then" in result) {
    throw new BackendError(
      `${name}() got a promise, but it holds only for the synchronous length of its body. Await before and after it, not inside.`,
    );
  }
  return result;
}
