import type { LayerSurroundingsCode, SurroundingsCode } from "../kinds/kind-code.ts";
import type { Kinds } from "../kinds/registry.ts";
import type { DecoderSpec, EncoderSpec } from "../spec.ts";
import { code, construct, Expression, named, type Printable } from "./expression.ts";

/** What decoders and encoders have in common, as code: what `buildTrunk` gives. */
export interface TrunkCode {
  /** Statements in front of the embedding: the tokens' table, and the map from its width to that of the stream. */
  readonly tokens: readonly Expression[];
  readonly embedding: Expression;
  /** Statements in front of the blocks: the position scheme that all layers share, and blocks that several do. */
  readonly before: readonly Expression[];
  readonly blocks: Expression;
  readonly finalNorm: Expression | undefined;
  /** One more norm, for what comes after the trunk, and what `code` of a part there is told. */
  readonly norm: (name: string, width?: Expression) => Expression;
  readonly around: (name: string) => SurroundingsCode;
  readonly tokenWidth: Expression;
  readonly isNarrow: boolean;
}

/** The constants that a printed module may begin with: those that it uses are written. */
export function constantsOf(spec: DecoderSpec | EncoderSpec): Readonly<Record<string, Printable>> {
  const { vocabulary, context, width, layers, dropout } = spec;
  return { vocabulary, context, width, tokenWidth: spec.tokens?.width ?? width, layers, dropout };
}

/** The `fork` of the model's stream for a place; `place` is text inside backquotes. */
export function forkFor(place: string): Expression {
  const text = place.includes("${") ? `\`${place}\`` : JSON.stringify(place);
  const uses = ["layer", "place"].filter((name) => place.includes(`\${${name}}`)).map((name) => ({ name }));
  return new Expression(`random.fork(${text})`, uses);
}

/** Prints the trunk of a checked spec. */
export function trunkCode(spec: DecoderSpec | EncoderSpec, kinds: Kinds): TrunkCode {
  const width = named("width");
  const isNarrow = (spec.tokens?.width ?? spec.width) !== spec.width;
  const tokenWidth = isNarrow ? named("tokenWidth") : width;
  const around = (place: string, width: Expression = named("width")): SurroundingsCode => ({
    width,
    context: named("context"),
    causal: spec.kind === "decoder",
    attention: spec.attention,
    heads: kinds.heads(spec.attention, spec),
    random: forkFor(place),
  });
  const norm = (place: string, width?: Expression): Expression => kinds.code("norm", spec.norm, around(place, width));
  const dropout = spec.dropout === 0 ? undefined : named("dropout");
  const position = kinds.code("position", spec.position, { ...around("position"), tokenWidth });
  const shared = position.attentionOf ?? position.attention;
  const inLayer = (name: string): LayerSurroundingsCode => ({
    ...around(`blocks.\${layer}.${name}`),
    layer: named("layer"),
    layers: named("layers"),
  });
  const headNorm = norm("blocks.${layer}.attention.headNorm", named("headWidth"));
  const block = kinds.code("residual", spec.residual, {
    ...inLayer("residual"),
    sublayers: {
      attention: kinds.code("attention", spec.attention, {
        ...inLayer("attention"),
        position:
          position.attentionOf === undefined
            ? position.attention && named("position")
            : code`positionOf(${named("layer")})`,
        headNorm: code`(headWidth) => ${headNorm}`,
      }),
      feedForward: kinds.code("feedForward", spec.feedForward, inLayer("feedForward")),
    },
    norm: (place) => norm(`blocks.\${layer}.${place}.norm`),
    dropout,
  });
  const run = spec.layers / (spec.layerGroups ?? spec.layers);
  const tokens = named("tokens");
  const segments = spec.kind === "encoder" ? spec.segments : 0;
  return {
    tokens: [
      code`const tokens = ${construct("TokenEmbedding", "@tenon/embeddings", { vocabulary: named("vocabulary"), width: tokenWidth, random: forkFor("tokens") })};`,
      ...(isNarrow
        ? [
            code`const map = ${construct("Linear", "@tenon/nn", { input: tokenWidth, output: width, random: forkFor("map") })};`,
          ]
        : []),
    ],
    embedding: construct("InputEmbedding", "@tenon/embeddings", {
      tokens: spec.tokens?.scaled === true ? construct("ScaledEmbedding", "@tenon/embeddings", tokens) : tokens,
      position: position.embedding,
      segments:
        segments > 0
          ? construct("SegmentEmbedding", "@tenon/embeddings", {
              count: segments,
              width: tokenWidth,
              random: forkFor("segments"),
            })
          : undefined,
      norm: spec.kind === "encoder" && spec.embeddingNorm ? norm("embedding.norm", tokenWidth) : undefined,
      dropout,
      map: isNarrow ? named("map") : undefined,
    }),
    before: [
      ...(shared === undefined
        ? []
        : [code`const ${new Expression(position.attentionOf === undefined ? "position" : "positionOf")} = ${shared};`]),
      ...(run > 1 ? [sharedBlocks(block, spec.layers / run, run)] : []),
    ],
    blocks: construct(
      "Stack",
      "@tenon/blocks",
      named("layers"),
      run > 1
        ? code`(layer) => shared[Math.floor(layer / ${run})]!`
        : code`(${new Expression(usesLayer(block) ? "layer" : "")}) => ${block}`,
    ),
    finalNorm: spec.residual.finalNorm === true ? norm("norm") : undefined,
    norm,
    around,
    tokenWidth,
    isNarrow,
  };
}

const usesLayer = (block: Expression): boolean =>
  block.uses.some(({ name, from }) => from === undefined && name === "layer");

/** A block for each run of layers, made as for the first of them. */
function sharedBlocks(block: Expression, groups: number, run: number): Expression {
  if (!usesLayer(block)) return code`const shared = Array.from({ length: ${groups} }, () => ${block});`;
  return code`const shared = Array.from({ length: ${groups} }, (_, group) => {
  const layer = group * ${run};
  return ${block};
});`;
}
