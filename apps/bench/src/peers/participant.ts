import { fork, type ChildProcess } from "node:child_process";

import type { Answer, Order, Ready, Task } from "./protocol.ts";

/** What a side threw, or how it ended. */
class SideFailed extends Error {
  override readonly name = "SideFailed";
}
/** A side is not to be had on this machine, and need not be. */
export class SideAbsent extends Error {
  override readonly name = "SideAbsent";
}

/** A side in its own process. */
export class Participant {
  readonly #child: ChildProcess;
  /** The last of what it and its libraries wrote: what there is to tell when it dies. */
  #said = "";

  constructor(task: Task) {
    this.#child = fork(new URL("child.ts", import.meta.url), [JSON.stringify(task)], {
      execArgv: ["--conditions=@tenon/source", "--disable-warning=ExperimentalWarning", "--expose-gc"],
      serialization: "advanced",
      // Libraries greet on stdout, which is for results.
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    for (const stream of [this.#child.stdout!, this.#child.stderr!])
      stream.setEncoding("utf8").on("data", (text: string) => (this.#said = (this.#said + text).slice(-2000)));
  }

  /** When it is warm: what it computed. */
  async ready(): Promise<Ready> {
    return this.#expect("ready");
  }

  /** The milliseconds of each call of one turn. */
  async turn(order: Order): Promise<readonly number[]> {
    const answer = this.#expect("samples");
    this.#child.send(order);
    return (await answer).samples;
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    if (this.#child.connected) this.#child.disconnect();
    // Threads of a library may keep a process that was told to end.
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 2000);
    await ended;
    clearTimeout(timer);
  }

  #expect<K extends Answer["kind"]>(kind: K): Promise<Extract<Answer, { kind: K }>> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        this.#child.off("message", onMessage).off("exit", onExit);
      };
      const onMessage = (answer: Answer): void => {
        done();
        if (answer.kind === kind) resolve(answer as Extract<Answer, { kind: K }>);
        else if (answer.kind === "absent") reject(new SideAbsent(answer.message));
        else reject(new SideFailed(answer.kind === "failed" ? answer.message : `unexpected answer: ${answer.kind}`));
      };
      const onExit = (code: number | null, signal: string | null): void => {
        done();
        const how = signal === null ? `exit code ${code}` : signal;
        reject(new SideFailed(`its process ended (${how})${this.#said === "" ? "" : `: ${this.#said.trim()}`}`));
      };
      this.#child.on("message", onMessage).once("exit", onExit);
    });
  }
}
