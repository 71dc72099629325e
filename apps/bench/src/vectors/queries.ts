// Nearest words among many vectors, and reading their files, beside numpy and gensim where a Python has them.
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { WordQueries, WordVectors } from "@tenon/embeddings/static";
import { readVectorFile, writeVectorFile } from "@tenon/embeddings/static/node";
import { random } from "@tenon/tensor";

import { table } from "../table.ts";

/** What {@link measureQueries} measures. */
export interface QueryMeasurement {
  /** How many words there are, each with this many numbers. */
  readonly words: number;
  readonly width: number;
  /** A Python that has gensim; without it Tenon runs alone. */
  readonly python?: string;
}

const asked = 16;

/** What a child that reads a file tells. */
interface Reading {
  readonly seconds: number;
  readonly above: number;
}
interface PythonAnswer {
  readonly versions: Readonly<Record<string, string>>;
  readonly numpy: readonly number[];
  readonly gensim: readonly number[];
  readonly several: number;
  readonly text?: number;
  readonly binary: number;
  readonly found: readonly string[];
}

export async function measureQueries({ words: count, width, python }: QueryMeasurement): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "tenon-queries-"));
  try {
    const [binary, text] = [join(folder, "vectors.bin"), join(folder, "vectors.txt")];
    const ours = await ourQueries(count, width, binary, text);
    const [ofText, ofBinary] = [text, binary].map(read) as [Reading, Reading];
    const one = timed("one thread", python, binary, text);
    // Reading takes one thread in any case.
    const all = timed("all threads", python, binary);
    const titles = [
      "",
      "Tenon",
      ...(one === undefined ? [] : ["numpy, 1 thread", "numpy", "gensim, 1 thread", "gensim"]),
    ];
    const beside = (
      cells: (answer: PythonAnswer) => readonly [number | undefined, number | undefined],
      shown: (s: number) => string,
    ): string[] => {
      if (one === undefined || all === undefined) return [];
      const [[numpy1, gensim1], [numpy, gensim]] = [cells(one), cells(all)];
      return [numpy1, numpy, gensim1, gensim].map((s) => (s === undefined ? "" : shown(s)));
    };
    const mega = ({ above }: Reading): string => `${(above / (4 * count * width)).toFixed(2)} × its matrix`;
    console.log(
      table(titles, [
        ["first query, with the copy", milliseconds(ours.first), ...beside(() => [undefined, undefined], milliseconds)],
        [
          "top 10 of one",
          milliseconds(lowest(ours.one)),
          ...beside((a) => [lowest(a.numpy), lowest(a.gensim)], milliseconds),
        ],
        [
          `top 10 of each of ${asked}`,
          milliseconds(ours.several),
          ...beside((a) => [a.several, undefined], milliseconds),
        ],
        ["reading the text", inSeconds(ofText.seconds), ...beside((a) => [undefined, a.text], inSeconds)],
        ["at the peak", mega(ofText), ...beside(() => [undefined, undefined], inSeconds)],
        ["reading the binary", inSeconds(ofBinary.seconds), ...beside((a) => [undefined, a.binary], inSeconds)],
        ["writing the text", inSeconds(ours.writing), ...beside(() => [undefined, undefined], inSeconds)],
      ]),
    );
    if (one !== undefined) {
      console.log(
        Object.entries(one.versions)
          .map((pair) => pair.join(" "))
          .join(", "),
      );
      if (one.found.join() !== ours.found.join())
        throw new Error(`gensim finds ${one.found.join()}, Tenon ${ours.found.join()}`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface OurQueries {
  readonly first: number;
  readonly one: readonly number[];
  readonly several: number;
  readonly writing: number;
  readonly found: readonly string[];
}

async function ourQueries(count: number, width: number, binary: string, text: string): Promise<OurQueries> {
  const data = new Float32Array(count * width);
  const draw = random(1);
  for (let i = 0; i < data.length; i++) data[i] = draw.uniform() - 0.5;
  const words = Array.from({ length: count }, (_, i) => `word${i}`);
  const vectors = new WordVectors({ words, data });
  await writeVectorFile(binary, vectors);
  const begun = performance.now();
  await writeVectorFile(text, vectors, { digits: 5 });
  const writing = (performance.now() - begun) / 1000;
  const queries = new WordQueries(vectors);
  const those = Array.from({ length: asked }, (_, i) => words[(i * 977) % count]!);
  const first = seconds(() => queries.nearest(those[0]!));
  const one = those.map((word) => seconds(() => queries.nearest(word)));
  const several = seconds(() => queries.nearestToEach(those)) / asked;
  return { first, one, several, writing, found: queries.nearest(those.at(-1)!).map(({ word }) => word) };
}

/** Reads a file in a process of its own, whose peak the system knows. */
function read(path: string): Reading {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...process.execArgv, fileURLToPath(import.meta.url), "read", path],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Reading;
}

function timed(
  threads: "one thread" | "all threads",
  python: string | undefined,
  ...files: string[]
): PythonAnswer | undefined {
  if (python === undefined) return undefined;
  const [command, ...others] = python.split(" ") as [string, ...string[]];
  const limits = ["OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"].map((name) => [name, "1"]);
  const env = threads === "one thread" ? { ...process.env, ...Object.fromEntries(limits) } : process.env;
  const script = fileURLToPath(new URL("queries.py", import.meta.url));
  const { status, stdout, stderr, error } = spawnSync(command, [...others, script, String(asked), ...files], {
    encoding: "utf8",
    env,
  });
  if (error !== undefined || status !== 0)
    throw new Error(`${python} did not answer: ${error?.message ?? stderr.trim()}`);
  return JSON.parse(stdout) as PythonAnswer;
}

function seconds(body: () => unknown): number {
  const begun = performance.now();
  body();
  return (performance.now() - begun) / 1000;
}
/** A neighbour on the machine slows a query down, and nothing speeds one up. */
const lowest = (values: readonly number[]): number => Math.min(...values);
const milliseconds = (s: number): string => `${(1000 * s).toFixed(1)} ms`;
const inSeconds = (s: number): string => `${s.toFixed(1)} s`;

const [task, path] = process.argv.slice(2);
if (task === "read") {
  const before = process.memoryUsage.rss();
  const begun = performance.now();
  await readVectorFile(path!);
  const reading = {
    seconds: (performance.now() - begun) / 1000,
    above: 1024 * process.resourceUsage().maxRSS - before,
  };
  console.log(JSON.stringify(reading satisfies Reading));
}
