const noMemory =
  "The browser gave no more memory. Close other tabs, or take a smaller model (fewer layers, a smaller width, or a shorter context) or, to train it, a smaller batch.";

/** What browsers say, each in its own way, when a file cannot be had; the last is said by Vite of a style sheet. */
const notLoaded =
  /^(Failed to fetch|NetworkError|Load failed|error loading dynamically|Importing a module script failed|Unable to preload CSS)/i;

/** What an error says; what only a browser would say is put into words that help. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message } = error;
  if (name === "RangeError" && /alloc|memory|length/i.test(message)) return noMemory;
  // What a backend says of it is for programmers.
  if (name === "BackendError" && message.includes("out of memory")) return noMemory;
  if (notLoaded.test(message))
    return "A file of this page could not be loaded. Look whether you are online, and reload the page.";
  return message;
}
