// The words that the threads share to divide a job, and how a thread takes its part.

type Word =
  | "job"
  | "joined"
  | "next"
  | "units"
  | "grain"
  | "kernel"
  | "codeFrom"
  | "codeTo"
  | "asleep"
  | "ownerAsleep"
  | "trapped"
  | "arrived";
/** Which word of the control array holds what. */
export const word: { readonly [name in Word]: number } = {
  /** Grows by one with each job; a thread without work waits for it to change. */
  job: 0,
  /** How many workers are at the job; {@link closed} when none may join. */
  joined: 1,
  /** The first unit that nobody has taken. */
  next: 2,
  /** How many units the job has. */
  units: 3,
  /** How many a thread takes at a time. */
  grain: 4,
  /** The number of the kernel. */
  kernel: 5,
  /** Where its module begins and ends in the shared code, for a worker that has not loaded it yet. */
  codeFrom: 6,
  codeTo: 7,
  /** How many workers sleep. */
  asleep: 8,
  /** 1 while the owner sleeps until the last worker has left. */
  ownerAsleep: 9,
  /** 1 once a kernel trapped on a worker. */
  trapped: 10,
  /** How many workers have begun to look for jobs. */
  arrived: 11,
};
export const words: number = 16;
export const closed: number = -1;
/** Room for the modules of all kernels, which workers load when they first need them. What is not used takes no memory. */
export const codeBytes: number = 1 << 22;

/** How long a thread looks before it sleeps, in ms: most jobs follow the last one sooner, and waking takes about as long. */
export const patience: number = 0.05;

/** A kernel as the module exports it: does units `from` to `to` of a job, with arguments at an address and room to work in at another. */
export type Run = (parameters: number, from: number, to: number, scratch: number) => void;

/** Takes units and computes them until none is left. */
export function takeUnits(control: Int32Array, run: Run, parameters: number, scratch: number): void {
  const units = control[word.units]!;
  const grain = control[word.grain]!;
  for (;;) {
    const from = Atomics.add(control, word.next, grain);
    if (from >= units) return;
    run(parameters, from, Math.min(from + grain, units), scratch);
  }
}
