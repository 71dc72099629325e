import type { PartSpec, SentenceLayer } from "@tenon/models";
import { CheckpointError, type Json } from "@tenon/tensor";

import { Config } from "../config/config.ts";
import type { ModelFiles } from "../files/model-files.ts";
import { readJson } from "../files/read-json.ts";
import { denseOf } from "./dense-config.ts";
import { poolingOf } from "./pooling-config.ts";
import { readSettings } from "./read-settings.ts";
import type { SentenceSettings } from "./sentence-settings.ts";

/** A model of sentence-transformers: a transformer, and what it calls modules, which are the head here. */
export interface SentenceModules {
  /** The folder of the transformer: mostly "", the place itself. */
  readonly transformer: string;
  /** A head of the kind "sentence". */
  readonly head: PartSpec;
  /** The folders of the weights of the head's layers, in their order. */
  readonly layers: readonly string[];
  readonly settings: SentenceSettings;
}

interface Module {
  /** The last part of its class's name. */
  readonly kind: string;
  readonly path: string;
}

/**
 * What modules.json and the files that it names say; undefined where there is none, and the folder is that of a transformer alone. A transformer, a pooling, any number of
 * dense layers and a normalisation are understood, in this order. Throws `CheckpointError` for anything else.
 */
export async function readModules(files: ModelFiles): Promise<SentenceModules | undefined> {
  const json = await readJson(files, "modules.json");
  if (json === undefined) return undefined;
  const file = `${files.name}/modules.json`;
  const modules = listed(file, json);
  const [transformer, pooling, ...rest] = modules;
  const normalise = rest.at(-1)?.kind === "Normalize";
  const dense = normalise ? rest.slice(0, -1) : rest;
  if (
    transformer?.kind !== "Transformer" ||
    pooling?.kind !== "Pooling" ||
    !dense.every(({ kind }) => kind === "Dense")
  ) {
    throw new CheckpointError(
      `${file}: expected the modules Transformer, Pooling, any number of Dense and at most one Normalize, in this order, which are all that Tenon does; got ${modules.map(({ kind }) => kind).join(", ")}`,
      { file, got: modules.map(({ kind }) => kind) },
    );
  }
  const layers: SentenceLayer[] = [];
  for (const { path } of dense) layers.push(denseOf(await configOf(files, path)));
  const head: PartSpec = {
    kind: "sentence",
    pooling: poolingOf(await configOf(files, pooling.path)),
    ...(layers.length > 0 && { layers: layers as unknown as Json }),
    normalise,
  };
  const settings = await readSettings(files, transformer.path);
  return { transformer: transformer.path, head, layers: dense.map(({ path }) => path), settings };
}

function listed(file: string, json: unknown): Module[] {
  if (!Array.isArray(json)) {
    throw new CheckpointError(`${file}: expected a list of modules. Download it again.`, { file });
  }
  return json.map((each, i) => {
    const module = new Config(`${file}: ${i}`, each);
    return { kind: module.text("type").split(".").at(-1)!, path: module.text("path").replace(/\/$/, "") };
  });
}

async function configOf(files: ModelFiles, folder: string): Promise<Config> {
  const path = `${folder}/config.json`;
  const json = await readJson(files, path);
  if (json === undefined) {
    throw new CheckpointError(
      `${files.name}/modules.json names the folder ${folder}, which has no config.json. Download the model again.`,
      { folder: files.name, missing: path },
    );
  }
  return new Config(`${files.name}/${path}`, json);
}
