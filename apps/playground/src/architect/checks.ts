import { assemble, describe, type Kinds, type Spec, standardKinds } from "@tenon/models";

import type { JsonObject } from "../spec/at-path.ts";
import type { Form } from "../spec/form.ts";
import { type Fitting, fittingNumbers } from "./fitting.ts";
import { formOf } from "./form-of.ts";
import { type Impossible, impossibleKinds } from "./impossible.ts";
import { problemsOf, type SpecProblem } from "./problem-of.ts";

/** Whether a spec can be assembled: what it then holds, every default filled in, or what is wrong with it. */
export interface Checked {
  readonly problems: readonly SpecProblem[];
  readonly sound: { readonly spec: Spec; readonly parameters: number } | undefined;
}

/** What may be chosen in a spec. */
export interface Choices {
  readonly impossible: Impossible;
  readonly fitting: Fitting;
}

/** Says what a spec may hold, whether it is sound, and what else could stand in it. */
export class Checks {
  readonly #kinds: Kinds;
  readonly #form: Form;
  #latest = 0;

  constructor(kinds: Kinds = standardKinds) {
    this.#kinds = kinds;
    this.#form = formOf(kinds);
  }

  /** Everything that a spec may say. */
  form(): Form {
    return this.#form;
  }

  check(spec: unknown): Checked {
    try {
      const model = assemble(spec, { kinds: this.#kinds });
      return { problems: [], sound: { spec: model.spec, parameters: describe(model).count } };
    } catch (error) {
      return { problems: problemsOf(error), sound: undefined };
    }
  }

  /** Which kinds cannot stand in a spec and why, and which numbers could; undefined when it was asked again before it was done. */
  async choices(spec: Spec): Promise<Choices | undefined> {
    const mine = ++this.#latest;
    const json = spec as unknown as JsonObject;
    const impossible = impossibleKinds(this.#form, json, this.#kinds);
    const rest = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (mine !== this.#latest) throw new Superseded();
    };
    try {
      await rest();
      return { impossible, fitting: await fittingNumbers(this.#form, json, this.#kinds, rest) };
    } catch (error) {
      if (error instanceof Superseded) return undefined;
      throw error;
    }
  }
}

class Superseded extends Error {}
