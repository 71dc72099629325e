import { ConfigError, ids as idTensor, type Scope, ShapeError, slice, type Tensor } from "@tenon/tensor";
import type { CausalModel } from "./causal-model.ts";

type Rows = readonly (readonly number[])[];

/** What was found for each row: as many vectors as were wanted, the last id's last. */
interface Found {
  readonly logits: readonly (readonly Float32Array[])[];
  readonly states: readonly (readonly Float32Array[])[];
}

/** Shows new ids [b][t] to a model, and brings what it says to the host. What it makes is freed with the scope. */
export class Pass<C> {
  readonly #model: CausalModel<C>;
  readonly #cache: C;
  readonly #paddings: readonly number[];
  readonly #scope: Scope;

  constructor(model: CausalModel<C>, cache: C, paddings: readonly number[], scope: Scope) {
    this.#model = model;
    this.#cache = cache;
    this.#paddings = paddings;
    this.#scope = scope;
  }

  /** The logits after each of the last `count` ids by `next`, which tells of one at a time. */
  async logits(fresh: Rows, count: number): Promise<Found> {
    const length = fresh[0]!.length;
    const found: Float32Array[][] = fresh.map(() => []);
    for (let end = length - count + 1; end <= length; end++) {
      const begin = end === length - count + 1 ? 0 : end - 1;
      const z = this.#run(fresh, begin, end, (ids, input) => this.#model.next(ids, this.#cache, input));
      expectShape(z, [fresh.length, this.#model.vocabulary], "next", "the logits of its last position");
      for (const [row, [logits]] of vectors(await z.read(), fresh.length, 1).entries()) found[row]!.push(logits!);
    }
    return { logits: found, states: fresh.map(() => []) };
  }

  /** The logits after each of the last ids and the states of the last, in one pass; no logits are made that nobody wants. */
  async states(fresh: Rows, logits: number, states: number): Promise<Found> {
    const model = this.#model;
    if (model.states === undefined || model.logits === undefined) {
      throw new ConfigError(
        "This way of decoding needs the model's hidden states, and the model has no states(ids, cache) and logits(states). A Decoder of @tenon/models has both.",
      );
    }
    const [b, length] = [fresh.length, fresh[0]!.length];
    const h = this.#run(fresh, 0, length, (ids, input) => model.states!(ids, this.#cache, input));
    expectShape(h, [b, length, h.shape.at(-1) ?? 0], "states", "a hidden state for each id");
    const last = (count: number): Tensor => this.#scope.run(() => slice(h, 1, length - count, count));
    const z = expectShape(
      this.#scope.run(() => model.logits!(last(logits))),
      [b, logits, model.vocabulary],
      "logits",
      "logits for each state",
    );
    return {
      logits: vectors(await z.read(), b, logits),
      states: states === 0 ? fresh.map(() => []) : vectors(await last(states).read(), b, states),
    };
  }

  /** With which weights [s] the last id of each row looked at the source. */
  async attention(): Promise<readonly Float32Array[]> {
    if (this.#model.attention === undefined) {
      throw new ConfigError(
        "This way of decoding needs to know where the model looks in its source, and the model has no attention(cache). Leave the coverage penalty out.",
      );
    }
    const weights = this.#scope.run(() => this.#model.attention!(this.#cache));
    return vectors(await weights.read(), weights.shape[0]!, 1).map(([row]) => row!);
  }

  #run(
    fresh: Rows,
    begin: number,
    end: number,
    show: (ids: Tensor, input: { paddings: readonly number[] } | undefined) => Tensor,
  ): Tensor {
    const { backend, vocabulary } = this.#model;
    const paddings = this.#paddings.some((padding) => padding > 0) ? this.#paddings : undefined;
    return this.#scope.run(() => {
      const flat = fresh.flatMap((ids) => ids.slice(begin, end));
      const ids = idTensor(flat, [fresh.length, end - begin], backend, { limit: vocabulary });
      return show(ids, paddings === undefined ? undefined : { paddings });
    });
  }
}

function expectShape(got: Tensor, expected: readonly number[], method: string, what: string): Tensor {
  const fits = got.rank === expected.length && got.shape.every((n, axis) => n === expected[axis]);
  if (fits && got.dtype === "f32") return got;
  const rows = expected[0] === 1 ? "one sequence" : `${expected[0]} sequences`;
  throw new ShapeError(
    `model.${method}() returned ${got.dtype} [${got.shape.join(", ")}] for ${rows}, but ${what} are f32 [${expected.join(", ")}]. ` +
      (fits ? 'Cast them, as in cast(x, "f32").' : "Take the last position and leave the batch axis in place."),
    { expected, got: got.shape, dtype: got.dtype },
  );
}

/** The `count` vectors of each of b rows of [b, count, w], as arrays of their own. */
function vectors(values: ArrayLike<number>, b: number, count: number): Float32Array[][] {
  const flat = values instanceof Float32Array ? values : Float32Array.from(values);
  const width = flat.length / (b * count);
  return Array.from({ length: b }, (_, row) =>
    Array.from({ length: count }, (__, i) => flat.slice((row * count + i) * width, (row * count + i + 1) * width)),
  );
}
