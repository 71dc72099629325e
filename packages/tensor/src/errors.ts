const brand: unique symbol = Symbol.for("tenon.error") as never;

/**
 * The base of every error that Tenon throws on purpose.
 *
 * The message says what happened, what was expected, what came and what to do; `fields` holds the same facts for programs.
 * Two copies of Tenon on one page have two `TenonError` classes: recognise errors with {@link isTenonError}, not with `instanceof`.
 */
export class TenonError extends Error {
  readonly fields: Readonly<Record<string, unknown>>;
  constructor(message: string, fields: Readonly<Record<string, unknown>> = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.kind;
    this.fields = fields;
    Object.defineProperty(this, brand, { value: new.target.kind });
  }
  /** The name that {@link isTenonError} compares; written out, because minifiers rename classes. */
  static readonly kind: string = "TenonError";
}

/** Sizes do not fit: broadcasting, inner sizes of a product, a slice beyond the end. */
export class ShapeError extends TenonError {
  static override readonly kind: string = "ShapeError";
}
/** An op got a dtype that it does not take. There is no implicit promotion. */
export class DTypeError extends TenonError {
  static override readonly kind: string = "DTypeError";
}
/** Something about where a tensor lives: freed, on another backend, not placed yet, a kernel that failed. */
export class BackendError extends TenonError {
  static override readonly kind: string = "BackendError";
}
/** A derivative that cannot be taken. */
export class GradientError extends TenonError {
  static override readonly kind: string = "GradientError";
}
/** An option, a spec or an input value that cannot be honoured. */
export class ConfigError extends TenonError {
  static override readonly kind: string = "ConfigError";
}
/** A checkpoint that is damaged, incomplete or made for another model. */
export class CheckpointError extends TenonError {
  static override readonly kind: string = "CheckpointError";
}

/**
 * Is `error` one of Tenon's, also when another copy of the package threw it? With `kind`, one of that class.
 *
 * @example
 * ```ts
 * const on = cpu();
 * try {
 *   add(zeros([2], on), zeros([3], on));
 * } catch (error) {
 *   if (!isTenonError(error, "ShapeError")) throw error;
 *   console.log(error.fields); // { op: 'add', a: [ 2 ], b: [ 3 ] }
 * }
 * ```
 */
export function isTenonError(error: unknown, kind?: string): error is TenonError {
  if (typeof error !== "object" || error === null) return false;
  const found = (error as { [brand]?: string })[brand];
  return found !== undefined && (kind === undefined || found === kind);
}
