import { type ReadonlySignal, signal } from "@preact/signals";

/** What went wrong, in words, and the way on. */
export interface Problem {
  /** What could not be done: "The model could not be opened". */
  readonly title: string;
  /** Why, and what to do about it. */
  readonly message: string;
}

/** The name of errors that say a second time what was reported where it happened: a worker that ended fails all calls that wait for it. */
export const reportedBefore = "ReportedBefore";

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

/** Does something, and reports what goes wrong with it. */
export async function attempt<T>(title: string, body: () => Promise<T>): Promise<T | undefined> {
  try {
    return await body();
  } catch (error) {
    report(title, error);
    return undefined;
  }
}

const noMemory =
  "The browser gave no more memory. Close other tabs, or take a smaller model: fewer layers, a smaller width, or a shorter context.";

/** What browsers say, each in its own way, when a file cannot be had; the last is said by Vite of a style sheet. */
const notLoaded =
  /^(Failed to fetch|NetworkError|Load failed|error loading dynamically|Importing a module script failed|Unable to preload CSS)/i;

/** What an error says; what only a browser would say is put into words that help. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message } = error;
  if (name === "RangeError" && /alloc|memory|length/i.test(message)) return noMemory;
  if (notLoaded.test(message))
    return "A file of this page could not be loaded. Look whether you are online, and reload the page.";
  return message;
}
