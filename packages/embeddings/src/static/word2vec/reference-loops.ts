import { SmallRandom } from "../training/small-random.ts";
import { view, type View } from "../training/layout.ts";
import type { Loops } from "./loops.ts";
import { evenGroups } from "./output-groups.ts";
import type { LoopsPlan, Slot } from "./plan.ts";

/**
 * The training loops in plain TypeScript: what the WebAssembly ones must do, number by number but for rounding. They draw the same random
 * numbers in the same order.
 */
export class ReferenceLoops implements Loops {
  readonly #memory: WebAssembly.Memory;
  readonly #plan: LoopsPlan;
  readonly #slot: Slot;
  readonly #input: Float32Array;
  readonly #output: Float32Array;
  readonly #random: SmallRandom;

  constructor(memory: WebAssembly.Memory, plan: LoopsPlan, slot: Slot) {
    this.#memory = memory;
    this.#plan = plan;
    this.#slot = slot;
    this.#input = view(memory, plan.input);
    this.#output = view(memory, plan.output);
    this.#random = new SmallRandom(view(memory, slot.random));
  }

  skipGram(count: number, rate: number): void {
    const { parts } = this.#plan;
    this.#eachWindow(count, (word, context) => {
      for (const other of context) {
        if (parts === undefined) this.#learn([other], word, rate);
        else this.#learn(this.#rowsOf(word), other, rate);
      }
    });
  }

  continuousBag(count: number, rate: number): void {
    this.#eachWindow(count, (word, context) => {
      if (context.length > 0)
        this.#learn(
          context.flatMap((other) => this.#rowsOf(other)),
          word,
          rate,
        );
    });
  }

  learnRows(count: number, target: number, rate: number): void {
    this.#learn([...this.#view("rows").subarray(0, count)], target, rate);
  }

  #view<K extends keyof Slot>(key: K): View<Slot[K]["numbers"]> {
    return view(this.#memory, this.#slot[key]) as View<Slot[K]["numbers"]>;
  }

  #rowsOf(word: number): number[] {
    const { parts } = this.#plan;
    if (parts === undefined) return [word];
    const starts = view(this.#memory, parts.starts);
    return [...view(this.#memory, parts.rows).subarray(starts[word], starts[word + 1])];
  }

  #eachWindow(count: number, visit: (word: number, context: number[]) => void): void {
    const sentence = this.#view("sentence").subarray(0, count);
    sentence.forEach((word, i) => {
      const reach = 1 + this.#random.below(this.#plan.window);
      visit(word, [...sentence.subarray(Math.max(0, i - reach), i), ...sentence.subarray(i + 1, i + 1 + reach)]);
    });
  }

  /** One example: h is the mean of input rows. */
  #learn(rows: readonly number[], target: number, rate: number): void {
    const { stride, divides } = this.#plan;
    const h = new Float64Array(stride);
    for (const row of rows) for (let i = 0; i < stride; i++) h[i]! += this.#input[row * stride + i]! / rows.length;
    const error = new Float64Array(stride);
    this.#view("examples")[0]! += 1;
    this.#learnTarget(h, target, rate, error);
    const share = divides === true ? 1 / rows.length : 1;
    for (const row of rows) for (let i = 0; i < stride; i++) this.#input[row * stride + i]! += share * error[i]!;
  }

  #learnTarget(h: Float64Array, target: number, rate: number, error: Float64Array): void {
    const { loss } = this.#plan;
    switch (loss.kind) {
      case "negative-sampling": {
        const cells = view(this.#memory, loss.cells);
        const negatives = Array.from({ length: loss.count }, () => this.#drawOther(cells, target));
        const points = [target, ...negatives];
        let from = 0;
        for (const size of evenGroups(points.length)) {
          const group = points.slice(from, from + size);
          this.#logistic(
            h,
            group,
            group.map((_, i) => (from + i === 0 ? 1 : 0)),
            rate,
            error,
          );
          from += size;
        }
        return;
      }
      case "hierarchical-softmax": {
        const [from, to] = view(this.#memory, loss.starts).subarray(target, target + 2) as unknown as [number, number];
        const nodes = [...view(this.#memory, loss.nodes).subarray(from, to)];
        this.#logistic(h, nodes, [...view(this.#memory, loss.labels).subarray(from, to)], rate, error);
        return;
      }
      case "one-vs-all": {
        const points = Array.from({ length: loss.outputs }, (_, i) => i);
        this.#logistic(h, points, [...this.#view("labels").subarray(0, loss.outputs)], rate, error);
        return;
      }
      case "softmax": {
        const outputs = Array.from({ length: loss.outputs }, (_, i) => i);
        const scores = outputs.map((row) => this.#score(h, row));
        const most = Math.max(...scores);
        const exponentials = scores.map((score) => Math.exp(score - most));
        const sum = exponentials.reduce((a, b) => a + b, 0);
        const factors = exponentials.map((e, i) => rate * ((i === target ? 1 : 0) - e / sum));
        this.#multiplyIntoLoss(exponentials[target]! / sum);
        this.#update(h, outputs, factors, error);
      }
    }
  }

  #drawOther(cells: Int32Array, target: number): number {
    for (;;) {
      const cell = this.#random.below(cells.length / 2);
      const drawn = this.#random.next() < cells[2 * cell]! >>> 0 ? cell : cells[2 * cell + 1]!;
      if (drawn !== target) return drawn;
    }
  }

  #logistic(
    h: Float64Array,
    points: readonly number[],
    labels: readonly number[],
    rate: number,
    error: Float64Array,
  ): void {
    const factors = points.map((row, i) => {
      const wrong = labels[i]! - 1 / (1 + Math.exp(-this.#score(h, row)));
      this.#multiplyIntoLoss(1 - Math.abs(wrong));
      return rate * wrong;
    });
    this.#update(h, points, factors, error);
  }

  #score(h: Float64Array, row: number): number {
    const { stride } = this.#plan;
    return h.reduce((sum, x, i) => sum + x * this.#output[row * stride + i]!, 0);
  }

  #update(h: Float64Array, rows: readonly number[], factors: readonly number[], error: Float64Array): void {
    const { stride } = this.#plan;
    rows.forEach((row, n) => {
      for (let i = 0; i < stride; i++) {
        error[i]! += factors[n]! * this.#output[row * stride + i]!;
        this.#output[row * stride + i]! += factors[n]! * h[i]!;
      }
    });
  }

  #multiplyIntoLoss(probability: number): void {
    const mantissas = this.#view("mantissas");
    const product = mantissas[0]! * Math.max(probability, 2 ** -24);
    const exponent = Math.floor(Math.log2(product));
    mantissas[0] = product / 2 ** exponent;
    this.#view("exponents")[0]! += exponent;
  }
}
