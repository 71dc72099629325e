import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { isTenonError } from "@tenon/tensor";
import { afterEach, beforeEach, expect, test } from "vitest";

import { gitSumOf, sha256Of, startHub, type HubServer } from "../../test/hub-server.ts";
import type { ModelFiles } from "../files/model-files.ts";
import { hubApi } from "../node/hub-api.ts";
import { hubCache } from "../node/hub-cache.ts";
import type { DownloadProgress } from "./download.ts";
import { hubFiles } from "./hub-files.ts";
import type { Patience } from "./patience.ts";

const weights = Uint8Array.from({ length: 50_000 }, (_, index) => (index * 7919) % 251);
const config = new TextEncoder().encode('{"model_type": "llama"}');

let cache = "";
let server: HubServer;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "tenon-hub-"));
  server = await startHub([
    { path: "config.json", content: config },
    { path: "model.safetensors", content: weights, large: true },
    { path: "1_Pooling/config.json", content: new TextEncoder().encode("[]") },
    { path: "empty.txt", content: new Uint8Array() },
  ]);
});
afterEach(async () => {
  await server.close();
  await rm(cache, { recursive: true, force: true });
});

interface Settings {
  patience?: Partial<Patience>;
  signal?: AbortSignal;
  onProgress?: (progress: DownloadProgress) => void;
}

function files({ patience, signal, onProgress }: Settings = {}): ModelFiles {
  const connection = { repository: "owner/name", endpoint: server.endpoint, token: "hf_secret", fetch, signal };
  return hubFiles("owner/name", () =>
    Promise.resolve({
      api: hubApi,
      connection,
      store: hubCache(cache, "owner/name"),
      revision: "main",
      offline: false,
      patience: { tries: 3, pause: 1, silence: 10_000, ...patience },
      onProgress,
    }),
  );
}

async function content(from: ModelFiles, path: string): Promise<Uint8Array | undefined> {
  const file = await from.open(path);
  try {
    return file && (await file.read(0, file.size));
  } finally {
    await file?.close();
  }
}

async function refused(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => new Error("it was accepted"),
    (error: unknown) => error,
  );
  if (!isTenonError(error, "CheckpointError")) throw error;
  return error.message.replaceAll(server.endpoint, "HUB").replaceAll(cache, "CACHE");
}

const blobs = (): Promise<string[]> => readdir(join(cache, "models--owner--name/blobs"));
const partial = (): Promise<Uint8Array> =>
  readFile(join(cache, `models--owner--name/blobs/${sha256Of(weights)}.tenon.incomplete`));
const contents = (): string[] => server.log.filter((line) => line.startsWith("cdn"));

test("files are downloaded when they are opened, once, and what the model does not have is not asked for", async () => {
  const model = files();
  expect(await content(model, "config.json")).toEqual(new Uint8Array(config));
  expect(await content(model, "1_Pooling/config.json")).toEqual(new TextEncoder().encode("[]"));
  expect(await content(model, "empty.txt")).toEqual(new Uint8Array());
  expect(await content(model, "vocab.txt")).toBeUndefined();
  expect(await content(model, "config.json")).toEqual(new Uint8Array(config));
  expect(server.log.map((line) => line.replace(" Bearer hf_secret", "").replaceAll(server.commit, "COMMIT"))).toEqual([
    "/api/models/owner/name/revision/main",
    "/api/models/owner/name/tree/COMMIT",
    "/api/models/owner/name/tree/COMMIT",
    "/owner/name/resolve/COMMIT/config.json",
    "/owner/name/resolve/COMMIT/1_Pooling/config.json",
  ]);
  server.log.length = 0;
  await content(files(), "config.json");
  expect(server.log).toEqual(["/api/models/owner/name/revision/main Bearer hf_secret"]);
});

test("the token goes to the Hub, and not to the host that it leads to", async () => {
  expect(await content(files(), "model.safetensors")).toEqual(weights);
  expect(server.log.filter((line) => line.startsWith("/"))).toSatisfy((lines: string[]) =>
    lines.every((line) => line.endsWith(" Bearer hf_secret")),
  );
  expect(contents()).toEqual(["cdn/1"]);
});

test("a connection that is cut is taken up where it ended", async () => {
  server.sendings.push({ cutAfter: 20_000 }, { cutAfter: 10_000 }, { cutAfter: 0 }, { status: 503 });
  const progress: DownloadProgress[] = [];
  const model = files({ onProgress: (one) => progress.push(one) });
  expect(await content(model, "model.safetensors")).toEqual(weights);
  expect(contents()).toEqual([
    "cdn/1",
    "cdn/1 bytes=20000-",
    "cdn/1 bytes=30000-",
    "cdn/1 bytes=30000-",
    "cdn/1 bytes=30000-",
  ]);
  expect(progress.at(-1)).toEqual({ file: "model.safetensors", loaded: 50_000, total: 50_000 });
  expect(progress.map(({ loaded }) => loaded)).toEqual(progress.map(({ loaded }) => loaded).sort((a, b) => a - b));
});

test("what has come stays when the tries are used up, and the next download goes on from there", async () => {
  server.sendings.push({ cutAfter: 12_345 }, { cutAfter: 0 }, { cutAfter: 0 }, { cutAfter: 0 });
  expect(await refused(files().open("model.safetensors"))).toBe(
    "cannot get owner/name from HUB: the connection was cut. Check the network; what was downloaded before can be used without one, with the option offline: true or with HF_HUB_OFFLINE=1.",
  );
  expect(new Uint8Array(await partial())).toEqual(weights.slice(0, 12_345));
  server.log.length = 0;
  expect(await content(files(), "model.safetensors")).toEqual(weights);
  expect(contents()).toEqual(["cdn/1 bytes=12345-"]);
  expect(await blobs()).toEqual([sha256Of(weights)]);
});

test("a server that sends the whole, or more than was asked for, does no harm", async () => {
  server.sendings.push({ cutAfter: 20_000 }, { ignoresRange: true, cutAfter: 30_000 }, { begin: 25_000 });
  expect(await content(files(), "model.safetensors")).toEqual(weights);
  server.sendings.push({ cutAfter: 20_000 }, { begin: 30_000 });
});

test("a part that leaves a gap is not taken", async () => {
  server.sendings.push({ cutAfter: 20_000 }, { begin: 30_000 });
  expect(await content(files(), "model.safetensors")).toEqual(weights);
  expect(contents()).toEqual(["cdn/1", "cdn/1 bytes=20000-", "cdn/1 bytes=20000-"]);
});

test("a trickle is waited for; silence is not", async () => {
  server.sendings.push({ trickle: 20 });
  expect(await content(files({ patience: { silence: 400 } }), "model.safetensors")).toEqual(weights);
  expect(contents()).toEqual(["cdn/1"]);
  await rm(cache, { recursive: true });
  server.sendings.push({ silentAfter: 1 });
  expect(await content(files({ patience: { silence: 200 } }), "model.safetensors")).toEqual(weights);
  expect(contents().slice(1)).toEqual(["cdn/1", "cdn/1 bytes=1000-"]);
});

test("content with a wrong sum is deleted, and said", async () => {
  const other = weights.slice();
  other[30_000]! ^= 1;
  server.sendings.push({ content: other });
  expect(await refused(files().open("model.safetensors"))).toBe(
    `model.safetensors of owner/name is damaged: what came from HUB has the sum ${sha256Of(other)}, where ${sha256Of(weights)} is expected. It was deleted; load the model again to download it anew.`,
  );
  expect(await blobs()).toEqual([]);
  expect(await content(files(), "model.safetensors")).toEqual(weights);
});

test("what is all there, and was never checked, does not count", async () => {
  await content(files(), "config.json");
  await writeFile(
    join(cache, `models--owner--name/blobs/${sha256Of(weights)}.tenon.incomplete`),
    new Uint8Array(50_000),
  );
  expect(await refused(files().open("model.safetensors"))).toContain("model.safetensors of owner/name is damaged");
  expect(await content(files(), "model.safetensors")).toEqual(weights);
});

test("a small file is checked by git's sum", async () => {
  const other = new TextEncoder().encode('{"model_type": "gpt_2"}');
  server.sendings.push({ content: other });
  expect(await refused(files().open("config.json"))).toContain(
    `has the sum ${gitSumOf(other)}, where ${gitSumOf(config)} is expected`,
  );
  expect(await blobs()).toEqual([]);
});

test("more bytes than are listed are refused as they come, fewer are asked for again", async () => {
  const longer = Uint8Array.from([...weights, 1]);
  server.sendings.push({ content: longer });
  expect(await refused(files().open("model.safetensors"))).toBe(
    "model.safetensors of owner/name is damaged: what came from HUB has more than 50000 bytes. It was deleted; load the model again to download it anew.",
  );
  expect(await blobs()).toEqual([]);
  const shorter = weights.slice(0, 40_000);
  server.sendings.push({ content: shorter }, { status: 416 });
  expect(await refused(files().open("model.safetensors"))).toBe(
    "HUB refused owner/name with 416 Range Not Satisfiable.",
  );
});

test("a signal ends a download, what has come stays", async () => {
  server.sendings.push({ trickle: 5 });
  const stop = new AbortController();
  const model = files({ signal: stop.signal, onProgress: ({ loaded }) => loaded >= 5000 && stop.abort() });
  await expect(model.open("model.safetensors")).rejects.toThrow(expect.objectContaining({ name: "AbortError" }));
  expect((await partial()).length).toBeGreaterThanOrEqual(5000);
  expect((await partial()).length).toBeLessThan(50_000);
  expect(await content(files(), "model.safetensors")).toEqual(weights);
});

test("two that open the same file at once download it once", async () => {
  server.sendings.push({ trickle: 5 });
  const [one, two] = await Promise.all([content(files(), "model.safetensors"), content(files(), "model.safetensors")]);
  expect(one).toEqual(weights);
  expect(two).toEqual(weights);
  expect(contents()).toEqual(["cdn/1"]);
});
