import type { Part } from "@tenon/nn";
import { Adafactor, AdamW, Lion, Muon, type Optimiser, Sgd } from "@tenon/training";

/** What changes the parameters by their gradients: what `--optimiser` takes. */
export const optimiserNames = ["adamw", "adafactor", "lion", "muon", "sgd"] as const;
export type OptimiserName = (typeof optimiserNames)[number];

/** The optimiser of this name, with the memory for squares that small models do best with. */
export function optimiserOf(
  name: OptimiserName,
  model: Part,
  { decay, beta2 }: { readonly decay: number; readonly beta2: number },
): Optimiser {
  switch (name) {
    case "adamw":
      return new AdamW(model, { beta2, decay });
    case "adafactor":
      return new Adafactor(model, { decay });
    case "lion":
      return new Lion(model, { decay });
    case "muon":
      return new Muon(model, { decay });
    case "sgd":
      return new Sgd(model, { momentum: 0.9, decay });
  }
}
