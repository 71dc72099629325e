// PyTorch, where Python has it: a process of its own, which times itself.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

import { peersFolder } from "../peer-packages.ts";
import { NotHere, type Prepare } from "./prepared.ts";

interface PythonAnswer {
  readonly version?: string;
  readonly samples?: number[];
  readonly output?: string;
}

export const prepare: Prepare = async (workload, { threads }) => {
  // Several words, for a Python that is reached through another program.
  const [command, ...words] = (process.env["TENON_BENCH_PYTHON"] ?? "python3").split(" ") as [string, ...string[]];
  const script = readFileSync(new URL("pytorch.py", peersFolder), "utf8");
  const task = JSON.stringify({ workload, threads });
  const python = spawn(command, [...words, "-c", script, task], { stdio: ["pipe", "pipe", "pipe"] });
  process.once("exit", () => python.kill());
  let complaint = "";
  python.stderr.setEncoding("utf8").on("data", (text: string) => (complaint = (complaint + text).slice(-1000)));
  const ended = new Promise<never>((_, reject) => {
    python.on("error", (error) => reject(new NotHere(`\`${command}\` could not be run: ${error.message}`)));
    python.on("close", () =>
      reject(
        /ModuleNotFoundError/.test(complaint)
          ? new NotHere(`Python has no ${/No module named '(\w+)/.exec(complaint)?.[1] ?? "PyTorch"}`)
          : new Error(`Python ended: ${complaint.trim()}`),
      ),
    );
  });
  // Whoever waits at that moment sees it.
  ended.catch(() => undefined);
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<PythonAnswer> => {
    for (;;) {
      const { value } = await Promise.race<IteratorResult<string, undefined>>([lines.next(), ended]);
      // The output has ended, so the process has, or is about to.
      if (value === undefined) return ended;
      // Its libraries write there, too.
      if (value.startsWith("{")) return JSON.parse(value) as PythonAnswer;
    }
  };
  const ask = (order: object): Promise<PythonAnswer> => {
    python.stdin.write(`${JSON.stringify(order)}\n`);
    return answer();
  };
  const { version } = await answer();
  return {
    versions: { torch: version! },
    call: () => undefined,
    turn: async (milliseconds, calls) => (await ask({ kind: "turn", milliseconds, calls })).samples!,
    output: async () => {
      const { output } = await ask({ kind: "output" });
      return new Float32Array(Uint8Array.from(Buffer.from(output!, "base64")).buffer);
    },
  };
};
