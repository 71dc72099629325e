import { expectSize, Linear, type Parameter, type Part } from "@tenon/nn";
import { BackendError, ConfigError, ShapeError, sizeOf, type Tensor, type TypedArray } from "@tenon/tensor";

import { meanOfRows, type NewRows } from "./new-rows.ts";
import { isVocabularyPart } from "./vocabulary-part.ts";

/** How {@link resizeVocabulary} differs from the usual. */
export interface ResizeVocabularyOptions {
  /** How the rows of new tokens begin. Default {@link meanOfRows}. */
  readonly rows?: NewRows | undefined;
  /** How new tokens begin in a bias of the output. Default {@link meanOfRows}, which goes with such rows; `zeros` for rows around 0. */
  readonly biases?: NewRows | undefined;
  /** The untied output layers d → v, which look like any other `Linear`: name them, and they are resized too. Default: there are none. */
  readonly outputs?: readonly Linear[] | undefined;
}

/**
 * Gives a model a vocabulary of another size: every table and bias in it with one row for each token keeps its first min(old, new) rows as
 * they are, and new rows begin as told. A tied output follows, since it shares the table; its bias grows, too. All or nothing, before
 * `to(backend)` or after.
 *
 * Give it the whole model, so that no output is left behind. An optimiser that was made before does not fit any more, and refuses to go on:
 * make a new one.
 *
 * Throws `ConfigError` for a count that is no whole number from 1 up, when nothing in the part has a row for each token, when its
 * vocabularies have different sizes, and when it has a `Linear` that may be an untied output; `ShapeError` when `rows` or `biases` give too
 * few or too many numbers; `BackendError` when a parameter changes or moves meanwhile, or was disposed.
 *
 * @example
 * ```ts
 * const tokens = new TokenEmbedding({ vocabulary: 100, width: 16, random: random(1) });
 * const output = new TiedOutput(tokens, { bias: true });
 * await resizeVocabulary(output, 103);
 * console.log(tokens.vocabulary, output.bias!.type.shape); // 103 [ 103 ]
 * ```
 */
export async function resizeVocabulary(
  part: Part,
  count: number,
  { rows = meanOfRows, biases = meanOfRows, outputs }: ResizeVocabularyOptions = {},
): Promise<void> {
  expectSize("resizeVocabulary", "count", count);
  const found = perTokenOf(part, outputs ?? []);
  const old = sizeOfAll(found);
  if (outputs === undefined) refuseUnnamedOutputs(part, old);
  if (old === count) return;
  const parameters = [...found.keys()];
  const values = await readAll(parameters);
  const changed = parameters.map((parameter, i) => {
    const shape = [count, ...parameter.type.shape.slice(1)];
    return { parameter, shape, data: resized(values[i]!, shape, shape.length === 1 ? biases : rows) };
  });
  for (const { parameter, shape, data } of changed) parameter.assign(data, shape);
}

/** Every parameter with a row for each token, with a path to tell of it by. */
function perTokenOf(part: Part, outputs: readonly Linear[]): Map<Parameter, string> {
  const found = new Map<Parameter, string>();
  const add = (path: string, parameters: readonly Parameter[]): void => {
    for (const parameter of parameters) if (!found.has(parameter)) found.set(parameter, path);
  };
  for (const [path, inside] of part.parts()) if (isVocabularyPart(inside)) add(path, inside.perToken);
  if (found.size === 0) {
    throw new ConfigError(
      `resizeVocabulary: nothing in this ${part.constructor.name} has a row for each token; give it a TokenEmbedding, or the model that holds one`,
    );
  }
  outputs.forEach(({ weight, bias }, i) => add(`outputs[${i}]`, bias === undefined ? [weight] : [weight, bias]));
  return found;
}

/** The size that all have; they are resized together, so there must be one. */
function sizeOfAll(found: ReadonlyMap<Parameter, string>): number {
  const sizes = new Map([...found].map(([{ type }, path]) => [type.shape[0]!, path]));
  const [old] = sizes.keys();
  if (sizes.size > 1) {
    const list = [...sizes].map(([size, path]) => `${size} (${path === "" ? "the part itself" : path})`).join(" and ");
    throw new ConfigError(
      `resizeVocabulary: the part has vocabularies of different sizes, ${list}; give it only the parts of the one to resize`,
      { sizes: [...sizes.keys()] },
    );
  }
  return old!;
}

function refuseUnnamedOutputs(part: Part, vocabulary: number): void {
  const paths = [...part.parts()]
    .filter(([, inside]) => inside instanceof Linear && inside.weight.type.shape[0] === vocabulary)
    .map(([path]) => path);
  if (paths.length === 0) return;
  throw new ConfigError(
    `resizeVocabulary: ${paths.join(" and ")} may be an untied output, for it gives as many numbers as there are tokens, ${vocabulary}. If so, name it in \`outputs\`; if not, say \`outputs: []\``,
    { paths, vocabulary },
  );
}

async function readAll(parameters: readonly Parameter[]): Promise<TypedArray[]> {
  if (parameters.some(({ quantized }) => quantized !== undefined)) {
    throw new ConfigError(
      "resizeVocabulary: the table is held in levels, which have no rows to add to; await dequantizeWeights() of the model first",
    );
  }
  if (parameters.some(({ adapter }) => adapter !== undefined)) {
    throw new ConfigError(
      "resizeVocabulary: the table has an adapter, which has its size; merge() or detach() that first, and attach another after",
    );
  }
  const tensors = (): (Tensor | undefined)[] =>
    parameters.map((parameter) => (parameter.isPlaced ? parameter.value : undefined));
  const before = tensors();
  const values = await Promise.all(parameters.map((parameter) => parameter.host()));
  const after = tensors();
  if (after.some((tensor, i) => tensor !== before[i])) {
    throw new BackendError(
      "resizeVocabulary: a parameter changed or moved while it was read, and nothing was resized; await resizeVocabulary before training or moving goes on",
    );
  }
  return values;
}

/** The first rows as they are, in the same precision, and new ones after them. */
function resized(old: TypedArray, shape: readonly number[], newRows: NewRows): Float32Array | Float64Array {
  const size = sizeOf(shape);
  const values = old instanceof Float64Array ? new Float64Array(size) : new Float32Array(size);
  values.set(old.subarray(0, size));
  if (size <= old.length) return values;
  const width = sizeOf(shape.slice(1));
  const added = [(size - old.length) / width, ...shape.slice(1)];
  const beginning = newRows(added, old);
  if (beginning.length !== size - old.length) {
    throw new ShapeError(
      `resizeVocabulary: new rows [${added.join(", ")}] are ${size - old.length} numbers, but ${beginning.length} were given`,
      { shape: added, length: beginning.length },
    );
  }
  values.set(beginning, old.length);
  return values;
}
