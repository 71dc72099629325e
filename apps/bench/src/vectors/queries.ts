// The nearest of many words, and reading their files, beside numpy and gensim where a Python has them: on one thread each, in processor time, so that
// neighbours on the machine matter less.
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

export async function measureQueries({ words: count, width, python }: QueryMeasurement): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "tenon-queries-"));
  try {
    const [binary, text] = [join(folder, "vectors.bin"), join(folder, "vectors.txt")];
    const ours = await ourQueries(count, width, binary, text);
    const [ofText, ofBinary] = [text, binary].map(read) as [Reading, Reading];
    const theirs = python === undefined ? undefined : ask(python, binary, text);
    const ms = (s?: number): string => (s === undefined ? "" : `${(1000 * s).toFixed(1)} ms`);
    const s = (s?: number): string => (s === undefined ? "" : `${s.toFixed(1)} s`);
    const times = ({ above }: Reading): string => `${(above / (4 * count * width)).toFixed(2)} × the matrix`;
    const rows = [
      ["the first query, with the copy", ms(ours.first), "", ""],
      ["top 10 of one", ms(lowest(ours.one)), ms(theirs && lowest(theirs.numpy)), ms(theirs && lowest(theirs.gensim))],
      [`top 10 of each of ${asked}`, ms(ours.several), ms(theirs?.several), ""],
      ["reading the text", s(ofText.seconds), "", s(theirs?.text)],
      ["memory for that, at the peak", times(ofText), "", ""],
      ["reading word2vec's binary", s(ofBinary.seconds), "", s(theirs?.binary)],
      ["writing the text", s(ours.writing), "", ""],
    ];
    console.log(table([`${count} × ${width}`, "Tenon", "numpy", "gensim"], rows));
    if (theirs === undefined) return;
    console.log(Object.entries(theirs.versions).flat().join(" "));
    if (theirs.found.join() !== ours.found.join())
      throw new Error(`gensim finds ${theirs.found.join()}, but Tenon ${ours.found.join()}`);
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
  const writing = await seconds(() => writeVectorFile(text, vectors, { digits: 5 }));
  const queries = new WordQueries(vectors);
  const those = Array.from({ length: asked }, (_, i) => words[(i * 977) % count]!);
  const first = await seconds(() => queries.nearest(those[0]!));
  const one: number[] = [];
  for (const word of those) one.push(await seconds(() => queries.nearest(word)));
  const several = (await seconds(() => queries.nearestToEach(those))) / asked;
  return { first, one, several, writing, found: queries.nearest(those.at(-1)!).map(({ word }) => word) };
}

/** What a child that reads a file tells. */
interface Reading {
  readonly seconds: number;
  readonly above: number;
}

/** Reads a file in a process of its own, whose peak the system knows. */
function read(path: string): Reading {
  const command = [...process.execArgv, fileURLToPath(import.meta.url), "read", path];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Reading;
}

interface PythonAnswer {
  readonly versions: Readonly<Record<string, string>>;
  readonly numpy: readonly number[];
  readonly gensim: readonly number[];
  readonly several: number;
  readonly text: number;
  readonly binary: number;
  readonly found: readonly string[];
}

function ask(python: string, ...files: readonly string[]): PythonAnswer {
  const [command, ...others] = python.split(" ") as [string, ...string[]];
  const one = ["OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"].map((name) => [name, "1"]);
  const script = fileURLToPath(new URL("queries.py", import.meta.url));
  const { status, stdout, stderr, error } = spawnSync(command, [...others, script, String(asked), ...files], {
    encoding: "utf8",
    env: { ...process.env, ...Object.fromEntries(one) },
  });
  if (error !== undefined || status !== 0)
    throw new Error(`${python} did not answer: ${error?.message ?? stderr.trim()}`);
  return JSON.parse(stdout) as PythonAnswer;
}

async function seconds(body: () => unknown): Promise<number> {
  const begun = process.cpuUsage();
  await body();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e6;
}
/** A neighbour on the machine slows a query down, and nothing speeds one up. */
const lowest = (values: readonly number[]): number => Math.min(...values);

const [task, path] = process.argv.slice(2);
if (task === "read") {
  const before = process.memoryUsage.rss();
  const reading = await seconds(() => readVectorFile(path!));
  const above = 1024 * process.resourceUsage().maxRSS - before;
  console.log(JSON.stringify({ seconds: reading, above } satisfies Reading));
}
