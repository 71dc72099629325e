import { assemble, describe } from "@tenon/models";
import { type Backend, CheckpointError } from "@tenon/tensor";

import { modelName, runsFolder } from "../model/saved-runs.ts";
import type { ModelSource, ShippedName } from "./model-source.ts";
import { openFiles } from "./open-files.ts";
import type { OpenModel } from "./opened-model.ts";
import type { Opening } from "./opening.ts";
import { openSaved } from "./open-saved.ts";
import { expectRoom, sizeOf } from "./room.ts";
import { untrainedTokenizer } from "./untrained-tokenizer.ts";

const shipped: { readonly [name in ShippedName]: { readonly url: URL; readonly about: string } } = {
  "story-decoder": {
    url: new URL("../../../cli/models/story-decoder.safetensors", import.meta.url),
    about: "A GPT that was trained on Tenon's own stories, and tells such.",
  },
  "story-encoder": {
    url: new URL("../../../cli/models/story-encoder.safetensors", import.meta.url),
    about: "A BERT that was trained on Tenon's own stories, and fills gaps in them.",
  },
};

/**
 * Opens a model on a backend. Throws `CheckpointError` for files that hold none and for a model that is too large for a page, `ConfigError` for a spec that cannot be assembled, and the
 * signal's reason when that ends it.
 */
export async function openModel(source: ModelSource, backend: Backend, opening: Opening = {}): Promise<OpenModel> {
  switch (source.kind) {
    case "shipped": {
      const { url, about } = shipped[source.name];
      return openSaved(await download(url, source.name, opening), source.name, backend, about);
    }
    case "saved": {
      const bytes = await readRun(source.run);
      await opening.needs?.(bytes.length);
      return openSaved(bytes, source.run, backend);
    }
    case "files":
      return openFiles(source.files, backend, source.weights, opening);
    case "untrained": {
      const assembled = assemble(source.spec, { seed: source.seed });
      const { count } = describe(assembled);
      // There is no way to 16-bit weights for it.
      await opening.needs?.(expectRoom("What is assembled", { ...sizeOf(count), asHalves: 4 * count }));
      const model = await assembled.to(backend);
      const tokenizer = untrainedTokenizer(model.spec);
      const about = "As it begins: its weights are random, so what it says means nothing yet.";
      return { name: "untrained", about, model, tokenizer, trained: false };
    }
  }
}

/** A file of this page's own host. */
async function download(url: URL, name: string, { progress, signal }: Opening): Promise<Uint8Array> {
  const response = await fetch(url, { signal: signal ?? null });
  if (!response.ok || response.body === null)
    throw new CheckpointError(
      `${name} could not be loaded from the page's host (it answered ${response.status}). Is the folder of the page complete? Reload, or open a model of your own.`,
      { url: url.href, status: response.status },
    );
  // A host that compresses says how long the compressed file is, which is no use.
  const of = response.headers.has("content-encoding") ? 0 : Number(response.headers.get("content-length") ?? 0);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let done = 0;
  const reader = response.body.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    pieces.push(piece.value);
    done += piece.value.length;
    progress?.({ done, of });
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

async function readRun(run: string): Promise<Uint8Array> {
  try {
    const root = await navigator.storage.getDirectory();
    const folder = await (await root.getDirectoryHandle(runsFolder)).getDirectoryHandle(run);
    return new Uint8Array(await (await (await folder.getFileHandle(modelName)).getFile()).arrayBuffer());
  } catch (cause) {
    throw new CheckpointError(
      `${run} is no longer in this browser's storage: it was deleted, or the browser made room. Open it from a file, if you saved one.`,
      { run },
      { cause },
    );
  }
}
