import type { Shelf } from "./shelf.ts";
import { storageProblem } from "./storage-problem.ts";

/** A {@link Shelf} in the Cache API, for browsers whose private file system cannot be written by a page. */
export function cacheShelf(folder: string): Shelf {
  // The Cache API keeps answers to requests, so a key becomes an address of this origin, which is never asked.
  const addressOf = (key: string): string => `/${key.split("/").map(encodeURIComponent).join("/")}`;
  const cache = (): Promise<Cache> => caches.open(`tenon/${folder}`);
  const tried = async <T>(key: string, task: "read" | "write", work: (cache: Cache) => Promise<T>): Promise<T> => {
    try {
      return await work(await cache());
    } catch (error) {
      throw storageProblem(error, key, task);
    }
  };
  return {
    name: `${folder} of the browser's cache`,
    get: (key) => tried(key, "read", async (opened) => (await opened.match(addressOf(key)))?.blob()),
    put: (key, content) =>
      tried(key, "write", (opened) => opened.put(addressOf(key), new Response(content as Uint8Array<ArrayBuffer>))),
    delete: (key) => tried(key, "write", async (opened) => void (await opened.delete(addressOf(key)))),
  };
}
