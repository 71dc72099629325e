import { access, chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { isTenonError } from "@tenon/tensor";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { sha256Of, startHub, type HubServer } from "../../test/hub-server.ts";
import { readText } from "../files/read-json.ts";
import { hub, type HubOptions } from "./hub.ts";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const weights = text("weights, or so it seems");

let cache = "";
let server: HubServer;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "tenon-hub-"));
  server = await startHub([
    { path: "config.json", content: text("{}") },
    { path: "model.safetensors", content: weights, large: true },
    { path: "pytorch_model.bin", content: text("pickle"), large: true },
  ]);
  for (const name of ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_TOKEN_PATH", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"])
    vi.stubEnv(name, "");
  // No token of whoever runs the tests.
  vi.stubEnv("HF_HOME", cache);
  vi.stubEnv("HF_ENDPOINT", `${server.endpoint}/`);
  vi.stubEnv("HF_HUB_CACHE", cache);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
  await rm(cache, { recursive: true, force: true });
});

async function refused(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => new Error("it was accepted"),
    (error: unknown) => error,
  );
  if (!isTenonError(error, "CheckpointError")) throw error;
  return error.message.replaceAll(server.endpoint, "HUB").replaceAll(cache, "CACHE");
}

async function open(path: string, options?: HubOptions): Promise<string | undefined> {
  return readText(hub("owner/name", options), path);
}

test("the environment says which Hub, which cache and which token", async () => {
  vi.stubEnv("HF_TOKEN", " hf_mine\n");
  expect(await open("config.json")).toBe("{}");
  expect(server.log.every((line) => line.endsWith(" Bearer hf_mine"))).toBe(true);
  server.log.length = 0;
  vi.stubEnv("CACHE_OF_TEST", cache);
  await open("config.json", { cache: "$CACHE_OF_TEST/other", token: "given" });
  expect(server.log[0]).toMatch(/ Bearer given$/);
  await access(join(cache, "other/models--owner--name/refs/main"));
});

test("the files lie as the Python library lays them", async () => {
  await open("config.json");
  await open("model.safetensors");
  const root = join(cache, "models--owner--name");
  expect(await readFile(join(root, "refs/main"), "utf8")).toBe(server.commit);
  expect(await readFile(join(root, "blobs", sha256Of(weights)), "utf8")).toBe("weights, or so it seems");
  expect(await readFile(join(root, "snapshots", server.commit, "config.json"), "utf8")).toBe("{}");
  expect(JSON.parse(await readFile(join(root, "trees", `${server.commit}.json`), "utf8"))).toMatchObject({
    format_version: 1,
    files: { "model.safetensors": { size: weights.length, lfs_sha256: sha256Of(weights), lfs_size: weights.length } },
  });
});

test("without a network, what is here is used, and the rest is said", async () => {
  expect(await refused(open("config.json", { offline: true }))).toBe(
    "owner/name (main) is not in the cache CACHE, and the Hub is not asked (offline: true, or HF_HUB_OFFLINE). Load it once with a network, or name another cache.",
  );
  await open("config.json");
  server.log.length = 0;
  vi.stubEnv("HF_HUB_OFFLINE", "1");
  expect(await open("config.json")).toBe("{}");
  expect(await open("vocab.txt")).toBeUndefined();
  expect(await refused(open("model.safetensors"))).toContain(
    "model.safetensors of owner/name is not in the cache CACHE",
  );
  expect(await open("config.json", { revision: server.commit })).toBe("{}");
  expect(server.log).toEqual([]);
  expect(await open("model.safetensors", { offline: false })).toBe("weights, or so it seems");
});

test("a commit that is here needs no network", async () => {
  await open("config.json");
  server.log.length = 0;
  expect(await open("config.json", { revision: server.commit })).toBe("{}");
  expect(await open("vocab.txt", { revision: server.commit })).toBeUndefined();
  expect(server.log).toEqual([]);
});

test("no network is said, with the way to do without; then it works again", async () => {
  const endpoint = server.endpoint;
  let isDown = true;
  const down: typeof fetch = (...call) =>
    isDown
      ? Promise.reject(new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") }))
      : fetch(...call);
  const files = hub("owner/name", { fetch: down });
  expect(await refused(files.open("config.json"))).toBe(
    "cannot get owner/name from HUB: connect ECONNREFUSED. Check the network; what was downloaded before can be used without one, with the option offline: true or with HF_HUB_OFFLINE=1.",
  );
  isDown = false;
  expect(await readText(files, "config.json")).toBe("{}");
  expect(endpoint).toBe(server.endpoint);
});

test("each refusal of the Hub says the way out", async () => {
  const refusal = async (status: number, headers: Record<string, string>, options?: HubOptions): Promise<string> => {
    server.refuses = { status, headers };
    return refused(open("config.json", options));
  };
  const unknown =
    "HUB has no model owner/name, or it is private. Check the spelling (a folder begins with ./ or /). Where it is private: ";
  const token = "ake a token at HUB/settings/tokens and pass it as the option token, or in Node as HF_TOKEN.";
  expect(await refusal(404, { "x-error-code": "RepoNotFound" })).toBe(`${unknown}m${token}`);
  expect(await refusal(401, { "x-error-code": "RepoNotFound" }, { token: "hf_x" })).toBe(
    `${unknown}the token that was sent does not suffice: check whose it is, and that it may read this model.`,
  );
  const gated = "owner/name is gated: its owner asks who uses it. Ask for access at HUB/owner/name. ";
  expect(await refusal(401, { "x-error-code": "GatedRepo" })).toBe(`${gated}M${token}`);
  expect(await refusal(403, { "x-error-code": "GatedRepo" }, { token: "hf_x" })).toContain(
    `${gated}The token that was`,
  );
  expect(await refusal(401, { "x-error-message": "Invalid credentials in Authorization header" })).toBe(
    "HUB does not accept the token. Make another at HUB/settings/tokens.",
  );
  expect(await refusal(418, { "x-error-message": "short and stout" })).toBe(
    "HUB refused owner/name with 418 short and stout.",
  );
  server.refuses = undefined;
  expect(await refused(open("config.json", { revision: "v9" }))).toBe(
    "owner/name has no such revision. Its page lists them: HUB/owner/name/tree/main.",
  );
});

test("what is no Hub is said", async () => {
  server.refuses = { status: 200 };
  expect(await refused(open("config.json"))).toBe(
    "HUB answered something strange of owner/name: its commit is undefined. Check that the address is a Hub's (HF_ENDPOINT).",
  );
});

test("pickles are never downloaded, nor opened where they are", async () => {
  const message =
    "owner/name has pytorch_model.bin, a Python pickle, which can run any program and is never opened. Convert it: load it in Python and save_pretrained() it again, which writes safetensors, then name that folder; or choose a revision that has safetensors.";
  expect(await refused(open("pytorch_model.bin"))).toBe(message);
  expect(await open("other.bin")).toBeUndefined();
  expect(server.log.some((line) => line.includes("pytorch"))).toBe(false);
  const path = join(cache, "models--owner--name/snapshots", server.commit, "pytorch_model.bin");
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, "pickle");
  expect(await refused(open("pytorch_model.bin", { offline: true }))).toBe(message);
});

test("a model whose weights are pickles only says so when they are asked for", async () => {
  await server.close();
  server = await startHub([
    { path: "config.json", content: text("{}") },
    { path: "training_args.bin", content: text("pickle") },
    { path: "weights.pt", content: text("pickle") },
  ]);
  vi.stubEnv("HF_ENDPOINT", server.endpoint);
  expect(await open("config.json")).toBe("{}");
  expect(await refused(open("model.safetensors"))).toContain("owner/name has weights.pt, a Python pickle");
});

test.skipIf(process.platform !== "linux")("a full disk is said, with its remedy", async () => {
  const blobs = join(cache, "models--owner--name/blobs");
  await mkdir(blobs, { recursive: true });
  // A device that is always full.
  await symlink("/dev/full", join(blobs, `${sha256Of(weights)}.tenon.incomplete`));
  expect(await refused(open("model.safetensors"))).toBe(
    `cannot write CACHE/models--owner--name/blobs/${sha256Of(weights)}.tenon.incomplete: the disk is full. Make room or choose another place.`,
  );
});

test.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
  "a cache that may only be read still serves",
  async () => {
    await open("config.json");
    const root = join(cache, "models--owner--name");
    await rm(join(root, "trees"), { recursive: true });
    await chmod(root, 0o500);
    expect(await open("config.json")).toBe("{}");
    expect(await open("vocab.txt")).toBeUndefined();
    await chmod(root, 0o700);
  },
);

test("names, revisions and options that are none are refused at once", () => {
  const message = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      if (isTenonError(error, "ConfigError")) return error.message;
      throw error;
    }
    throw new Error("it was accepted");
  };
  expect(message(() => hub("gpt2"))).toBe(
    '"gpt2" is no name of a model on the Hub: expected "owner/name", such as "sentence-transformers/all-MiniLM-L6-v2". Write its owner too: an older model\'s owner is shown on its page.',
  );
  for (const name of [
    "../name",
    "a/b/c",
    "a/..",
    "a/b--c",
    "a/b.git",
    "-a/b",
    "a/",
    "",
    "a b/c",
    `a/${"b".repeat(95)}`,
  ])
    expect(message(() => hub(name))).toContain(`${JSON.stringify(name)} is no name of a model on the Hub`);
  expect(message(() => hub("a/b", { revision: "../main" }))).toBe(
    'revision "../main" is no name of a branch, a tag or a commit. Leave it out for the newest.',
  );
  expect(message(() => hub("a/b", { tokens: "x" } as HubOptions))).toBe(
    'hub has no option "tokens". It has revision, token, cache, offline, fetch, signal, onProgress.',
  );
  expect(hub("a/b", { revision: "refs/pr/1", token: undefined }).name).toBe("a/b");
});
