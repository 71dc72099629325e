import { Decoder, Encoder, EncoderDecoder, MaskedLanguageHead, PreTrainingHead } from "@tenon/models";
import { ConfigError, ids as idTensor, type Tensor } from "@tenon/tensor";

import type { OpenModel } from "../opened-model.ts";
import type { Sequence, Texts } from "./subject-data.ts";
import { idsOf, sourceIdsOf, tokensOf, writtenIdsOf } from "./tokens-of.ts";

/** The models that there is something to look at in. */
export type Inspected = Decoder | Encoder | EncoderDecoder;

/** A model and what it is shown. */
export interface Subject {
  readonly open: OpenModel;
  readonly model: Inspected;
  /** The tokens that predictions are made at. */
  readonly main: Sequence;
  readonly source: Sequence | undefined;
  /** Runs the model on `rows` copies of the texts, and gives what it is made for: logits [b, t, v] where it predicts tokens, vectors [b, t, d] elsewhere. */
  readonly forward: (rows?: number) => Tensor;
  /** Logits […, v] from the residual stream […, d] after any block; undefined for a model that does not predict tokens. */
  readonly readOut: ((stream: Tensor) => Tensor) | undefined;
}

/** More tokens are not looked at: a pattern of them could not be read, and grows with their square. */
const mostTokens = 64;

/** Makes a model ready to be looked at. Throws `ConfigError` for models that cannot be, and for texts that cannot be read. */
export function subjectOf(open: OpenModel, texts: Texts): Subject {
  const model = inspectable(open);
  if (model instanceof Decoder) return ofDecoder(open, model, texts);
  return model instanceof Encoder ? ofEncoder(open, model, texts) : ofEncoderDecoder(open, model, texts);
}

/** The model, if it is one that can be looked at. Throws `ConfigError` for others. */
export function inspectable({ model }: OpenModel): Inspected {
  if (model instanceof Decoder || model instanceof Encoder || model instanceof EncoderDecoder) return model;
  throw new ConfigError(
    `this model is of the kind "${model.spec.kind}", and this page looks inside decoders, encoders and encoder–decoders. Open one of these.`,
    { kind: model.spec.kind },
  );
}

function ofDecoder(open: OpenModel, model: Decoder, { text }: Texts): Subject {
  const main = cut(open, idsOf(open, text), model.context);
  const forward = (rows = 1): Tensor => model.forward(upload(main, rows, model, model.vocabulary));
  const readOut = (x: Tensor): Tensor => model.logits(model.norm?.forward(x) ?? x);
  return { open, model, main, source: undefined, forward, readOut };
}

function ofEncoder(open: OpenModel, model: Encoder, { text }: Texts): Subject {
  const main = cut(open, idsOf(open, text), model.context);
  const given = (rows: number): Tensor => upload(main, rows, model, model.vocabulary);
  const { head } = model;
  const words = head instanceof PreTrainingHead ? head.words : head;
  if (!(words instanceof MaskedLanguageHead))
    return {
      open,
      model,
      main,
      source: undefined,
      forward: (rows = 1) => model.encode(given(rows)),
      readOut: undefined,
    };
  const forward = (rows = 1): Tensor => model.forward(given(rows));
  const readOut = (x: Tensor): Tensor => words.forward(model.norm?.forward(x) ?? x);
  return { open, model, main, source: undefined, forward, readOut };
}

function ofEncoderDecoder(open: OpenModel, model: EncoderDecoder, { text, written }: Texts): Subject {
  const main = cut(open, writtenIdsOf(open, written), model.context);
  const source = cut(open, sourceIdsOf(open, text), model.sourceContext);
  const forward = (rows = 1): Tensor =>
    model.forward(upload(source, rows, model, model.sourceVocabulary), upload(main, rows, model, model.vocabulary));
  const readOut = (x: Tensor): Tensor => model.output.forward(model.decoder.norm?.forward(x) ?? x);
  return { open, model, main, source, forward, readOut };
}

/** The first tokens: as many as are looked at, and as the model can see at once. */
function cut(open: OpenModel, ids: readonly number[], context: number): Sequence {
  const kept = ids.slice(0, Math.min(mostTokens, context));
  return { tokens: tokensOf(open, kept), leftOut: ids.length - kept.length };
}

/** The ids of a sequence, [rows, t], each row the same. */
function upload({ tokens }: Sequence, rows: number, { backend }: Inspected, limit: number): Tensor {
  const row = tokens.map(({ id }) => id);
  return idTensor(Array.from({ length: rows }, () => row).flat(), [rows, row.length], backend, { limit });
}
