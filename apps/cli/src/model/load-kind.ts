import { type Assembled, Decoder, Encoder, EncoderDecoder, RnnEncoderDecoder, RnnSearch } from "@tenon/models";
import { ConfigError } from "@tenon/tensor";

import type { Session } from "../session.ts";
import { type AnyModel, loadAnyModel } from "./any-model.ts";

/** A model that continues texts. */
export interface LoadedDecoder extends AnyModel {
  readonly model: Decoder;
}
/** A model that reads texts as a whole. */
export interface LoadedEncoder extends AnyModel {
  readonly model: Encoder;
}
/** What writes one text for another. */
export type Translating = EncoderDecoder | RnnEncoderDecoder | RnnSearch;
/** A model that writes one text for another. */
export interface LoadedTranslator extends AnyModel {
  readonly model: Translating;
}

/** Loads a model that has to be a decoder. Throws `ConfigError` for another, and what {@link loadAnyModel} throws. */
export async function loadDecoder(given: string, session: Session): Promise<LoadedDecoder> {
  const loaded = await loadAnyModel(given, session);
  const { model } = loaded;
  if (model instanceof Decoder) return { ...loaded, model };
  throw otherKind(loaded, "continues no text", "name a decoder");
}

/** Loads a model that has to be an encoder. Throws `ConfigError` for another, and what {@link loadAnyModel} throws. */
export async function loadEncoder(
  given: string,
  session: Session,
  wanted: "fills in nothing" | "gives no vectors" | "tells no classes",
): Promise<LoadedEncoder> {
  const loaded = await loadAnyModel(given, session);
  const { model } = loaded;
  if (model instanceof Encoder) return { ...loaded, model };
  throw otherKind(loaded, wanted, "name an encoder");
}

/** Loads a model that has to be an encoder–decoder. Throws `ConfigError` for another, and what {@link loadAnyModel} throws. */
export async function loadTranslator(given: string, session: Session): Promise<LoadedTranslator> {
  const loaded = await loadAnyModel(given, session);
  const { model } = loaded;
  if (isTranslating(model)) return { ...loaded, model };
  throw otherKind(loaded, "translates nothing", "name an encoder–decoder, such as Marian, BART or T5");
}

const isTranslating = (model: Assembled): model is Translating =>
  model instanceof EncoderDecoder || model instanceof RnnEncoderDecoder || model instanceof RnnSearch;

function otherKind({ path, model }: AnyModel, cannot: string, remedy: string): ConfigError {
  const what =
    model instanceof Decoder
      ? "a decoder, which continues texts"
      : isTranslating(model)
        ? "an encoder–decoder, which writes one text for another"
        : model instanceof Encoder
          ? "an encoder, which fills in masked words or embeds"
          : `a model of the kind "${model.spec.kind}"`;
  const use =
    model instanceof Decoder
      ? "generate"
      : isTranslating(model)
        ? "translate"
        : model instanceof Encoder
          ? "fill"
          : "inspect";
  return new ConfigError(`${path} is ${what} and ${cannot}. Use it with \`tenon ${use}\`, or ${remedy}.`, { path });
}
