/** Losses and what goes with them over the steps, for a chart: column by column. */
export interface CurveData {
  readonly steps: readonly number[];
  readonly loss: readonly number[];
  readonly gradientNorm: readonly number[];
  readonly rate: readonly number[];
  readonly heldOutSteps: readonly number[];
  readonly heldOut: readonly number[];
  /** How many steps one point stands for. */
  readonly each: number;
  /** How many steps the last one stands for, where it is not complete yet; else 0. */
  readonly partial: number;
}

interface Point {
  readonly step: number;
  readonly loss: number;
  readonly gradientNorm: number;
  readonly rate: number;
}

/** A run of any length in a bounded number of points: when there are too many, each two become one with their means. */
export class Curve {
  readonly #most: number;
  #each = 1;
  #points: Point[] = [];
  /** Steps that wait to be a point. */
  #waiting: Point[] = [];
  #heldOut: { readonly step: number; readonly loss: number }[] = [];

  constructor(most = 400) {
    this.#most = most;
  }

  add(point: Point): void {
    this.#waiting.push(point);
    if (this.#waiting.length < this.#each) return;
    this.#points.push(mean(this.#waiting));
    this.#waiting = [];
    if (this.#points.length < this.#most) return;
    this.#points = pairs(this.#points).map(mean);
    this.#each *= 2;
  }

  addHeldOut(step: number, loss: number): void {
    if (this.#heldOut.at(-1)?.step === step) return; // taken again after a checkpoint
    this.#heldOut.push({ step, loss });
    if (this.#heldOut.length >= this.#most) this.#heldOut = this.#heldOut.filter((_, i) => i % 2 === 1);
  }

  get lastHeldOut(): { readonly step: number; readonly loss: number } | undefined {
    return this.#heldOut.at(-1);
  }

  get data(): CurveData {
    // What waits is shown, so that the line ends where the run is.
    const points = this.#waiting.length > 0 ? [...this.#points, mean(this.#waiting)] : this.#points;
    return {
      steps: points.map(({ step }) => step),
      loss: points.map(({ loss }) => loss),
      gradientNorm: points.map(({ gradientNorm }) => gradientNorm),
      rate: points.map(({ rate }) => rate),
      heldOutSteps: this.#heldOut.map(({ step }) => step),
      heldOut: this.#heldOut.map(({ loss }) => loss),
      each: this.#each,
      partial: this.#waiting.length,
    };
  }

  /** The curve that `data` was of, up to a step that a run goes on from. */
  static upTo(step: number, data: CurveData, most?: number): Curve {
    const curve = new Curve(most);
    curve.#each = data.each;
    curve.#points = data.steps
      .map((at, i) => ({ step: at, loss: data.loss[i]!, gradientNorm: data.gradientNorm[i]!, rate: data.rate[i]! }))
      .filter((point) => point.step <= step);
    // The mean so many times is as good as the steps themselves.
    if (data.partial > 0 && curve.#points.length === data.steps.length)
      curve.#waiting = new Array<Point>(data.partial).fill(curve.#points.pop()!);
    curve.#heldOut = data.heldOutSteps
      .map((at, i) => ({ step: at, loss: data.heldOut[i]! }))
      .filter((taken) => taken.step <= step);
    return curve;
  }
}

/** Its step is the last one, so that no point is ahead of the run. */
function mean(points: readonly Point[]): Point {
  const of = (value: (point: Point) => number): number =>
    points.reduce((sum, point) => sum + value(point), 0) / points.length;
  return {
    step: points.at(-1)!.step,
    loss: of(({ loss }) => loss),
    gradientNorm: of(({ gradientNorm }) => gradientNorm),
    rate: of(({ rate }) => rate),
  };
}

function pairs(points: readonly Point[]): Point[][] {
  return Array.from({ length: Math.ceil(points.length / 2) }, (_, i) => points.slice(2 * i, 2 * i + 2));
}
