// `npm run bench` runs them all; `npm run bench -- overhead` one of them.
import { describeMachine } from "./machine.ts";

const benchmarks: Record<string, () => Promise<void>> = {
  overhead: async () => (await import("./overhead.ts")).overhead(),
  kernels: async () => (await import("./kernels.ts")).kernels(),
  model: async () => (await import("./model.ts")).model(),
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0) {
  console.error(`There is no benchmark "${unknown[0]}". There are: ${Object.keys(benchmarks).join(", ")}.`);
  process.exit(1);
}
console.log(describeMachine());
for (const name of chosen.length > 0 ? chosen : Object.keys(benchmarks)) await benchmarks[name]!();
