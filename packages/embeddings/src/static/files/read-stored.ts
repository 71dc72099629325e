import { openSafetensors, type StoredFile, type StoredTensor } from "@tenon/checkpoint";
import { CheckpointError, isTenonError } from "@tenon/tensor";

import { WordVectors } from "../word-vectors.ts";
import { areFinite } from "./text-rows.ts";

/** Reads vectors that {@link encodeVectors} stored as safetensors. All of it is checked, and nothing mended. */
export async function readStored(file: StoredFile, first: number): Promise<WordVectors> {
  const { tensors } = await openSafetensors(file);
  const refuse = (problem: string): never => {
    throw new CheckpointError(
      `${file.name} holds no word vectors: ${problem}. Expected are the tensors \`vectors\`, floats [v, d], and \`words\`, U8, with a line break behind each word.`,
      { file: file.name },
    );
  };
  const [table, spelled, counted] = ["vectors", "words", "counts"].map((name) => tensors.get(name));
  if (table === undefined || spelled === undefined)
    return refuse(`its tensors are ${[...tensors.keys()].slice(0, 10).join(", ") || "none"}`);
  const [count, width] = table.shape;
  if (table.shape.length !== 2 || count === 0 || width === 0)
    refuse(`\`vectors\` has the shape [${table.shape.join(", ")}]`);
  if (spelled.dtype !== "U8") refuse(`\`words\` has dtype ${spelled.dtype}`);
  const words = wordsOf(await spelled.read(), refuse);
  if (words.length !== count) refuse(`it has ${count} vectors and ${words.length} words`);
  if (counted !== undefined && (counted.dtype !== "F64" || counted.shape.join() !== String(count)))
    refuse(`\`counts\` is ${counted.dtype} [${counted.shape.join(", ")}], not F64 [${count}]`);
  const kept = Math.min(first, count!);
  const data = await table.readFloat32(kept);
  if (!areFinite(data, 0, data.length)) refuse("some of its numbers are not finite");
  const counts = await counted?.read();
  try {
    return new WordVectors({
      words: words.slice(0, kept),
      data,
      ...(counts === undefined ? {} : { counts: (counts.values() as Float64Array).slice(0, kept) }),
    });
  } catch (error) {
    if (!isTenonError(error, "ConfigError")) throw error;
    return refuse(error.message);
  }
}

function wordsOf(spelled: StoredTensor, refuse: (problem: string) => never): string[] {
  let text = "";
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(spelled.bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    refuse("its `words` are not UTF-8");
  }
  const words = text.split("\n");
  if (words.pop() !== "") refuse("its `words` do not end with a line break");
  return words;
}
