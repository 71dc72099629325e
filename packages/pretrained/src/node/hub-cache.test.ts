import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { sha256Of, startHub, type HubServer } from "../../test/hub-server.ts";
import { readText } from "../files/read-json.ts";
import { hub } from "../hub/hub.ts";
import { withLock } from "./file-lock.ts";

const weights = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 7919) % 251);
const sum = sha256Of(weights);

let cache = "";
let server: HubServer;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "tenon-cache-"));
  server = await startHub([
    { path: "config.json", content: new TextEncoder().encode("{}") },
    { path: "model.safetensors", content: weights, large: true },
  ]);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
  await rm(cache, { recursive: true, force: true });
});

const inCache = (path: string): string => join(cache, "models--owner--name", path);
const contents = (): string[] => server.log.filter((line) => line.startsWith("cdn"));

/** A process of its own that opens the weights. */
function start(): ChildProcess {
  return spawn(
    process.execPath,
    [
      "--conditions=@tenon/source",
      fileURLToPath(new URL("../../test/hub-child.ts", import.meta.url)),
      "owner/name",
      "model.safetensors",
    ],
    {
      env: {
        ...process.env,
        HF_ENDPOINT: server.endpoint,
        HF_HOME: cache,
        HF_HUB_CACHE: cache,
        HF_HUB_OFFLINE: "",
        HF_TOKEN: "",
      },
    },
  );
}

/** What it prints until it ends. */
async function outputOf(child: ChildProcess): Promise<string> {
  let said = "";
  let complaints = "";
  child.stdout!.on("data", (piece: Buffer) => (said += piece.toString()));
  child.stderr!.on("data", (piece: Buffer) => (complaints += piece.toString()));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`it ended with ${code}: ${complaints}`);
  return said;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

test("two processes at once download a file once", async () => {
  server.sendings.push({ trickle: 5 });
  const both = await Promise.all([outputOf(start()), outputOf(start())]);
  expect(both).toEqual(["model.safetensors 200000\n", "model.safetensors 200000\n"]);
  expect(contents()).toEqual(["cdn/1"]);
  expect(new Uint8Array(await readFile(inCache(`snapshots/${server.commit}/model.safetensors`)))).toEqual(weights);
  expect(await readdir(join(cache, ".locks/models--owner--name"))).toEqual([]);
});

test("a process that is killed in the middle leaves no file that counts as whole, and no lock that holds", async () => {
  server.sendings.push({ trickle: 10 });
  const killed = start();
  const partial = inCache(`blobs/${sum}.tenon.incomplete`);
  await until(() =>
    stat(partial).then(
      (status) => status.size > 30_000,
      () => false,
    ),
  );
  killed.kill("SIGKILL");
  await new Promise((resolve) => killed.on("close", resolve));
  const { size } = await stat(partial);
  expect(size).toBeLessThan(200_000);
  expect(await readdir(join(cache, ".locks/models--owner--name"))).toEqual([`${sum}.tenon.lock`]);
  expect(await readdir(inCache("blobs"))).toEqual([`${sum}.tenon.incomplete`]);

  const begun = Date.now();
  expect(await outputOf(start())).toBe("model.safetensors 200000\n");
  expect(Date.now() - begun).toBeLessThan(10_000);
  expect(contents()).toEqual(["cdn/1", `cdn/1 bytes=${size}-`]);
  expect(new Uint8Array(await readFile(inCache(`blobs/${sum}`)))).toEqual(weights);
  expect(await readdir(join(cache, ".locks/models--owner--name"))).toEqual([]);
});

test("a lock whose holder cannot be seen holds while it shows life, and not longer", async () => {
  const path = join(cache, "lock");
  const quick = { beat: 20, abandoned: 300, look: 10 };
  await writeFile(path, JSON.stringify({ host: "another", pid: 1, number: 0 }));
  const old = new Date(Date.now() - 1000);
  await utimes(path, old, old);
  expect(await withLock(path, () => Promise.resolve("done"), undefined, quick)).toBe("done");

  await writeFile(path, JSON.stringify({ host: "another", pid: 1, number: 0 }));
  const stop = new AbortController();
  const alive = setInterval(() => void utimes(path, new Date(), new Date()), 50);
  setTimeout(() => stop.abort(new RangeError("long enough")), 800);
  await expect(withLock(path, () => Promise.resolve(), stop.signal, quick)).rejects.toThrow("long enough");
  clearInterval(alive);
  await rm(path);

  // A holder that works for long shows life itself.
  const order: string[] = [];
  await Promise.all([
    withLock(
      path,
      () => new Promise((resolve) => setTimeout(resolve, 700)).then(() => order.push("first")),
      undefined,
      quick,
    ),
    new Promise((resolve) => setTimeout(resolve, 50)).then(() =>
      withLock(path, () => Promise.resolve(order.push("second")), undefined, quick),
    ),
  ]);
  expect(order).toEqual(["first", "second"]);
  await expect(stat(path)).rejects.toThrow("ENOENT");
});

test("a lock of a living process of this host holds", async () => {
  const path = join(cache, "lock");
  await writeFile(path, JSON.stringify({ host: hostname(), pid: process.pid, number: -1 }));
  await expect(
    withLock(path, () => Promise.resolve(), AbortSignal.timeout(300), { beat: 20, abandoned: 5000, look: 10 }),
  ).rejects.toThrow(expect.objectContaining({ name: "TimeoutError" }));
});

const python = process.env["TENON_PYTHON"] ?? "python3";
const hasLibrary = ((): boolean => {
  try {
    execFileSync(python, ["-c", "import huggingface_hub"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

// Needs the PyPI package huggingface_hub: of python3, or of the Python that TENON_PYTHON names.
test.skipIf(!hasLibrary)("the Python library finds what was downloaded here", async () => {
  vi.stubEnv("HF_ENDPOINT", server.endpoint);
  const files = hub("owner/name", { cache, offline: false });
  for (const path of ["config.json", "model.safetensors"]) await (await files.open(path))?.close();
  const script = `
import json, sys
from huggingface_hub import try_to_load_from_cache, scan_cache_dir, hf_hub_download
from huggingface_hub._tree_cache import read_tree_cache
cache = sys.argv[1]
path = try_to_load_from_cache("owner/name", "model.safetensors", cache_dir=cache)
found = scan_cache_dir(cache)
repo = next(iter(found.repos))
revision = next(iter(repo.revisions))
print(json.dumps({
  "size": len(open(path, "rb").read()),
  "offline": hf_hub_download("owner/name", "config.json", cache_dir=cache, local_files_only=True).endswith("config.json"),
  "unknown": try_to_load_from_cache("owner/name", "vocab.txt", cache_dir=cache),
  "warnings": [str(each) for each in found.warnings],
  "repository": repo.repo_id, "commit": revision.commit_hash, "refs": sorted(revision.refs),
  "files": sorted(each.file_name for each in revision.files),
  "listed": sorted(read_tree_cache(cache + "/models--owner--name", revision.commit_hash)),
}))`;
  expect(JSON.parse(execFileSync(python, ["-c", script, cache], { encoding: "utf8" }))).toEqual({
    size: 200_000,
    offline: true,
    unknown: null,
    warnings: [],
    repository: "owner/name",
    commit: server.commit,
    refs: ["main"],
    files: ["config.json", "model.safetensors"],
    listed: ["config.json", "model.safetensors"],
  });
});

// The same need.
test.skipIf(!hasLibrary)("what the Python library has downloaded is used here, without a network", async () => {
  const script = `
import sys
from huggingface_hub import hf_hub_download
for path in ["config.json", "model.safetensors"]:
    hf_hub_download("owner/name", path, cache_dir=sys.argv[1])`;
  const child = spawn(python, ["-c", script, cache], {
    env: { ...process.env, HF_HOME: cache, HF_ENDPOINT: server.endpoint, HF_HUB_OFFLINE: "", HF_TOKEN: "" },
  });
  await outputOf(child);
  expect(await readdir(inCache("blobs"))).toContain(sum);
  server.log.length = 0;
  for (const revision of ["main", server.commit]) {
    const files = hub("owner/name", { cache, offline: true, revision });
    expect(await readText(files, "config.json")).toBe("{}");
    const file = await files.open("model.safetensors");
    expect(await file?.read(100, 110)).toEqual(weights.slice(100, 110));
    await file?.close();
    expect(await files.open("vocab.txt")).toBeUndefined();
  }
  expect(server.log).toEqual([]);
});
