import { isTenonError } from "@tenon/tensor";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { hubInPage, pageFile, type PageFile, type PageHub } from "../../test/hub-in-page.ts";
import { filesOf } from "../files/files-of.ts";
import type { ModelFiles } from "../files/model-files.ts";
import { readText } from "../files/read-json.ts";
import { hub as hubOf } from "../hub/hub.ts";
import { hubFiles } from "../hub/hub-files.ts";
import { browserStore } from "./browser-store.ts";
import { cacheShelf } from "./cache-shelf.ts";
import { hubApi } from "./hub-api.ts";
import { privateShelf } from "./private-shelf.ts";
import type { Shelf } from "./shelf.ts";

const commit = "c".repeat(40);
const part = 16 * 2 ** 20;
// Three parts, the last one short.
const content = Uint8Array.from({ length: 2 * part + 1000 }, (_, index) => (index * 7919) % 251);
let listed: PageFile[] = [];
let hub: PageHub;

beforeEach(async () => {
  if (listed.length === 0) {
    listed = [
      await pageFile("config.json", new TextEncoder().encode("{}")),
      await pageFile("model.safetensors", content, true),
    ];
  }
  hub = hubInPage(listed, commit);
});
afterEach(async () => {
  const storage = await navigator.storage.getDirectory();
  for (const name of ["test", "huggingface"])
    await storage.removeEntry(name, { recursive: true }).catch(() => undefined);
  await caches.delete("tenon/test");
});

async function refused(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => new Error("it was accepted"),
    (error: unknown) => error,
  );
  if (!isTenonError(error, "CheckpointError")) throw error;
  return error.message;
}

/** A piece that crosses the border of two parts. */
async function expectContent(files: ModelFiles): Promise<void> {
  const file = await files.open("model.safetensors");
  expect(file?.size).toBe(content.length);
  expect(await file!.read(part - 10, part + 10)).toEqual(content.slice(part - 10, part + 10));
  expect(await file!.read(2 * part, content.length)).toEqual(content.slice(2 * part));
}

const shelves: [string, (folder: string) => Shelf][] = [
  ["the private file system", privateShelf],
  ["the Cache API", cacheShelf],
];
describe.each(shelves)("in %s", (_, shelfOf) => {
  const shelf = (): Shelf => shelfOf("test");
  function files({ offline = false, tries = 3 } = {}): ModelFiles {
    const connection = {
      repository: "owner/name",
      endpoint: "https://hub.test",
      token: undefined,
      fetch: hub.fetch,
      signal: undefined,
    };
    return hubFiles("owner/name", () =>
      Promise.resolve({
        api: hubApi,
        connection,
        store: browserStore(shelf(), "owner/name"),
        revision: "main",
        offline,
        patience: { tries, pause: 1, silence: 30_000 },
        onProgress: undefined,
      }),
    );
  }

  test("files are kept, and used without a network", async () => {
    expect(await refused(files({ offline: true }).open("config.json"))).toContain(
      "owner/name (main) is not in the cache test of the browser's",
    );
    const model = files();
    expect(await readText(model, "config.json")).toBe("{}");
    await expectContent(model);
    const asked = hub.log.length;
    await expectContent(files({ offline: true }));
    expect(await files({ offline: true }).open("vocab.txt")).toBeUndefined();
    expect(hub.log.length).toBe(asked);
  });

  test("a download that was cut goes on where it was", async () => {
    hub.cuts.push(part + 500);
    expect(await refused(files({ tries: 0 }).open("model.safetensors"))).toContain("the connection was cut");
    expect(await files({ offline: true }).open("vocab.txt")).toBeUndefined();
    expect(await refused(files({ offline: true }).open("model.safetensors"))).toContain("is not in the cache");
    await expectContent(files());
    expect(hub.log.filter((line) => line.includes("/resolve/"))).toEqual([
      `/owner/name/resolve/${commit}/model.safetensors`,
      `/owner/name/resolve/${commit}/model.safetensors bytes=${part + 500}-`,
    ]);
  });

  test("content with a wrong sum is deleted, and said", async () => {
    hub.instead = content.slice();
    hub.instead[part]! ^= 1;
    expect(await refused(files().open("model.safetensors"))).toMatch(
      /^model\.safetensors of owner\/name is damaged: what came from https:\/\/hub\.test has the sum \w{64}, where \w{64} is expected\. It was deleted;/,
    );
    expect(await shelf().get(`models--owner--name/blobs/${listed[1]!.sha256}/0`)).toBeUndefined();
    hub.instead = new TextEncoder().encode("[]");
    expect(await refused(files().open("config.json"))).toMatch(/has the sum \w{40}, where/);
    expect(await readText(files(), "config.json")).toBe("{}");
    await expectContent(files());
  });

  test("a content that is all there, and was never checked, does not count", async () => {
    await readText(files(), "config.json");
    const wrong = content.slice();
    wrong[part]! ^= 1;
    await shelf().put(`models--owner--name/blobs/${listed[1]!.sha256}/0`, wrong);
    expect(await refused(files({ offline: true }).open("model.safetensors"))).toContain("is not in the cache");
    expect(await refused(files().open("model.safetensors"))).toContain("model.safetensors of owner/name is damaged");
    await expectContent(files());
  });

  test("two that open a file at once download it once", async () => {
    await Promise.all([expectContent(files()), expectContent(files())]);
    expect(hub.log.filter((line) => line.includes("/resolve/"))).toHaveLength(1);
  });

  test("a part that the browser has thrown away is downloaded again", async () => {
    await expectContent(files());
    await shelf().delete(`models--owner--name/blobs/${listed[1]!.sha256}/1`);
    await expectContent(files());
    expect(hub.log.at(-1)).toBe(`/owner/name/resolve/${commit}/model.safetensors bytes=${part}-`);
    // What lies behind a part that is lost does not count, not even when the next download is cut before it.
    await shelf().delete(`models--owner--name/blobs/${listed[1]!.sha256}/0`);
    hub.cuts.push(part / 2);
    expect(await refused(files({ tries: 0 }).open("model.safetensors"))).toContain("the connection was cut");
    await expectContent(files());
  });
});

test("on a page, a text is a model of the Hub, kept in the page's storage", async () => {
  const files = await filesOf("owner/name", { fetch: hub.fetch });
  expect(await readText(files, "config.json")).toBe("{}");
  expect(await readText(hubOf("owner/name", { offline: true }), "config.json")).toBe("{}");
  const storage = await (await navigator.storage.getDirectory()).getDirectoryHandle("huggingface");
  await storage.getDirectoryHandle("models--owner--name");
  await expect(filesOf("./mine")).rejects.toThrow('"./mine" is no name of a model on the Hub');
});
