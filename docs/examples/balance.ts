// A mixture of experts, trained with and without the loss that balances it (Fedus et al. 2021, "Switch Transformers"). Left to itself, the
// router sends most tokens to few experts, which alone get better at them.
import { withRouting } from "@tenon/blocks";
import { assemble, gpt, type Decoder } from "@tenon/models";
import { cpu, ids, random } from "@tenon/tensor";
import { AdamW, causalBatches, causalLoss, evaluate, train, warmUpCosine, withSideLosses } from "@tenon/training";

const [vocabulary, context, steps] = [26, 16, 100];
// The letters of a text that repeats itself, with a slip now and then.
const rhyme = "thehousethatjackbuiltandthemaltthatlayinthehouse";
const draw = random(1);
const text = Array.from({ length: 4000 }, (_, i) =>
  draw.uniform() < 0.05 ? draw.integer(26) : rhyme.charCodeAt(i % rhyme.length) - 97,
);
const batchesFrom = (name: string) => causalBatches({ ids: text, context, batch: 8, random: random(2).fork(name) });

async function trained(balance: number): Promise<Decoder> {
  const model = await assemble({
    ...gpt({ vocabulary, context, width: 16, layers: 1, heads: 2 }),
    feedForward: { kind: "mixture", experts: 8, expertsPerToken: 1, hidden: 16 },
  }).to(cpu());
  const objective =
    balance === 0 ? causalLoss : withSideLosses(causalLoss, { measure: withRouting, weights: { balance } });
  const schedule = warmUpCosine({ rate: 0.03, warmUp: 10, steps });
  const optimiser = new AdamW(model);
  for await (const _ of train({
    model,
    objective,
    batches: batchesFrom("training"),
    optimiser,
    schedule,
    steps,
    random: random(3),
  }));
  return model;
}

/** Which share of the tokens each expert gets, the largest first. */
async function loadsOf(model: Decoder): Promise<string> {
  const { inputs, shape } = batchesFrom("held out")(0);
  const { loads } = withRouting(model, () => model.forward(ids(inputs, shape, model.backend, { limit: vocabulary })));
  const [load] = loads["blocks.0.feedForward"]!;
  return [...(await load!.read())]
    .toSorted((a, b) => b - a)
    .map((share) => `${Math.round(100 * share)} %`)
    .join(", ");
}

for (const balance of [0, 0.1]) {
  const model = await trained(balance);
  const loss = await evaluate({ model, objective: causalLoss, batches: batchesFrom("held out"), count: 4 });
  console.log(`balance × ${balance}: loss ${loss.toFixed(2)}, the experts get ${await loadsOf(model)}`);
}

// prints:
// balance × 0: loss 1.38, the experts get 42 %, 28 %, 17 %, 6 %, 4 %, 2 %, 0 %, 0 %
// balance × 0.1: loss 1.27, the experts get 17 %, 17 %, 16 %, 16 %, 13 %, 13 %, 5 %, 3 %
