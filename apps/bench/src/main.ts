// `npm run bench` runs all that need nothing but Tenon; `npm run bench -- overhead` one of them, `npm run bench -- peers` the comparison,
// `npm run bench -- gpujs` the one with gpu.js used naively, `npm run bench -- vectors` the training of word vectors.
import { Argument, Command } from "commander";

import { addGpujsCommand } from "./gpujs/command.ts";
import { describeMachine } from "./machine.ts";
import { addPeersCommand } from "./peers/command.ts";
import { InstallFailed } from "./peers/install.ts";
import { addVectorsCommand } from "./vectors/command.ts";

const benchmarks: Record<string, () => Promise<void>> = {
  overhead: async () => (await import("./overhead.ts")).overhead(),
  kernels: async () => (await import("./kernels.ts")).kernels(),
  model: async () => (await import("./model.ts")).model(),
  taps: async () => (await import("./taps.ts")).taps(),
  decoding: async () => (await import("./decoding.ts")).decoding(),
  training: async () => (await import("./training.ts")).training(),
  loading: async () => (await import("./loading.ts")).loading(),
  "long-attention": async () => (await import("./long-attention.ts")).longAttention(),
};

const program = new Command("npm run bench --")
  .description("Measures what Tenon's layers cost, and how fast Tenon is beside other libraries.")
  .addArgument(
    new Argument("[benchmarks...]", "of Tenon alone").choices(Object.keys(benchmarks)).default([], "all of them"),
  )
  .action(async (chosen: readonly string[]) => {
    console.log(describeMachine());
    for (const name of chosen.length > 0 ? chosen : Object.keys(benchmarks)) await benchmarks[name]!();
  });
addPeersCommand(program);
addGpujsCommand(program);
addVectorsCommand(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof InstallFailed)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
