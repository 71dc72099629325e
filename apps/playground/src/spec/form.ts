import type { Json } from "@tenon/tensor";

/** Everything that a spec may say, as a form shows it. It comes from the registry's schemas, so a kind that somebody registers is there by itself. */
export interface Form {
  /** The kinds of models. */
  readonly models: readonly KindForm[];
  /** The kinds of parts, by group: "position", "attention" … */
  readonly groups: { readonly [group: string]: readonly KindForm[] };
}

/** One of several kinds, and what it is told. */
export interface KindForm {
  readonly kind: string;
  /** What it is, in a sentence. */
  readonly about: string;
  readonly fields: readonly FieldForm[];
}

/** One key of an object. */
export interface FieldForm {
  readonly key: string;
  readonly about: string;
  /** Must it be said? What need not be has a default. */
  readonly required: boolean;
  /** The default, where the schema itself has it; others are told by `about`. */
  readonly usual?: Json;
  readonly input: InputForm;
}

/** Which numbers may stand at a key: from `least` to `most`, or above and below a number without reaching it. */
export interface Range {
  readonly least?: number | undefined;
  readonly most?: number | undefined;
  readonly above?: number | undefined;
  readonly below?: number | undefined;
}

/** What is wrong with a number, in words; undefined where it is in the range. */
export function outOfRange(number: number, { least, most, above, below }: Range): string | undefined {
  if (least !== undefined && number < least) return `Write ${least} or more.`;
  if (above !== undefined && number <= above) return `Write a number above ${above}.`;
  if (most !== undefined && number > most) return `Write ${most} or less.`;
  return below !== undefined && number >= below ? `Write a number below ${below}.` : undefined;
}

/** What may stand at a key. */
export type InputForm =
  | ({ readonly type: "number"; readonly whole: boolean } & Range)
  | { readonly type: "yes-no" }
  /** One of these. */
  | { readonly type: "choice"; readonly options: readonly Json[] }
  /** Several; `nullable` says that null may be one of them, and `length` how many there must be. */
  | { readonly type: "list"; readonly item: InputForm; readonly nullable: boolean; readonly length?: number }
  | { readonly type: "object"; readonly fields: readonly FieldForm[] }
  /** An object that says its kind, as a position's `scaling` does. */
  | { readonly type: "kinds"; readonly kinds: readonly KindForm[] }
  /** A part: one of the kinds of a group. */
  | { readonly type: "part"; readonly group: string }
  /** What no field is known for: it is written as JSON. */
  | { readonly type: "json" };

/** The kinds that may stand at a key; undefined where none has to be said. */
export function kindsOf(form: Form, input: InputForm): readonly KindForm[] | undefined {
  if (input.type === "part") return form.groups[input.group] ?? [];
  return input.type === "kinds" ? input.kinds : undefined;
}
