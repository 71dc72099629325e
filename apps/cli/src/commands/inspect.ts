import { writeFileAtomically } from "@tenon/checkpoint/node";
import {
  assemble,
  type Assembled,
  bert,
  describe,
  type Description,
  diagram,
  gpt,
  llama,
  type Spec,
  specSchema,
  table,
  toTypeScript,
} from "@tenon/models";
import type { TrainingRecord } from "@tenon/pretrained";
import { ConfigError } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";
import type { Command } from "commander";

import { addExamples } from "../help.ts";
import { type AnyModel, loadAnyModel, modelForms } from "../model/any-model.ts";
import { assembleFile, readSpecFile } from "../model/spec-file.ts";
import { shippedModel } from "../model/shipped.ts";
import {
  addArchitectureOptions,
  type ArchitectureFlags,
  architectureFlags,
  withFlags,
} from "../options/architecture.ts";
import { givenFlags, refuseBeside } from "../options/given.ts";
import { listed, oneOf, someText, wholeNumber } from "../options/values.ts";
import { byteCount, count, lossText, plural } from "../output/numbers.ts";
import { tokenizerName } from "../output/tokenizer-name.ts";
import type { Session } from "../session.ts";

const presets = ["gpt", "bert", "llama"] as const;

interface InspectFlags extends ArchitectureFlags {
  readonly model?: string;
  readonly spec?: string;
  readonly preset?: (typeof presets)[number];
  readonly vocabulary: number;
  readonly json?: true;
  readonly diagram?: true | string;
  readonly typescript?: true;
  readonly schema?: true;
}

/** A model with what a file says about it, if it came from one. */
interface Inspected {
  readonly model: Assembled;
  readonly path?: string;
  readonly tokenizer?: Tokenizer;
  readonly training?: TrainingRecord | undefined;
  readonly pretrained?: AnyModel["pretrained"];
}

const description =
  "Shows what a model is made of: each part with its path in the model, the package it comes from, the shapes of its own parameters, how " +
  "many numbers they hold and how much memory they take. The model may be a file, a spec that nobody has trained yet, or a preset with " +
  "sizes of your choice: nothing is computed, so even a large one is shown at once.";

/** Adds `tenon inspect`. */
export function addInspectCommand(program: Command, session: Session): Command {
  const command = program.command("inspect").summary("show what a model is made of").description(description);
  command
    .optionsGroup("What to show:")
    .option("--model <name>", `${modelForms} (default: the story decoder that comes with Tenon)`, someText("--model"))
    .option("--spec <file>", "a spec in JSON", someText("--spec"))
    .option("--preset <name>", `an architecture by name: ${listed(presets)}`, oneOf("--preset", presets));
  command
    .optionsGroup("How to show it, instead of as a table:")
    .option("--json", "one JSON object")
    .option("--diagram [file]", "how it is wired, drawn in characters; or to a file, as SVG", svgFile("--diagram"))
    .option("--typescript", "a TypeScript module that composes the same model from Tenon's packages")
    .option("--schema", "of no model: the JSON Schema of all specs, for an editor to check them by");
  command
    .optionsGroup("The sizes of a preset:")
    .option("--vocabulary <n>", "how many tokens there are", wholeNumber("--vocabulary", { from: 1 }), 65);
  addArchitectureOptions(command, "what the preset has");
  addExamples(command, session.command, [
    { does: "the model that comes with Tenon", line: "inspect" },
    {
      does: "GPT-2, the smallest",
      line: "inspect --preset gpt --vocabulary 50257 --context 1024 --width 768 --layers 12 --heads 12",
    },
    { does: "one that you trained, for another program", line: "inspect --model tenon-decoder --json" },
    { does: "a picture of Llama's architecture", line: "inspect --preset llama --diagram llama.svg" },
    { does: "the code to go on from, where a spec ends", line: "inspect --spec spec.json --typescript" },
  ]);
  return command.action(async (flags: InspectFlags) => inspect(flags, command, session));
}

async function inspect(flags: InspectFlags, command: Command, session: Session): Promise<void> {
  const { stdout } = session;
  refuseContradictions(command);
  if (flags.schema) return stdout.line(JSON.stringify(specSchema(), null, 2));
  const inspected = await find(flags, session);
  if (flags.typescript) return stdout.line(toTypeScript(inspected.model.spec).trimEnd());
  if (flags.diagram !== undefined) return draw(inspected, flags.diagram, session);
  const description = describe(inspected.model);
  if (flags.json) await stdout.json(forPrograms(inspected, description));
  else await stdout.line(forPeople(inspected, description, (text) => stdout.style("bold", text)));
}

async function draw({ model }: Inspected, to: true | string, { stdout }: Session): Promise<void> {
  const { text, svg } = diagram(model);
  if (to === true) return stdout.line(text);
  await writeFileAtomically(to, new TextEncoder().encode(svg));
  await stdout.line(`wrote ${to}`);
}

/** A picture is written as SVG, and its name says so. */
const svgFile =
  (flag: string) =>
  (path: string): string => {
    if (path.toLowerCase().endsWith(".svg")) return path;
    throw new ConfigError(`${flag} writes SVG, so its file ends with .svg, got "${path}".`, {
      option: flag,
      value: path,
    });
  };

const forms = ["--json", "--diagram", "--typescript", "--schema"] as const;

function refuseContradictions(command: Command): void {
  const sizes = ["--vocabulary", ...architectureFlags];
  refuseBeside(command, "--model", ["--spec", "--preset", ...sizes], "the file says what the model is");
  refuseBeside(command, "--spec", ["--preset", ...sizes], "the spec says what the model is");
  refuseBeside(command, "--schema", ["--model", "--spec", "--preset", ...sizes], "the schema is that of every spec");
  for (const form of forms)
    refuseBeside(
      command,
      form,
      forms.filter((other) => other !== form),
      "each is all that is shown",
    );
  const given = givenFlags(command);
  const size = given.find((flag) => sizes.includes(flag));
  if (size === undefined || given.includes("--preset")) return;
  throw new ConfigError(`${size} is a size of a preset: say of which one with --preset ${listed(presets)}.`, {
    option: size,
  });
}

async function find(flags: InspectFlags, session: Session): Promise<Inspected> {
  if (flags.spec !== undefined)
    return { model: assembleFile(flags.spec, await readSpecFile(flags.spec), (spec) => assemble(spec)) };
  if (flags.preset === undefined) return loadAnyModel(flags.model ?? shippedModel("story-decoder"), session);
  switch (flags.preset) {
    case "gpt":
      return { model: assemble(withFlags(gpt(flags), flags)) };
    case "bert":
      return { model: assemble(withFlags(bert(flags), flags)) };
    case "llama":
      // As Llama rounds it: two thirds of four widths, up to a multiple of 32.
      return { model: assemble(withFlags(llama({ ...flags, hidden: 32 * Math.ceil(flags.width / 12) }), flags)) };
  }
}

function forPrograms({ model, path, tokenizer, training, pretrained }: Inspected, description: Description): object {
  const { parts, count: parameters, bytes, packages } = description;
  const file =
    path === undefined || tokenizer === undefined
      ? {}
      : {
          path,
          tokenizer: { kind: tokenizer.kind, size: tokenizer.size },
          training,
          architecture: pretrained?.architecture,
        };
  return { ...file, spec: model.spec, parts, parameters, bytes, packages };
}

function forPeople(inspected: Inspected, description: Description, emphasise: (text: string) => string): string {
  return `${introduction(inspected)}\n\n${table(description, { memory: byteCount, emphasise })}`;
}

function sizesOf(spec: Spec): string {
  const { kind, width } = spec;
  const stack = ({ layers, context }: { readonly layers: number; readonly context: number }): string =>
    `${plural(layers, "layer")}, width ${width}, context ${context}, vocabulary`;
  switch (spec.kind) {
    case "decoder":
    case "encoder":
      return `${kind}: ${stack(spec)} ${spec.vocabulary}`;
    case "encoder-decoder": {
      const { encoder, decoder, vocabulary, sourceVocabulary = vocabulary } = spec;
      return `encoder: ${stack(encoder)} ${sourceVocabulary}\ndecoder: ${stack(decoder)} ${vocabulary}`;
    }
    case "image-encoder":
      return `${kind}: ${plural(spec.layers, "layer")}, width ${width}, images ${spec.image.join(" × ")} in patches ${spec.patch.join(" × ")}`;
    case "rnn-encoder-decoder":
    case "rnn-search":
      return `${kind}: width ${width}, states of ${spec.hidden}, vocabularies ${spec.sourceVocabulary} and ${spec.vocabulary}`;
  }
}

function introduction({ model, path, tokenizer, training, pretrained }: Inspected): string {
  const lines = [sizesOf(model.spec)];
  if (path !== undefined) lines.unshift(path);
  if (tokenizer !== undefined)
    lines.push(`${tokenizerName(tokenizer)} tokenizer with ${plural(tokenizer.size, "token")}`);
  if (pretrained !== undefined) lines.push(`${pretrained.architecture} of the family ${pretrained.family}`);
  if (training !== undefined) {
    const { text, tokens, step, steps, heldOut } = training;
    const loss =
      heldOut === undefined
        ? ""
        : `; loss on held-out text ${lossText(heldOut.loss)} after step ${count(heldOut.step)}`;
    lines.push(`trained ${count(step)} of ${count(steps)} steps on ${text} (${count(tokens)} tokens)${loss}`);
  }
  return lines.join("\n");
}
