import { checkGolden, type PartGolden } from "@tenon/backend-testkit";
import { random, tensor } from "@tenon/tensor";
import { test } from "vitest";

import written from "../../../goldens/experts.json" with { type: "json" };
import { GatedMLP } from "../gated-mlp.ts";
import { GatedExperts } from "./gated-experts.ts";
import { MixtureOfExperts } from "./mixture-of-experts.ts";
import { TopKRouter } from "./top-k-router.ts";
import { withRouting } from "./with-routing.ts";

interface Config {
  readonly width: number;
  readonly hidden: number;
  readonly experts: number;
  readonly expertsPerToken: number;
  readonly softmax: "selected" | "all";
  /** Width of the shared expert, or 0. */
  readonly shared: number;
  readonly mask: readonly (readonly number[])[] | null;
}
const goldens = written as unknown as readonly PartGolden<Config>[];

test.each(goldens.map((golden) => [golden.name, golden] as const))(
  "agrees with %s in the output, the balance and the z-loss",
  async (_, golden) => {
    await checkGolden(golden, {
      create: ({ width, hidden, experts, expertsPerToken, softmax, shared }) =>
        new MixtureOfExperts({
          router: new TopKRouter({ width, experts, expertsPerToken, softmax, random: random(1) }),
          experts: new GatedExperts({ count: experts, width, hidden, random: random(2) }),
          shared: shared > 0 ? new GatedMLP({ width, hidden: shared, random: random(3) }) : undefined,
        }),
      forward: (part, { x }, { mask }) => {
        const [b, t] = x!.shape as [number, number];
        const counted = mask === null ? undefined : tensor(mask.flat(), [b, t], x!.backend, "bool");
        const { result, balance, z } = withRouting(part, () => part.forward(x!), { mask: counted });
        return { output: result, balance, z };
      },
    });
  },
);
