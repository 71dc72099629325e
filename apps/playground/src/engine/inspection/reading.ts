import { anatomyOf, mainSide } from "./anatomy.ts";
import type { Subject } from "./subject.ts";
import type { Reading } from "./subject-data.ts";

/** What the page is told of a model and the texts that it is shown. */
export function readingOf(subject: Subject): Reading {
  const { open, main, source, readOut, model } = subject;
  const mask = open.tokenizer!.special["mask"];
  const masked = main.tokens.findIndex(({ id }) => id === mask);
  const predictsNext = model.spec.kind !== "encoder";
  const { layers } = mainSide(subject);
  return {
    main,
    source,
    usualPosition: predictsNext || masked < 0 ? main.tokens.length - 1 : masked,
    predicts: readOut !== undefined,
    predictsNext,
    sides: anatomyOf(subject).map(({ title }) => title),
    layers: layers.map(({ attention, crossAttention, added }) => ({
      heads: { attention: headsOf(attention), "cross-attention": headsOf(crossAttention) },
      sublayers: added.map(({ sublayer }) => sublayer),
    })),
  };
}

/** How many heads can be told apart. */
const headsOf = (attention: { readonly heads: number; readonly found: object | undefined } | undefined): number =>
  attention?.found === undefined ? 0 : attention.heads;
