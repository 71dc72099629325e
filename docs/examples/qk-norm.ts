// QK-norm: training may let queries and keys grow, and with them the scores, until each
// position looks at one other and learns no better. A norm for each of them puts a bound on
// it: cosines, times what the two norms have learned.
import { MultiHeadAttention } from "@tenon/attention";
import { RMSNorm, trace } from "@tenon/nn";
import { abs, cpu, max, mean, random, tensor } from "@tenon/tensor";

const [t, width, heads, on] = [16, 64, 4, cpu()];
const dice = random(1);
const x = tensor(
  Array.from({ length: t * width }, () => dice.normal()),
  [1, t, width],
  on,
);

for (const growth of [1, 4, 16])
  for (const [name, headNorm] of Object.entries({ plain: undefined, "QK-norm": (k: number) => new RMSNorm(k) })) {
    const attention = new MultiHeadAttention({ width, heads, bias: false, variant: { headNorm }, random: random(2) });
    await attention.to(on);
    // As if training had made queries and keys this much larger.
    for (const { weight } of [attention.query, attention.key])
      weight.assign(Float32Array.from(await weight.host(), (each) => growth * each));
    const { taps } = trace(attention, ["scores", "pattern"], () => attention.forward(x));
    const [scores, pattern] = [taps["scores"]![0]!, taps["pattern"]![0]!];
    const [largest] = await max(max(abs(scores), -1), -1).read();
    const [best] = await mean(max(pattern, -1)).read();
    console.log(
      `weights × ${growth}, ${name}: largest score ${largest!.toFixed(1)}, the best key gets ${best!.toFixed(2)} on average`,
    );
  }

// prints:
// weights × 1, plain: largest score 3.6, the best key gets 0.27 on average
// weights × 1, QK-norm: largest score 2.6, the best key gets 0.25 on average
// weights × 4, plain: largest score 58.0, the best key gets 0.95 on average
// weights × 4, QK-norm: largest score 2.6, the best key gets 0.25 on average
// weights × 16, plain: largest score 928.6, the best key gets 1.00 on average
// weights × 16, QK-norm: largest score 2.6, the best key gets 0.25 on average
