import { checkGolden, type PartGolden } from "@tenon/backend-testkit";
import { LayerNorm, Linear, Module, type Norm } from "@tenon/nn";
import { Extent, LearnedPosition, type EmbeddingPosition } from "@tenon/positional";
import { gelu, random, type HeightWidth, type Tensor } from "@tenon/tensor";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { FactorisedEmbedding } from "./factorised-embedding.ts";
import { FactorisedOutput } from "./factorised-output.ts";
import { InputEmbedding, type InputEmbeddingInput } from "./input-embedding.ts";
import { PatchEmbedding } from "./patch-embedding.ts";
import { ScaledEmbedding } from "./scaled-embedding.ts";
import { ScaledLogits } from "./scaled-logits.ts";
import { ScaledOutput } from "./scaled-output.ts";
import { SegmentEmbedding } from "./segment-embedding.ts";
import { SoftCappedLogits } from "./soft-capped-logits.ts";
import { TiedOutput } from "./tied-output.ts";
import { TokenEmbedding } from "./token-embedding.ts";

interface Config {
  readonly vocabulary: number;
  readonly width: number;
  readonly context: number;
  readonly narrow: number;
  readonly epsilon: number;
  readonly positions?: readonly (readonly number[])[];
  readonly tokens: number;
  readonly logits: number;
  readonly cap: number;
  readonly image: HeightWidth;
  readonly patch: HeightWidth;
  readonly channels: number;
}
/** Embeds and puts out, with nothing in between but a norm: what ../goldens/make.py leaves of a model. */
class Bare extends Module<[ids: Tensor, input?: InputEmbeddingInput], Tensor> {
  readonly embedding: Module<[ids: Tensor, input?: InputEmbeddingInput], Tensor>;
  readonly norm: Norm | undefined;
  readonly output: Module<[x: Tensor], Tensor>;
  constructor(
    embedding: Module<[ids: Tensor, input?: InputEmbeddingInput], Tensor>,
    output: Module<[x: Tensor], Tensor>,
    norm?: Norm,
  ) {
    super();
    this.embedding = embedding;
    this.norm = norm;
    this.output = output;
  }
  protected override compute(ids: Tensor, input?: InputEmbeddingInput): Tensor {
    const x = this.embedding.forward(ids, input);
    return this.output.forward(this.norm?.forward(x) ?? x);
  }
}
/** The way down of ALBERT's head. */
class Down extends Module<[x: Tensor], Tensor> {
  readonly dense: Linear;
  readonly norm: LayerNorm;
  constructor({ width, narrow, epsilon }: Config) {
    super();
    this.dense = new Linear({ input: width, output: narrow, random: seed });
    this.norm = new LayerNorm(narrow, { epsilon });
  }
  protected override compute(x: Tensor): Tensor {
    return this.norm.forward(gelu(this.dense.forward(x), "tanh"));
  }
}

const seed = random(1);
const table = ({ vocabulary }: Config, width: number): TokenEmbedding =>
  new TokenEmbedding({ vocabulary, width, random: seed });
const positionsOf = ({ context }: Config, width: number): EmbeddingPosition =>
  new LearnedPosition({ context, width, random: seed });
const bert = (config: Config, width: number, map?: Linear): InputEmbedding =>
  new InputEmbedding({
    tokens: table(config, width),
    position: positionsOf(config, width),
    segments: new SegmentEmbedding({ width, random: seed }),
    norm: new LayerNorm(width, { epsilon: config.epsilon }),
    map,
  });

const models: Record<string, (config: Config) => Module<[ids: Tensor, input?: InputEmbeddingInput], Tensor>> = {
  BERT: (config) => bert(config, config.width),
  ALBERT: (config) => {
    const { width, narrow } = config;
    const map = new Linear({ input: narrow, output: width, random: seed });
    const embedding = bert(config, narrow, map);
    const tokens = embedding.tokens as TokenEmbedding;
    return new Bare(embedding, new FactorisedOutput({ tokens, map }, { down: new Down(config), bias: true }));
  },
  "OPT-350m": (config) => {
    const { width, narrow } = config;
    const tokens = new FactorisedEmbedding({
      tokens: table(config, narrow),
      map: new Linear({ input: narrow, output: width, bias: false, random: seed }),
    });
    const down = new Linear({ input: width, output: narrow, bias: false, random: seed });
    return new Bare(
      new InputEmbedding({ tokens, position: positionsOf(config, width) }),
      new FactorisedOutput(tokens, { down }),
    );
  },
  "GPT-2": (config) => {
    const tokens = table(config, config.width);
    const embedding = new InputEmbedding({ tokens, position: positionsOf(config, config.width) });
    return new Bare(embedding, new TiedOutput(tokens), new LayerNorm(config.width));
  },
  T5: (config) => {
    const tokens = table(config, config.width);
    return new Bare(new InputEmbedding({ tokens }), new ScaledOutput(new TiedOutput(tokens)));
  },
  "Gemma 2": (config) => {
    const tokens = new ScaledEmbedding(table(config, config.width));
    const output = new SoftCappedLogits(new TiedOutput(tokens.tokens), config.cap);
    return new Bare(new InputEmbedding({ tokens }), output);
  },
  Granite: (config) => {
    const tokens = new ScaledEmbedding(table(config, config.width), { scale: config.tokens });
    const output = new ScaledLogits(new TiedOutput(tokens.tokens), config.logits);
    return new Bare(new InputEmbedding({ tokens }), output);
  },
  ViT: (config) => new PatchEmbedding({ ...config, position: positionsOf(config, config.width), random: seed }),
  Cohere: (config) => {
    const tokens = table(config, config.width);
    return new Bare(new InputEmbedding({ tokens }), new ScaledLogits(new TiedOutput(tokens), config.logits));
  },
};

const cases = JSON.parse(
  readFileSync(new URL("../goldens/models.json", import.meta.url), "utf8"),
) as PartGolden<Config>[];

test("there is a golden case for each model", () => {
  expect(new Set(cases.map(({ name }) => name.split(":")[0]))).toEqual(new Set(Object.keys(models)));
});

test.each(cases.map((golden) => [golden.name, golden] as const))("%s", async (name, golden) => {
  await checkGolden(golden, {
    create: models[name.split(":")[0]!]!,
    forward: (model, { ids, segments, images }, { positions }) => {
      if (images !== undefined) return model.forward(images);
      const length = ids!.shape[1]!;
      const extent = positions && new Extent({ offset: 0, length, positions, backend: ids!.backend });
      return model.forward(ids!, { segments, extent });
    },
  });
});
