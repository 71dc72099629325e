import type { Command } from "commander";

import { showDemo } from "../demo/show-demo.ts";
import { addExamples } from "../help.ts";
import { loadDecoder, loadEncoder } from "../model/load-kind.ts";
import { shippedModel } from "../model/shipped.ts";
import { seed } from "../options/values.ts";
import { addBackendOption } from "../options/backend.ts";
import type { Session } from "../session.ts";

const description =
  "Shows Tenon at work in a few seconds: assembles the two models that come with it, says which packages their parts come from, continues " +
  "a story with the one and fills in words with the other, and says how to go on.";

/** Adds `tenon demo`. */
export function addDemoCommand(program: Command, session: Session): Command {
  const command = program.command("demo").summary("see Tenon at work in a few seconds").description(description);
  command.option("--seed <n>", "another seed, another story", seed("--seed"), 1);
  addBackendOption(command, session);
  addExamples(command, session.command, [
    { does: "what `npm start` runs", line: "demo" },
    { does: "with another story", line: "demo --seed 2" },
  ]);
  return command.action(async (flags: { readonly seed: number }) => {
    const decoder = await loadDecoder(shippedModel("story-decoder"), session);
    const encoder = await loadEncoder(shippedModel("story-encoder"), session, "fills in nothing");
    await showDemo(decoder, encoder, flags.seed, session);
  });
}
