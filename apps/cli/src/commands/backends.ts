import type { Command } from "commander";

import { survey, surveyable, type Surveyed } from "../backends/survey.ts";
import { addExamples } from "../help.ts";
import { threeDigits } from "../output/numbers.ts";
import { table } from "../output/table.ts";
import type { Session } from "../session.ts";

const description =
  "Shows what can compute on this machine: each backend that --backend takes, whether it works here and if not, why, and how fast it " +
  "multiplies two matrices of 32-bit floats. It takes a few seconds, one backend after the other.";

/** Adds `tenon backends`. */
export function addBackendsCommand(program: Command, session: Session): Command {
  const command = program
    .command("backends")
    .summary("show what can compute on this machine, and how fast")
    .description(description);
  command.option("--json", "one JSON object");
  addExamples(command, session.command, [
    { does: "what works here", line: "backends" },
    { does: "for another program", line: "backends --json" },
    { does: "then compute with one of them", line: "generate --backend gpujs:webasm" },
  ]);
  return command.action(async (flags: { readonly json?: true }) => showBackends(flags.json === true, session));
}

async function showBackends(json: boolean, session: Session): Promise<void> {
  const { stdout, stderr } = session;
  const rows: Surveyed[] = [];
  for (const backend of surveyable) {
    // A line that goes again, where someone waits.
    if (stderr.isTerminal) await stderr.write(`\r\u001B[KMeasuring ${backend} …`);
    rows.push(await survey(backend));
  }
  if (stderr.isTerminal) await stderr.write("\r\u001B[K");
  if (json) await stdout.json({ operations: "2·m·n·k", dtype: "f32", backends: rows });
  else await stdout.line(forPeople(rows, session));
}

function forPeople(rows: readonly Surveyed[], { stdout, command }: Session): string {
  const bold = (text: string): string => stdout.style("bold", text);
  const columns = [
    { title: bold("backend") },
    { title: bold("works") },
    { title: bold("threads"), align: "right" },
    { title: bold("GFLOP/s"), align: "right" },
    { title: bold("size"), align: "right" },
    { title: bold("in its own words") },
  ] as const;
  const cells = rows.map((row) => {
    if (!row.works) return [row.backend, stdout.style("red", "no"), "", "", "", inShort(row.reason)];
    const { backend, threads, product, name } = row;
    const { size, gflopPerSecond } = product;
    return [
      backend,
      stdout.style("green", "yes"),
      threads === undefined ? "" : String(threads),
      threeDigits(gflopPerSecond),
      String(size),
      name,
    ];
  });
  return `${table(columns, cells)}

GFLOP/s counts 2·m·n·k operations for the product of two f32 matrices, m × k and k × n, where m, n and k are the size shown,
which is smaller for a slow backend: the fastest within 0.3 s, after some to warm up. Choose a backend with --backend, as in
\`${command} generate --backend cpu\`: wasm is the default, and gpujs alone takes the first that works of webgpu and webgl2, if
there is a graphics device, webasm and cpu.`;
}

/** A reason without the name of the backend, which stands beside it, and without what only a search for a mistake needs. */
const inShort = (reason: string): string =>
  reason
    .replace(/^gpujs(?: \([^)]*\))?: /, "")
    .replace(/^this mode does not work here: /, "")
    .replace(/ \(Cannot find package [^)]*\)/, "");
