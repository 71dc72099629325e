import type { Backend } from "./backend.ts";
import { expectThisCopy } from "./copies.ts";
import { isHalf, isQuantized, type TypedArray } from "./dtype.ts";
import { noteUpdate } from "./segment.ts";
import { BackendError, ShapeError } from "./errors.ts";
import { fromHalf, toHalf } from "./half.ts";
import { expectHostArray, hostLength } from "./host-array.ts";
import { refuseQuantized, type Attrs, type Inputs, type Op, type Outputs, type Update } from "./op.ts";
import { checkShape, show, type Shape, type TensorType } from "./shape.ts";
import { guard, Tensor } from "./tensor.ts";

const disposed = (): never => {
  throw new BackendError("this variable was disposed; assign() it values again, or make a new one");
};

/**
 * A cell whose tensor may change: a parameter, a cache, an optimiser's state. Tensors themselves never change.
 *
 * It begins on the host, made when first needed; `place` moves it to a backend, `update` replaces it by the result of an op, in
 * place when nobody else holds the tensor.
 *
 * @example
 * ```ts
 * const weight = new Variable({ dtype: "f32", shape: [2, 2] }, () => Float32Array.of(1, 0, 0, 1));
 * await weight.place(cpu());
 * console.log(weight.value.shape); // [ 2, 2 ]
 * ```
 */
export class Variable {
  #type: TensorType;
  #initial: () => TypedArray;
  #value: Tensor | undefined;
  #lent: Tensor | undefined;
  /** Settles, never fails, when all moves that were asked for are done. */
  #moving: Promise<void> | undefined;

  constructor(type: TensorType, initial: () => TypedArray) {
    this.#type = type;
    this.#initial = initial;
  }
  /** A variable that takes over a tensor. */
  static holding(tensor: Tensor): Variable {
    const variable = new Variable(tensor.type, disposed);
    tensor.scope = undefined;
    variable.#hold(tensor);
    return variable;
  }

  /** Its dtype, which only {@link Variable.become} changes, and its shape, which {@link Variable.assign} changes as well. */
  get type(): TensorType {
    return this.#type;
  }
  /** Does it live on a backend yet? */
  get isPlaced(): boolean {
    return this.#value !== undefined;
  }
  /** The tensor that it holds now, owned by the variable. Throws `BackendError` before `place` and after it was disposed. */
  get value(): Tensor {
    const tensor = this.#lent ?? this.#value;
    if (tensor === undefined) {
      if (this.#initial === disposed) return disposed();
      throw new BackendError(
        `a variable ${show(this.type.shape)} is still on the host: place it on a backend first, for a model with \`await model.to(backend)\``,
      );
    }
    return tensor;
  }
  /**
   * A copy of its values on the host, as a tensor of its type is read: those of f16 and bf16 in a `Float32Array`, q4 packed.
   * Throws `BackendError` after it was disposed.
   */
  async host(): Promise<TypedArray> {
    if (this.#value !== undefined) return this.#value.read();
    const data = this.#checked(this.#initial());
    const { dtype } = this.type;
    return isHalf(dtype) ? fromHalf(data instanceof Uint16Array ? data : toHalf(data, dtype), dtype) : data.slice();
  }
  /**
   * Moves it to a backend. Moves follow each other in the order of their calls. While one is under way the variable is where it was, and
   * what it is assigned or updated to meanwhile is what moves. Throws `BackendError` when it is disposed before or meanwhile.
   */
  place(backend: Backend): Promise<void> {
    const before = this.#moving;
    const move = before === undefined ? this.#move(backend) : before.then(() => this.#move(backend));
    const moving: Promise<void> = move.then(
      () => this.#moved(moving),
      () => this.#moved(moving),
    );
    this.#moving = moving;
    return move;
  }
  async #move(backend: Backend): Promise<void> {
    expectThisCopy(backend, "place()");
    while (this.#value !== undefined && this.#value.backend !== backend) {
      const old = this.#value;
      const data = await old.read().catch((error: unknown) => {
        if (this.#value === old) throw error;
      });
      if (this.#value !== old || data === undefined) continue; // it changed while it was read
      this.#hold(backend.upload(data, this.type, "variable"));
      old[Symbol.dispose]();
    }
    if (this.#value !== undefined) return;
    const initial = this.#initial;
    this.#hold(backend.upload(() => this.#checked(initial()), this.type, "variable"));
    this.#initial = disposed; // it never begins again, so what it began with is not kept beside what it holds
  }
  #moved(moving: Promise<void>): void {
    if (this.#moving === moving) this.#moving = undefined;
  }
  /**
   * Replaces its values, wherever it lives, and with another shape also that: it stays the same variable, so that all who hold it see the change; what
   * keeps something of the old shape beside it, such as an optimiser, is to be made anew. Throws `ShapeError` when the count differs or a size is
   * no whole number from 0 up, and `DTypeError` for another kind of array; then nothing has changed.
   */
  assign(data: TypedArray, shape: Shape = this.type.shape): void {
    this.become({ dtype: this.type.dtype, shape: [...shape] }, this.isPlaced ? data : data.slice());
  }
  /**
   * {@link Variable.assign} for values of another dtype: a weight that is from now on stored in levels, or in floats again. It is still the same variable
   * for all who hold it. The array is taken over and not copied, so leave it as it is. Throws as `assign` does.
   */
  become(type: TensorType, data: TypedArray): void {
    checkShape(type.shape);
    this.#checked(data, type);
    if (this.#lent !== undefined)
      throw new BackendError("a variable cannot be assigned while it is being differentiated; assign it after");
    const old = this.#value;
    if (old === undefined) this.#initial = () => data;
    else {
      this.#hold(old.backend.upload(data, type, "variable"));
      old[Symbol.dispose]();
    }
    this.#type = type;
  }
  /**
   * Gives it other initial values, whatever it held: computed when they are first needed, and where it lives on a backend already, at
   * once. Throws as `assign` does, for a variable on the host when the values are needed.
   */
  begin(initial: () => TypedArray): void {
    if (this.#value === undefined) this.#initial = initial;
    else this.assign(initial());
  }
  /** Takes a tensor over. The garbage collector's net catches it when the variable is forgotten. */
  #hold(tensor: Tensor): void {
    this.#value = tensor;
    guard(tensor, this);
  }
  #checked(data: TypedArray, type: TensorType = this.type): TypedArray {
    const { dtype, shape } = type;
    const length = hostLength(type);
    if (data.length !== length)
      throw new ShapeError(
        `a variable ${show(shape)} ${dtype === "q4" ? `in q4 is ${length} bytes` : `has ${length} elements`}, got ${data.length}`,
        { shape, length: data.length },
      );
    expectHostArray(data, type);
    return data;
  }
  /** Gives its memory back. Its values are gone: it does not begin again with its initial ones. Doing it twice is harmless. */
  [Symbol.dispose](): void {
    this.#value?.[Symbol.dispose]();
    this.#value = undefined;
    this.#initial = disposed;
  }

  /**
   * For the synchronous length of body, each variable's value is view(value). This is how a decorator gets to see parameters.
   * Throws `BackendError` when a variable is named twice or has no value.
   */
  static lend<T>(
    variables: readonly Variable[],
    view: (value: Tensor) => Tensor,
    body: (lent: readonly Tensor[]) => T,
  ): T {
    if (new Set(variables).size < variables.length)
      throw new BackendError("a variable was lent twice at once; name each variable once");
    const values = variables.map((variable) => variable.value); // all of them, before the first is viewed
    const before = variables.map((variable) => variable.#lent);
    const lent = values.map(view);
    variables.forEach((variable, i) => (variable.#lent = lent[i]));
    try {
      return body(lent);
    } finally {
      variables.forEach((variable, i) => variable.#takeBack(lent[i]!, before[i]));
    }
  }
  /** Ends a loan. What an update put in the place of the lent tensor becomes the value. */
  #takeBack(lent: Tensor, before: Tensor | undefined): void {
    let updated = this.#lent!;
    this.#lent = before;
    lent[Symbol.dispose]();
    if (updated === lent) return;
    const own = before ?? this.#value!;
    while (updated.backend !== own.backend && updated.backend.inner !== undefined) {
      const outer = updated;
      updated = outer.backend.lower(outer);
      outer[Symbol.dispose]();
    }
    if (before === undefined) this.#hold(updated);
    else this.#lent = updated;
    own[Symbol.dispose]();
  }

  /**
   * Two variables exchange what they hold; nothing is copied. Throws `ShapeError` unless type and backend are the same, and `BackendError`
   * when one has no value or is being differentiated.
   */
  static exchange(a: Variable, b: Variable): void {
    const [first, second] = [a.value, b.value];
    if (a.#lent !== undefined || b.#lent !== undefined)
      throw new BackendError("a variable cannot be exchanged while it is being differentiated; exchange it after");
    const [ours, theirs] = [first, second].map((x) => `${show(x.shape)} ${x.dtype} on "${x.backend.name}"`);
    if (ours !== theirs || first.backend !== second.backend)
      throw new ShapeError(`variables of one type on one backend can be exchanged, got ${ours} and ${theirs}`);
    a.#hold(second);
    b.#hold(first);
  }

  /** Runs an update op on the variables' values and further inputs; its outputs become the values. Throws `BackendError` when an input lives elsewhere. */
  static update<I extends Inputs, A extends Attrs, O extends Outputs>(
    op: Update<I, A, O>,
    variables: readonly Variable[],
    rest: Inputs,
    attrs: A,
  ): void {
    noteUpdate();
    const before = variables.map((variable) => variable.value);
    const backend = before[0]!.backend;
    const inputs = [...before, ...rest];
    for (const [i, input] of inputs.entries()) {
      if (!(input instanceof Tensor)) continue;
      if (isQuantized(input.dtype)) refuseQuantized(op, i, input.dtype);
      if (input.handle === undefined) throw new BackendError(`${op.name}: an input was already freed`, { op: op.name });
      if (input.backend !== backend)
        throw new BackendError(
          `${op.name}: the variable lives on "${backend.name}", an input on "${input.backend.name}". An update takes inputs of the variable's own backend, so it runs outside differentiate().`,
          { op: op.name, backends: [backend.name, input.backend.name] },
        );
    }
    const types = op.infer(inputs.map((input) => (input instanceof Tensor ? input.type : input)) as never, attrs) as
      | TensorType
      | readonly TensorType[];
    const result = backend.execute(op as Op, inputs, attrs, types);
    const after = result instanceof Tensor ? [result] : result;
    variables.forEach((variable, i) => {
      if (variable.#lent === undefined) variable.#hold(after[i]!);
      else variable.#lent = after[i]!;
      before[i]![Symbol.dispose]();
    });
  }
}
