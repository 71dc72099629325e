import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

import { HUB_URL } from "@huggingface/hub";

import type { HubSettings } from "../hub/place.ts";

/** The environment's settings, as the Python library `huggingface_hub` reads them. */
export async function hubSettings(environment: NodeJS.ProcessEnv = process.env): Promise<HubSettings> {
  const read = (name: string): string | undefined => environment[name] || undefined;
  const home = expanded(
    read("HF_HOME") ?? join(read("XDG_CACHE_HOME") ?? join(homedir(), ".cache"), "huggingface"),
    environment,
  );
  const isTrue = (value: string | undefined): boolean => /^(?:1|on|yes|true)$/i.test(value ?? "");
  const kept = async (): Promise<string | undefined> =>
    await readFile(expanded(read("HF_TOKEN_PATH") ?? join(home, "token"), environment), "utf8").catch(() => undefined);
  const token = isTrue(read("HF_HUB_DISABLE_IMPLICIT_TOKEN"))
    ? undefined
    : (read("HF_TOKEN") ?? read("HUGGING_FACE_HUB_TOKEN") ?? (await kept()));
  return {
    endpoint: (read("HF_ENDPOINT") ?? HUB_URL).replace(/\/+$/, ""),
    token: token?.trim() || undefined,
    offline: isTrue(read("HF_HUB_OFFLINE") ?? read("TRANSFORMERS_OFFLINE")),
    cache: expanded(read("HF_HUB_CACHE") ?? read("HUGGINGFACE_HUB_CACHE") ?? join(home, "hub"), environment),
  };
}

/** A path with `~`, `$NAME` and `${NAME}` written out. */
export function expanded(path: string, environment: NodeJS.ProcessEnv = process.env): string {
  return path
    .replace(/^~(?=$|[/\\])/, homedir())
    .replace(/\$(?:(\w+)|\{(\w+)\})/g, (all, bare?: string, braced?: string) => environment[(bare ?? braced)!] ?? all);
}
