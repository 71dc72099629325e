import { styleText } from "node:util";

import { Command } from "commander";

import { addBackendsCommand } from "./commands/backends.ts";
import { addClassifyCommand } from "./commands/classify.ts";
import { addDemoCommand } from "./commands/demo.ts";
import { addEmbedCommand } from "./commands/embed.ts";
import { addEvaluateCommand } from "./commands/evaluate.ts";
import { addFillCommand } from "./commands/fill.ts";
import { addGenerateCommand } from "./commands/generate.ts";
import { addInspectCommand } from "./commands/inspect.ts";
import { addTrainCommand } from "./commands/train.ts";
import { addTranslateCommand } from "./commands/translate.ts";
import { addVectorsCommand } from "./commands/vectors.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Session } from "./session.ts";
import { version } from "./version.ts";

const description =
  "Trains, runs and inspects transformers that are assembled from Tenon's packages: GPT-like decoders, which continue a text, BERT-like encoders, which fill in " +
  "masked words, embed and classify, and encoder–decoders, which translate. Everything runs on this machine; only a model that is named as owner/name is downloaded, once.";

const codes = `${styleText("bold", "Exit codes:")}
  ${exitCodes.done}    done
  ${exitCodes.problem}    it could not be done: bad input or a bad value; nothing was overwritten
  ${exitCodes.usage}    the command line was not understood
  ${exitCodes.bug}   a mistake in Tenon: please report it
  ${exitCodes.interrupted}  interrupted by Ctrl-C or another signal`;

/** The whole command line. `parseAsync` runs a command, and throws what the command throws. */
export function tenonProgram(session: Session): Command {
  const program = new Command("tenon")
    .description(description)
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [command]", "show the help of a command")
    .configureHelp({ styleTitle: (title) => styleText("bold", title) })
    .configureOutput({
      outputError: (text, write) =>
        write(text.replace(/^error:/, styleText("red", "error:", { stream: process.stderr }))),
    })
    .exitOverride();
  const commands = [
    addTrainCommand,
    addGenerateCommand,
    addFillCommand,
    addEmbedCommand,
    addClassifyCommand,
    addTranslateCommand,
    addEvaluateCommand,
    addVectorsCommand,
    addInspectCommand,
    addBackendsCommand,
    addDemoCommand,
  ];
  for (const add of commands) {
    const command = add(program, session);
    command.showHelpAfterError(`See \`${session.command} ${command.name()} --help\`.`);
  }
  program.addHelpText("after", `\n${codes}\n\nEach command has its own help: ${session.command} train --help`);
  program.showHelpAfterError(`See \`${session.command} --help\`.`);
  return program;
}
