import type { Sublayers } from "../kinds/kind.ts";
import type { Kinds } from "../kinds/registry.ts";
import type { StackSpec, TargetSideSpec } from "../spec.ts";
import type { Boxes } from "./boxes.ts";
import { sketchOfBlock, type Box, type Look, type Sketch } from "./sketch.ts";
import type { Step, WiredStack } from "./wiring.ts";

/** What a sketch of a stack is made from. */
export interface SketchedStack {
  /** What stands before the paths of its parts: "", or "decoder.". */
  readonly at: string;
  readonly spec: Pick<StackSpec, "layers" | "layerGroups" | "attention" | "feedForward" | "residual"> &
    Partial<Pick<TargetSideSpec, "crossAttention">>;
  /** Which side of a model of two stacks it is. Default: it is the model's only one. */
  readonly side?: WiredStack["side"];
  /** What its blocks look at besides the stream. */
  readonly memory?: string | undefined;
}

const looks: Readonly<Record<keyof Sublayers, Look>> = {
  attention: "attention",
  crossAttention: "attention",
  feedForward: "feed-forward",
};

/** How ids become vectors; `shared` is where the tokens are whose table this side has, too. */
export function embeddingSketch(boxes: Boxes, at: string, shared?: string): Sketch[] {
  const [path, look] = [`${at}embedding`, "embedding"] as const;
  const added = ["position", "segments"].filter((name) => boxes.has(`${path}.${name}`));
  const applied = ["norm", "map"].filter((name) => boxes.has(`${path}.${name}`));
  return [
    {
      box: {
        ...(shared === undefined ? boxes.part(`${path}.tokens`, look) : boxes.again(shared, look)),
        saidBy: "vocabulary",
      },
    },
    ...added.map((name) => ({ added: { ...boxes.part(`${path}.${name}`, look), saidBy: `${at}${name}` } })),
    ...applied.map((name) => ({
      box: {
        ...boxes.part(`${path}.${name}`, name === "norm" ? "norm" : look),
        saidBy: name === "norm" ? `${at}norm` : "tokens",
      },
    })),
  ];
}

/** The blocks of a stack: the first of them in a frame that says how many there are. */
export function blocksSketch(stack: SketchedStack, boxes: Boxes, kinds: Kinds): Sketch {
  return { frame: countOf(stack.spec), inside: block(stack, boxes, kinds) };
}

function countOf({ layers, layerGroups }: SketchedStack["spec"]): string {
  const blocks = layers === 1 ? "1 block" : `${layers} blocks`;
  return layerGroups === undefined
    ? blocks
    : `${blocks}, ${layerGroups === 1 ? "1 set" : `${layerGroups} sets`} of parameters`;
}

function block({ at, spec, side, memory }: SketchedStack, boxes: Boxes, kinds: Kinds): Sketch[] {
  const path = `${at}blocks.0`;
  const sublayer = (name: keyof Sublayers): Box => ({
    ...boxes.part(`${path}.${name}`, looks[name], spec[name]),
    saidBy: `${at}${name}`,
    ...(name === "crossAttention" && { input: memory }),
  });
  const step = (steps: readonly Step[] = []): Box[] =>
    steps.map(({ label, part }) => {
      const inner = part === undefined ? undefined : `${path}.${part}`;
      return label === undefined
        ? { ...boxes.part(inner ?? path, "norm"), saidBy: `${at}norm` }
        : { ...boxes.step(label, inner), saidBy: `${at}residual` };
    });
  const sublayers = (["attention", "crossAttention", "feedForward"] as const).filter(
    (name) => spec[name] !== undefined,
  );
  const wiring = kinds.wiring(spec.residual, { layers: spec.layers, sublayers, side });
  const wired = wiring?.flatMap(({ branches }) => branches.map((branch) => branch.sublayer));
  // A scheme that says nothing of a sublayer would be drawn without it.
  return wiring === undefined || sublayers.some((name) => !wired!.includes(name))
    ? [{ box: { ...boxes.part(path, "step", spec.residual), saidBy: `${at}residual`, input: memory } }]
    : sketchOfBlock(wiring, { step, sublayer });
}
