import type { Assembled } from "@tenon/models";

import { expressed } from "../families/expressed.ts";
import { families as ours } from "../families/families.ts";
import type { Family } from "../families/family.ts";
import { namingOf } from "../families/naming-of.ts";
import type { Naming } from "../names/naming.ts";
import type { Pretrained } from "../pretrained.ts";

/** As what model of Hugging Face a model is seen. */
export interface LoraNames {
  /** The family whose names are used, by its `type`. Default: the one that it was loaded as, else the first that can express it. */
  readonly family?: string | undefined;
  /** The class of Hugging Face whose names are used. Default: that which it was loaded as, else the family's first. */
  readonly architecture?: string | undefined;
  /** The families that it may be. Default: those that Tenon brings. */
  readonly families?: readonly Family[] | undefined;
}

/** A model, and what its parameters are called. */
export interface LoraTarget {
  readonly model: Assembled;
  readonly naming: Naming;
  readonly architecture: string;
}

/** Throws `ConfigError` when no family can express the model. */
export function loraTarget(of: Assembled | Pretrained, options: LoraNames): LoraTarget {
  const loaded = "model" in of ? of : undefined;
  const model = "model" in of ? of.model : of;
  const { family, architecture } = expressed(
    model.spec,
    options.family ?? loaded?.family,
    options.families ?? ours,
    options.architecture ?? loaded?.architecture,
  );
  return { model, naming: namingOf(family, model.spec, architecture), architecture };
}
