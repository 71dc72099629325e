import type { Spec } from "@tenon/models";
import type { Json } from "@tenon/tensor";

import type { Config } from "../config/config.ts";
import type { NameRule } from "../names/name-rule.ts";

/**
 * A family of published models: how its config.json becomes a spec and a spec a config.json, and what its checkpoints call the parameters. One file each; a family
 * of your own goes into `fromPretrained(…, { families: [...families, mine] })`.
 */
export interface Family {
  /** The `model_type` of its config.json. */
  readonly type: string;
  /** The classes of Hugging Face whose checkpoints it reads, as `architectures` of config.json names them; the first is taken where it names none. */
  readonly architectures: readonly string[];
  /**
   * The spec of a config, for one of the architectures. Throws `CheckpointError`, by `Config`'s methods, for a key that is missing or has a value that
   * Tenon does not do: nothing that would change the result is passed over. `holds` tells whether the checkpoint has a tensor of that name, for what its
   * config leaves open.
   */
  spec(config: Config, architecture: string, holds: (tensor: string) => boolean): Spec;
  /** The keys of config.json that say the same as a spec; those that `spec` reads, no less. Throws `ConfigError` for a spec that the family cannot express. */
  config(spec: Spec, architecture: string): Readonly<Record<string, Json>>;
  /** What its checkpoints call the parameters of such a model. Strict in both directions: each parameter has a rule, and each tensor belongs to one. */
  names(spec: Spec, architecture: string): readonly NameRule[];
  /** What begins the names of all but the head's: a checkpoint of the bare model has the same without it. */
  readonly base?: string | undefined;
  /** Tensors that hold nothing that is learned, such as masks and tables that are computed: passed over. */
  readonly computed?: readonly RegExp[] | undefined;
  /** Tensors of parts that such a model lacks and its checkpoints may yet hold, such as the heads that it was trained with: passed over. */
  unused?(spec: Spec, architecture: string): readonly RegExp[];
  /** What the names of tensors ended with in older checkpoints, and what they end with now. */
  readonly formerly?: Readonly<Record<string, string>> | undefined;
  /** Which tensors a checkpoint may hold once more although they are shared: theirs, and which it repeats. A different one is refused. */
  repeated?(spec: Spec): Readonly<Record<string, string>>;
}
