import { checkGolden, type PartGolden } from "@tenon/backend-testkit";
import { random, tensor } from "@tenon/tensor";
import { test } from "vitest";

import written from "../../goldens/recurrent.json" with { type: "json" };
import { BidirectionalGRU } from "./bidirectional-gru.ts";
import { GRU } from "./gru.ts";
import { GRUCell, type ResetPlace } from "./gru-cell.ts";

interface Config {
  readonly kind: "GRUCell" | "GRU" | "BidirectionalGRU";
  readonly input: number;
  readonly hidden: number;
  readonly reset: ResetPlace;
  readonly lengths?: readonly number[] | null;
}
const goldens = written as unknown as readonly PartGolden<Config>[];
const kinds = { GRUCell, GRU, BidirectionalGRU };

test.each(goldens.map((golden) => [golden.name, golden] as const))("agrees with %s", async (_, golden) => {
  await checkGolden(golden, {
    create: ({ kind, input, hidden, reset }) => new kinds[kind]({ input, hidden, reset, random: random(1) }),
    forward: (part, { x, state, forwards, backwards }, config) => {
      if (part instanceof GRUCell) return part.forward(x!, state!);
      const lengths = config.lengths ? tensor(config.lengths, [config.lengths.length], x!.backend, "i32") : undefined;
      if (part instanceof GRU) return { ...part.forward(x!, { state, lengths }) };
      const { outputs, states } = part.forward(x!, { states: { forwards, backwards }, lengths });
      return { outputs, ...states };
    },
  });
});
