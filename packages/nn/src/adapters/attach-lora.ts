import type { Random } from "@tenon/tensor";

import type { Part } from "../part.ts";
import { LowRankAdapter, type LowRankAdapterOptions } from "./low-rank-adapter.ts";
import { Lora, type AdaptedWeight } from "./lora.ts";
import { targetsIn, type LoraTargets } from "./targets.ts";

/** How {@link attachLora} adapts a model. */
export interface LoraOptions {
  /** r, or for each weight its own, by its path: how much can be learned, and how much memory that takes. */
  readonly rank: number | ((path: string) => number);
  /** α, the same. What is learned is added with the weight α / r. Default: r. */
  readonly alpha?: number | ((path: string) => number) | undefined;
  /** Is that α / √r? Default false. */
  readonly rankStabilised?: boolean | undefined;
  /** The rate of the dropout on what A is multiplied with, while `withDropout` runs. Default 0. */
  readonly dropout?: number | undefined;
  readonly targets: LoraTargets;
  /** Where each A draws its initial values from, by the path of its weight. */
  readonly random: Random;
}

/**
 * Trains a model by what is added to some of its matrices, with all else frozen: each weight W that is meant gets a {@link LowRankAdapter}, and is used as
 * W + s B A from now on, wherever the model uses it. A and B are parameters beside it, `weight.adapter.a` and `weight.adapter.b`, the only ones that are not frozen
 * then; `unfreeze` what is trained as well, such as a new head. The model may hold its weights in f32, in 16 bits (`storeWeights`) or in levels
 * (`quantizeWeights`), which is QLoRA. An optimiser is made after this.
 *
 * A table that is looked up can be adapted, too, and is then in all places that share it. Nothing else can: no vectors, convolutions or stacks of experts.
 *
 * Throws `ConfigError` when a pattern fits no matrix or one that has an adapter, and what {@link LowRankAdapter} refuses; then nothing has changed.
 *
 * Hu et al. 2021, "LoRA: Low-rank adaptation of large language models"; Dettmers et al. 2023, "QLoRA: Efficient finetuning of quantized LLMs", which
 * adapts all linear maps of all layers.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const model = await new Linear({ input: 4, output: 2, random: random(1) }).to(on);
 * const lora = await attachLora(model, { rank: 2, alpha: 4, targets: "weight", random: random(2) });
 * const x = tensor([1, 2, 3, 4], [1, 4], on);
 * const { gradients } = valueAndGrad(model, () => mean(model.forward(x)));
 * console.log([...lora.weights.keys()], gradients.size); // [ 'weight' ] 2
 * lora.detach();
 * ```
 */
export async function attachLora(
  part: Part,
  { rank, alpha, rankStabilised, dropout, targets, random }: LoraOptions,
): Promise<Lora> {
  const made = [...targetsIn(part, targets)].map(([path, weight]): [string, AdaptedWeight] => {
    const options: LowRankAdapterOptions = {
      shape: weight.type.shape as readonly [number, number],
      rank: numberFor(path, rank),
      alpha: alpha === undefined ? undefined : numberFor(path, alpha),
      rankStabilised,
      dropout,
      a: random.fork(path),
    };
    return [path, { weight, adapter: new LowRankAdapter(options) }];
  });
  return attachAdapters(part, new Map(made));
}

const numberFor = (path: string, option: number | ((path: string) => number)): number =>
  typeof option === "number" ? option : option(path);

/**
 * {@link attachLora} for adapters that are there already, such as those of a file: each is placed where its weight is, and whatever is trained of the part is frozen
 * beside them.
 *
 * @example
 * ```ts
 * const model = new Linear({ input: 4, output: 2, random: random(1) });
 * const adapter = new LowRankAdapter({ shape: [2, 4], rank: 1, a: random(2) });
 * const lora = await attachAdapters(model, new Map([["weight", { weight: model.weight, adapter }]]));
 * console.log(lora.weights.size, model.bias!.frozen); // 1 true
 * ```
 */
export async function attachAdapters(part: Part, weights: ReadonlyMap<string, AdaptedWeight>): Promise<Lora> {
  const placed: LowRankAdapter[] = [];
  try {
    for (const { weight, adapter } of weights.values()) {
      placed.push(adapter);
      if (weight.isPlaced) await adapter.to(weight.value.backend);
    }
  } catch (error) {
    for (const adapter of placed) adapter[Symbol.dispose]();
    throw error;
  }
  const all = [...part.parameters().values()];
  const ofAdapters = new Set(all.flatMap(({ adapter }) => [...(adapter?.parameters().values() ?? [])]));
  const trained = all.filter((parameter) => !parameter.frozen && !ofAdapters.has(parameter));
  for (const parameter of trained) parameter.frozen = true;
  for (const { weight, adapter } of weights.values()) weight.adapter = adapter;
  return new Lora(weights, trained);
}
