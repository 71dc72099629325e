import { testComponent } from "@tenon/backend-testkit";
import { TokenEmbedding } from "@tenon/embeddings";
import { collectSideOutputs, LayerNorm, Module } from "@tenon/nn";
import { concat, random, relu, reshape, tensor, type Backend, type Tensor } from "@tenon/tensor";
import { floats, place } from "@tenon/tensor/testing";

import { ClassificationHead } from "./classification-head.ts";
import type { HeadInput } from "./encoder-head.ts";
import { MaskedLanguageHead } from "./masked-language-head.ts";
import { Pooler } from "./pooler.ts";
import { poolings, type PoolingName } from "./pooling.ts";
import { PreTrainingHead } from "./pre-training-head.ts";
import { SentenceHead, type SentenceLayer } from "./sentence-head.ts";
import { TokenClassificationHead } from "./token-classification-head.ts";

const width = 4;
const x = floats([2, 3, width], random(1));
/** The first row ends with padding, the second begins with it. */
const input = (on: Backend): HeadInput => ({ real: tensor([1, 1, 0, 0, 1, 1], [2, 3], on, "bool") });

testComponent({
  name: "MaskedLanguageHead",
  config: { vocabulary: 5, narrow: 3 },
  create: ({ vocabulary, narrow }, random) =>
    new MaskedLanguageHead({
      tokens: new TokenEmbedding({ vocabulary, width: narrow, random: random.fork("tokens") }),
      width,
      norm: new LayerNorm(narrow, { epsilon: 1e-2 }),
      activation: relu,
      random,
    }),
  inputs: (on) => [place(x, on)],
  outputShape: [2, 3, 5],
  parameters: 5 * 3 + 4 * 3 + 3 + 2 * 3 + 5,
});
testComponent({
  name: "Pooler",
  config: { width },
  create: (config, random) => new Pooler({ ...config, random }),
  inputs: (on) => [place(x, on), input(on)],
  outputShape: [2, 4],
  parameters: 20,
});
testComponent({
  name: "ClassificationHead",
  config: { width, labels: 3, dropout: 0.1 },
  create: (config, random) => new ClassificationHead({ ...config, random }),
  inputs: (on) => [place(x, on), input(on)],
  outputShape: [2, 3],
  parameters: 20 + 15,
});
testComponent({
  name: "TokenClassificationHead",
  config: { width, labels: 2 },
  create: (config, random) => new TokenClassificationHead({ ...config, random }),
  inputs: (on) => [place(x, on)],
  outputShape: [2, 3, 2],
  parameters: 10,
  causal: 1,
});

/** What a pre-training head gives and what it hands out, in one row for each sequence. */
class Both extends Module<[x: Tensor, input?: HeadInput], Tensor> {
  readonly head: PreTrainingHead;
  constructor(head: PreTrainingHead) {
    super();
    this.head = head;
  }
  protected override compute(x: Tensor, input?: HeadInput): Tensor {
    const { result, sideOutputs } = collectSideOutputs(() => this.head.forward(x, input));
    return concat([reshape(result, [2, 15]), ...sideOutputs.flatMap(({ tensors }) => tensors)], 1);
  }
}
testComponent({
  name: "PreTrainingHead",
  config: { vocabulary: 5 },
  create: ({ vocabulary }, random) =>
    new Both(
      new PreTrainingHead({
        words: new MaskedLanguageHead({
          tokens: new TokenEmbedding({ vocabulary, width, random: random.fork("tokens") }),
          norm: new LayerNorm(width, { epsilon: 1e-2 }),
          random: random.fork("words"),
        }),
        sentences: new ClassificationHead({ width, labels: 2, random: random.fork("sentences") }),
      }),
    ),
  inputs: (on) => [place(x, on), input(on)],
  outputShape: [2, 15 + 2],
  parameters: 5 * 4 + 20 + 2 * 4 + 5 + 20 + 10,
});

for (const pooling of Object.keys(poolings) as PoolingName[]) {
  testComponent({
    name: `SentenceHead, pooling ${pooling}, with layers`,
    config: {
      width,
      pooling,
      normalise: true,
      layers: [
        { width: 3, activation: "tanh" },
        { width: 5, bias: false },
      ],
    },
    create: ({ layers, ...config }, random) =>
      new SentenceHead({ ...config, layers: layers as readonly SentenceLayer[], random }),
    inputs: (on) => [place(x, on), input(on)],
    outputShape: [2, 5],
    parameters: 15 + 15,
  });
}
