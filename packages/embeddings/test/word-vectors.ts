import { readFileSync } from "node:fs";

import { WordVectors } from "../src/static/word-vectors.ts";

type Found = readonly (readonly [word: string, score: number])[];
interface Golden {
  readonly words: readonly string[];
  readonly width: number;
  readonly data: string;
  readonly files: Readonly<Record<"text" | "binary" | "bare", string>>;
  readonly nearest: Readonly<Record<string, Found>>;
  readonly analogies: readonly {
    readonly positive: readonly string[];
    readonly negative: readonly string[];
    readonly add: Found;
    readonly multiply: Found;
  }[];
  readonly odd: readonly (readonly [
    words: readonly string[],
    ranked: readonly (readonly [score: number, word: string])[],
  ])[];
  readonly similarity: readonly (readonly [string, string, number])[];
  readonly sentences: readonly (readonly [string[], string[], number])[];
  readonly counts: readonly number[];
  readonly texts: readonly (readonly string[])[];
  readonly smoothed: readonly (readonly number[])[];
  readonly questions: string;
  readonly pairs: string;
  readonly scores: readonly {
    readonly first: number;
    readonly foldCase: boolean;
    readonly accuracy: number;
    readonly sections: readonly (readonly [name: string, right: number, wrong: number])[];
    readonly pearson: number;
    readonly spearman: number;
    readonly missing: number;
  }[];
}

/** What gensim makes of small word vectors: goldens/word-vectors.py. */
export function goldens(): Golden & { readonly vectors: WordVectors } {
  const golden = JSON.parse(readFileSync(new URL("../goldens/word-vectors.json", import.meta.url), "utf8")) as Golden;
  const data = new Float32Array(Uint8Array.from(Buffer.from(golden.data, "base64")).buffer);
  return { ...golden, vectors: new WordVectors({ words: golden.words, data }) };
}
