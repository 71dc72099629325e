import { readFile } from "node:fs/promises";

import type { BackendId } from "../backends/backend-id.ts";
import { Models } from "../engine/models.ts";
import { Running } from "../engine/running.ts";
import { Turns } from "../workers/turns.ts";

/** The worker's classes, as Node has them, with one of the models that come with Tenon open. */
export async function engineWith(
  name: "story-decoder" | "story-encoder",
  backend: BackendId = "cpu",
): Promise<{ readonly models: Models; readonly running: Running }> {
  const turns = new Turns();
  const models = new Models(turns);
  await models.open({ kind: "files", files: [await shippedFile(name)] }, backend);
  return { models, running: new Running(turns) };
}

/** One of the models that come with Tenon, as somebody would drop it on the page. */
export async function shippedFile(name: "story-decoder" | "story-encoder"): Promise<File> {
  const url = new URL(`../../../cli/models/${name}.safetensors`, import.meta.url);
  return new File([await readFile(url)], `${name}.safetensors`);
}
