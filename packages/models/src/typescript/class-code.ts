import { code, Expression, imported, importedType, statements } from "./expression.ts";

export const tensor: Expression = importedType("Tensor", "@tenon/tensor");
export const module: Expression = imported("Module", "@tenon/nn");

/** What comes out of the blocks, normalised where there is a norm. */
export const normed = (norm: Expression | undefined): Expression =>
  new Expression(norm === undefined ? "y" : "this.norm.forward(y)");

/** One field of the class: its type, and its value. */
export interface Field {
  readonly name: string;
  readonly type: Expression;
  readonly value: Expression;
  /** Statements in front of it. */
  readonly before?: readonly Expression[];
}

/** What the class `Model` is made of. */
export interface ClassCode {
  readonly comment: string;
  /** The parameters of `forward`. */
  readonly input: Expression;
  readonly fields: readonly Field[];
  readonly compute: Expression;
}

/** The class `Model`. */
export function classCode({ comment, input, fields, compute }: ClassCode): Expression {
  const declared = fields.map(({ name, type }) => code`readonly ${new Expression(name)}: ${type};`);
  const assigned = fields.flatMap(({ name, value, before = [] }) => [
    ...before,
    code`this.${new Expression(name)} = ${value};`,
  ]);
  return code`/** ${new Expression(comment)} */
export class Model extends ${module}<[${input}], ${tensor}> {
  ${statements(declared)}

  constructor(random: ${importedType("Random", "@tenon/tensor")}) {
    super();
    ${statements(assigned)}
  }

  ${compute}
}`;
}
