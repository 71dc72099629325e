import type { GivenCode, LayerSurroundingsCode, SurroundingsCode } from "../kinds/kind-code.ts";
import type { Kinds } from "../kinds/registry.ts";
import type { DecoderSpec, EncoderSpec, PartSpec } from "../spec.ts";
import type { Field } from "./class-code.ts";
import { code, construct, Expression, importedType, named } from "./expression.ts";

/** What decoders and encoders have in common, as code: what `buildTrunk` gives. */
export interface TrunkCode {
  /** The tokens' table, and the map from its width to that of the stream, which the embedding knows as `tokens` and `map`. */
  readonly tokens: Expression;
  readonly map: Expression | undefined;
  readonly embedding: Expression;
  /** What the position scheme adds to the embeddings. */
  readonly position: Expression | undefined;
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

/** What makes a trunk one side of two: what is a `Side` in `buildTrunk`. */
export interface SideCode {
  /** Where its parts stand in the spec. */
  readonly at: string;
  /** The constants of the printed module that say how long and how deep it is. */
  readonly context: Expression;
  readonly layers: Expression;
  readonly depths: LayerSurroundingsCode["depths"];
  readonly crossAttention?: PartSpec | undefined;
  readonly embeddingNorm: boolean;
}

/** The `fork` of the model's stream for a place; `place` is text inside backquotes. */
export function forkFor(place: string): Expression {
  const text = place.includes("${") ? `\`${place}\`` : JSON.stringify(place);
  const uses = ["layer", "place"].filter((name) => place.includes(`\${${name}}`)).map((name) => ({ name }));
  return new Expression(`random.fork(${text})`, uses);
}

/** Prints the trunk of a checked spec, or one side of it. */
export function trunkCode(
  spec: DecoderSpec | EncoderSpec,
  kinds: Kinds,
  {
    at = "spec",
    context = named("context"),
    layers = named("layers"),
    depths = { [spec.kind]: layers },
    crossAttention,
    embeddingNorm = spec.kind === "encoder" && spec.embeddingNorm,
  }: Partial<SideCode> = {},
): TrunkCode {
  const width = named("width");
  const isNarrow = (spec.tokens?.width ?? spec.width) !== spec.width;
  const tokenWidth = isNarrow ? named("tokenWidth") : width;
  const around = (place: string, width: Expression = named("width")): SurroundingsCode => ({
    width,
    context,
    causal: spec.kind === "decoder",
    attention: spec.attention,
    heads: kinds.heads(spec.attention, spec),
    random: forkFor(place),
  });
  const norm = (place: string, width?: Expression): Expression =>
    kinds.code("norm", spec.norm, around(place, width), at);
  const dropout = spec.dropout === 0 ? undefined : named("dropout");
  const position = kinds.code("position", spec.position, { ...around("position"), tokenWidth }, at);
  const shared = position.attentionOf ?? position.attention;
  const inLayer = (name: string): LayerSurroundingsCode => ({
    ...around(`blocks.\${layer}.${name}`),
    layer: named("layer"),
    layers,
    depths,
  });
  const withHeadNorm = (name: string): GivenCode["crossAttention"] => ({
    ...inLayer(name),
    headNorm: code`(headWidth) => ${norm(`blocks.\${layer}.${name}.headNorm`, named("headWidth"))}`,
  });
  const attention: GivenCode["attention"] = {
    ...withHeadNorm("attention"),
    position:
      position.attentionOf === undefined
        ? position.attention && named("position")
        : code`positionOf(${named("layer")})`,
  };
  const sublayers: GivenCode["residual"]["sublayers"] = {
    attention: kinds.code("attention", spec.attention, attention, at),
    crossAttention: crossAttention && kinds.code("crossAttention", crossAttention, withHeadNorm("crossAttention"), at),
    feedForward: kinds.code("feedForward", spec.feedForward, inLayer("feedForward"), at),
  };
  const normAt = (place: string): Expression => norm(`blocks.\${layer}.${place}.norm`);
  const block = kinds.code("residual", spec.residual, { ...inLayer("residual"), sublayers, norm: normAt, dropout }, at);
  const run = spec.layers / (spec.layerGroups ?? spec.layers);
  const tokens = named("tokens");
  const segments = spec.kind === "encoder" ? spec.segments : 0;
  return {
    tokens: construct("TokenEmbedding", "@tenon/embeddings", {
      vocabulary: named("vocabulary"),
      width: tokenWidth,
      random: forkFor("tokens"),
    }),
    map: isNarrow
      ? construct("Linear", "@tenon/nn", { input: tokenWidth, output: width, random: forkFor("map") })
      : undefined,
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
      norm: embeddingNorm ? norm("embedding.norm", tokenWidth) : undefined,
      dropout,
      map: isNarrow ? named("map") : undefined,
    }),
    position: position.embedding,
    before: [
      ...(shared === undefined
        ? []
        : [code`const ${new Expression(position.attentionOf === undefined ? "position" : "positionOf")} = ${shared};`]),
      ...(run > 1 ? [sharedBlocks(block, spec.layers / run, run)] : []),
    ],
    blocks: construct(
      "Stack",
      "@tenon/blocks",
      layers,
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

/** The fields of the blocks and of the norm after them. */
export const blocksFields = ({ before, blocks, finalNorm }: TrunkCode): Field[] => [
  { name: "blocks", type: importedType("Stack", "@tenon/blocks"), value: blocks, before },
  ...(finalNorm === undefined ? [] : [{ name: "norm", type: importedType("Norm", "@tenon/nn"), value: finalNorm }]),
];

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
