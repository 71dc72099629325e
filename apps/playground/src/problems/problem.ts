import { type ReadonlySignal, signal } from "@preact/signals";

import { messageOf } from "./message-of.ts";

/** What went wrong, in words, and the way on. */
export interface Problem {
  /** What could not be done: "The model could not be opened". */
  readonly title: string;
  /** Why, and what to do about it. */
  readonly message: string;
}

/** The name of errors that say a second time what was reported where it happened: a worker that ended fails all calls that wait for it. */
export const reportedBefore = "ReportedBefore";
export const isReported = (error: unknown): boolean => error instanceof Error && error.name === reportedBefore;

const list = signal<readonly Problem[]>([]);

/** What went wrong and was not put away yet, the latest first. */
export const problems: ReadonlySignal<readonly Problem[]> = list;

/** Says that something went wrong. The same is not said twice. */
export function report(title: string, error: unknown): void {
  const problem = { title, message: messageOf(error) };
  const others = list.value.filter((one) => one.title !== title || one.message !== problem.message);
  list.value = [problem, ...others];
}

/** Puts a problem away. */
export function dismiss(problem: Problem): void {
  list.value = list.value.filter((one) => one !== problem);
}

/** Does something, and reports what goes wrong with it, unless that was done where it happened. */
export async function attempt<T>(title: string, body: () => Promise<T>): Promise<T | undefined> {
  try {
    return await body();
  } catch (error) {
    if (!isReported(error)) report(title, error);
    return undefined;
  }
}
