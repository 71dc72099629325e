import type { TextModel } from "@tenon/pretrained";
import { ConfigError } from "@tenon/tensor";

/** Pieces for a model without a limit of its own. */
const unlimited = 64;

/** How many tokens a piece of text has: what was asked for, or else the context. Throws `ConfigError` for more than the context. */
export function windowOf(model: TextModel, asked: number | undefined): number {
  const context = contextOf(model) ?? asked ?? unlimited;
  if (asked === undefined || asked <= context) return asked ?? context;
  throw new ConfigError(
    `pieces of ${asked} tokens do not fit into the model's context of ${context}. Let them have ${context} tokens or fewer.`,
    { asked, context },
  );
}

/** The most tokens that a model takes at a time; for an encoder–decoder, on both sides. Undefined where there is no limit. */
function contextOf(model: TextModel): number | undefined {
  if ("sourceContext" in model) return Math.min(model.sourceContext, model.context);
  return "context" in model ? model.context : undefined;
}
