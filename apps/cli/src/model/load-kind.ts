import { Decoder, Encoder } from "@tenon/models";
import { type Backend, ConfigError } from "@tenon/tensor";

import { type LoadedModel, loadModel } from "./model-file.ts";

/** A model that continues texts. */
export interface LoadedDecoder extends LoadedModel {
  readonly model: Decoder;
}
/** A model that fills in masked words. */
export interface LoadedEncoder extends LoadedModel {
  readonly model: Encoder;
}

/** Loads a model that has to be a decoder. Throws `ConfigError` for an encoder, and what {@link loadModel} throws. */
export async function loadDecoder(path: string, backend: Backend): Promise<LoadedDecoder> {
  const loaded = await loadModel(path, backend);
  const { model } = loaded;
  if (model instanceof Decoder) return { ...loaded, model };
  throw new ConfigError(
    `${loaded.path} is an encoder, which fills in masked words and continues no text. Use it with \`tenon fill\`, or name a decoder.`,
    { path: loaded.path },
  );
}

/** Loads a model that has to be an encoder. Throws `ConfigError` for a decoder, and what {@link loadModel} throws. */
export async function loadEncoder(path: string, backend: Backend): Promise<LoadedEncoder> {
  const loaded = await loadModel(path, backend);
  const { model } = loaded;
  if (model instanceof Encoder) return { ...loaded, model };
  throw new ConfigError(
    `${loaded.path} is a decoder, which continues texts and fills in nothing. Use it with \`tenon generate\`, or name an encoder.`,
    { path: loaded.path },
  );
}
