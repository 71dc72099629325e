import { ConfigError } from "@tenon/tensor";

import type { FastText } from "../fasttext.ts";
import { DenseMatrix, type RowMatrix } from "../matrix.ts";
import type { ProductQuantizer } from "../product-quantizer.ts";
import { QuantizedMatrix } from "../quantized-matrix.ts";
import { utf8 } from "../subwords.ts";
import { ByteWriter } from "./byte-writer.ts";
import { losses, magic, tasks, version } from "./format.ts";

/**
 * The bytes of a model's `.bin` file, or `.ftz` where it is quantised, version 12, piece by piece: fastText and gensim read them, and {@link loadFastText}
 * gives the same model. In Node, `writeFastText` puts them into a file.
 *
 * Throws a ConfigError where a word holds a zero byte, which ends a word in the file.
 *
 * @yields a piece of about a megabyte
 *
 * @example
 * ```ts
 * const text = "the sun and the moon and the stars\n".repeat(20);
 * const { model } = await trainFastText({ text, width: 8, subwords: { buckets: 100 } });
 * const blob = new Blob([...serializeFastText(model)]); // for a download in a page
 * console.log(blob.size); // 3792
 * ```
 */
export function* serializeFastText(model: FastText): Generator<Uint8Array<ArrayBuffer>> {
  const out = new ByteWriter();
  const { task, loss, width, subwords, training } = model.settings;
  out.int32(magic, version);
  out.int32(width, training.window, training.epochs, training.minimumCount, training.negatives, subwords.wordNgrams);
  out.int32(losses.indexOf(loss) + 1, tasks.indexOf(task) + 1);
  out.int32(subwords.buckets, subwords.shortest, subwords.longest, training.learningRateUpdate);
  out.float64(training.subsample);
  yield* writeDictionary(out, model);

  const { input, output } = model;
  out.byte(input instanceof QuantizedMatrix ? 1 : 0);
  yield* writeMatrix(out, input);
  out.byte(output instanceof QuantizedMatrix ? 1 : 0);
  yield* writeMatrix(out, output);
  yield out.take();
}

function* writeDictionary(out: ByteWriter, { dictionary }: FastText): Generator<Uint8Array<ArrayBuffer>> {
  const { words, labels, counts, tokens, kept } = dictionary;
  out.int32(words.length + labels.length, words.length, labels.length);
  out.int64(tokens, kept?.size ?? -1);
  for (const [i, name] of [...words, ...labels].entries()) {
    const bytes = utf8(name);
    if (bytes.includes(0))
      throw new ConfigError(
        `serializeFastText: the word ${JSON.stringify(name)} holds a zero byte, which ends a word`,
        {
          word: name,
        },
      );
    out.bytes(bytes);
    out.byte(0);
    out.int64(counts[i]!);
    out.byte(i < words.length ? 0 : 1);
    yield* out.full();
  }
  for (const [bucket, row] of kept ?? []) {
    out.int32(bucket, row);
    yield* out.full();
  }
}

function* writeMatrix(out: ByteWriter, matrix: RowMatrix): Generator<Uint8Array<ArrayBuffer>> {
  if (matrix instanceof QuantizedMatrix) {
    const { codes, quantizer, norms } = matrix;
    out.byte(norms === undefined ? 0 : 1);
    out.int64(matrix.rows, matrix.columns);
    out.int32(codes.length);
    out.bytes(codes);
    yield* writeQuantizer(out, quantizer);
    if (norms === undefined) return;
    out.bytes(norms.codes);
    yield* writeQuantizer(out, norms.quantizer);
  } else if (matrix instanceof DenseMatrix) {
    out.int64(matrix.rows, matrix.columns);
    yield* out.floats(matrix.data);
  } else throw new ConfigError("serializeFastText: a matrix is neither dense nor quantised; give a DenseMatrix", {});
}

function* writeQuantizer(out: ByteWriter, quantizer: ProductQuantizer): Generator<Uint8Array<ArrayBuffer>> {
  out.int32(quantizer.width, quantizer.parts, quantizer.partWidth, quantizer.lastWidth);
  yield* out.floats(quantizer.centroids);
}
