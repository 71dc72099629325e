import type {
  Assembled,
  Decoder,
  Encoder,
  EncoderDecoder,
  ImageEncoder,
  RnnEncoderDecoder,
  RnnSearch,
} from "@tenon/models";
import { ids, scoped, type Tensor, zeros } from "@tenon/tensor";

/** How large a batch is, and how long its texts are: for models of two sequences both are that long. */
export interface RunSizes {
  readonly batch: number;
  readonly length: number;
}

/** The most that a model can see of a text at once; undefined where there is no such limit, or no text. */
export function longestOf({ spec }: Assembled): number | undefined {
  if (spec.kind === "encoder-decoder") return Math.min(spec.encoder.context, spec.decoder.context);
  return "context" in spec ? spec.context : undefined;
}

/** Does it read or write texts? Where it does not, it sees one image at a time. */
export const readsText = ({ spec }: Assembled): boolean => spec.kind !== "image-encoder";

/** One forward pass of a model, whatever it takes, with ids and pixels that stand for any. */
export function forwardOf(model: Assembled, { batch, length }: RunSizes): () => Tensor {
  const { spec } = model;
  switch (spec.kind) {
    case "decoder":
      return () => (model as Decoder).forward(someIds(model, spec.vocabulary, batch, length));
    case "encoder": {
      const { segments } = spec;
      return () =>
        (model as Encoder).forward(
          someIds(model, spec.vocabulary, batch, length),
          segments > 0 ? { segments: someIds(model, segments, batch, length) } : {},
        );
    }
    case "image-encoder": {
      const shape = [batch, spec.channels, ...spec.image];
      return () => (model as ImageEncoder).forward(zeros(shape, model.backend));
    }
    default: {
      const source = spec.sourceVocabulary ?? spec.vocabulary;
      return () =>
        (model as EncoderDecoder | RnnEncoderDecoder | RnnSearch).forward(
          someIds(model, source, batch, length),
          someIds(model, spec.vocabulary, batch, length),
        );
    }
  }
}

const someIds = (model: Assembled, limit: number, batch: number, length: number): Tensor =>
  ids(new Int32Array(batch * length), [batch, length], model.backend, { limit });

/** A model that writes token by token: everything but the last is in a cache. */
export interface Writing {
  /** One more token, at the end of the text. */
  readonly token: () => void;
  /** What the cache takes then, in bytes. */
  readonly cacheBytes: number;
}

/**
 * Fills the caches of a model that writes, up to the last token; undefined for one that does not. What is made belongs to the active scope, and the caches
 * to whoever asks, by `own`.
 */
export function writingOf(
  model: Assembled,
  { batch, length }: RunSizes,
  own: (what: Disposable) => void,
): Writing | undefined {
  const { spec } = model;
  if (spec.kind === "encoder" || spec.kind === "image-encoder") return undefined;
  const before = model.backend.memory().bytes;
  const writes =
    spec.kind === "decoder"
      ? (model as Decoder)
      : (model as EncoderDecoder | RnnEncoderDecoder | RnnSearch).encode(
          someIds(model, spec.sourceVocabulary ?? spec.vocabulary, batch, length),
        );
  const source = model.backend.memory().bytes - before;
  const cache = (writes as Decoder).cache(length);
  own(cache);
  const next = (count: number): void =>
    scoped(() => void (writes as Decoder).next(someIds(model, spec.vocabulary, batch, count), cache));
  if (length > 1) next(length - 1);
  const cacheBytes = model.backend.memory().bytes - before - source;
  return { token: () => next(1), cacheBytes };
}
