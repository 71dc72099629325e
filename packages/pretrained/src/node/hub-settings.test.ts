import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { hubSettings } from "./hub-settings.ts";

test("the cache is where the Python library has it", async () => {
  const cacheOf = async (environment: NodeJS.ProcessEnv): Promise<string> => (await hubSettings(environment)).cache;
  expect(await cacheOf({})).toBe(join(homedir(), ".cache/huggingface/hub"));
  expect(await cacheOf({ XDG_CACHE_HOME: "/x" })).toBe(join("/x/huggingface/hub"));
  expect(await cacheOf({ XDG_CACHE_HOME: "/x", HF_HOME: "~/hf" })).toBe(join(homedir(), "hf/hub"));
  expect(await cacheOf({ HF_HOME: "/hf", HUGGINGFACE_HUB_CACHE: "/old" })).toBe("/old");
  expect(
    await cacheOf({ HF_HOME: "/hf", HUGGINGFACE_HUB_CACHE: "/old", HF_HUB_CACHE: "$WHERE/new", WHERE: "/w" }),
  ).toBe("/w/new");
  expect(await cacheOf({ HF_HUB_CACHE: "" })).toBe(join(homedir(), ".cache/huggingface/hub"));
});

test("offline is what the Python library takes for true", async () => {
  const offline = async (environment: NodeJS.ProcessEnv): Promise<boolean> => (await hubSettings(environment)).offline;
  for (const value of ["1", "true", "ON", "Yes"]) expect(await offline({ HF_HUB_OFFLINE: value })).toBe(true);
  for (const value of ["0", "", "off", "2"]) expect(await offline({ HF_HUB_OFFLINE: value })).toBe(false);
  expect(await offline({ TRANSFORMERS_OFFLINE: "1" })).toBe(true);
});

test("the token is the environment's, then the kept one; none where implicit ones are switched off", async () => {
  const home = await mkdtemp(join(tmpdir(), "tenon-settings-"));
  await writeFile(join(home, "token"), "hf_kept\n");
  const token = async (environment: NodeJS.ProcessEnv): Promise<string | undefined> =>
    (await hubSettings({ HF_HOME: home, ...environment })).token;
  expect(await token({})).toBe("hf_kept");
  expect(await token({ HF_TOKEN: "hf_set" })).toBe("hf_set");
  expect(await token({ HUGGING_FACE_HUB_TOKEN: "hf_old" })).toBe("hf_old");
  expect(await token({ HF_TOKEN_PATH: join(home, "none") })).toBeUndefined();
  expect(await token({ HF_TOKEN: "hf_set", HF_HUB_DISABLE_IMPLICIT_TOKEN: "1" })).toBeUndefined();
  await rm(home, { recursive: true });
});

test("the address has no slash at its end", async () => {
  expect((await hubSettings({ HF_ENDPOINT: "http://mirror/hub//" })).endpoint).toBe("http://mirror/hub");
  expect((await hubSettings({})).endpoint).toMatch(/^https:\/\/[^/]+$/);
});
