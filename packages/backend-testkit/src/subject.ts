import type { Backend } from "@tenon/tensor";

import { standardTolerances, type BackendUnderTest, type Outcome, type Tolerances } from "./backend-test.ts";

/** The backend under test, made once, and what is asked of it. */
export class Subject {
  readonly tolerances: Tolerances;
  readonly #create: () => Backend | Promise<Backend>;
  #made: Promise<Backend> | undefined;
  /** Has a check failed? What it left behind may be freed at any time from then on. */
  failed = false;

  constructor({ create, tolerances }: BackendUnderTest) {
    this.#create = create;
    this.tolerances = { ...standardTolerances, ...tolerances };
  }
  backend(): Promise<Backend> {
    this.#made ??= Promise.resolve(this.#create());
    return this.#made;
  }
}

/** A check that may use a backend as it likes, but must leave nothing on it. */
export type Check = (on: Backend, tolerances: Tolerances) => Promise<Outcome | void> | Outcome | void;

/** Runs a check and then asks whether everything that it made was freed: a leak in any kernel or path shows here. */
export async function runCheck(subject: Subject, check: Check): Promise<Outcome> {
  const on = await subject.backend();
  const before = on.memory();
  try {
    const outcome = (await check(on, subject.tolerances)) ?? {};
    expectFreed(before, on.memory(), subject.failed);
    return outcome;
  } catch (error) {
    subject.failed = true;
    throw error;
  }
}

type Memory = ReturnType<Backend["memory"]>;
function expectFreed(before: Memory, after: Memory, mayShrink: boolean): void {
  const [tensors, bytes] = [after.tensors - before.tensors, after.bytes - before.bytes];
  if (tensors === 0 && bytes === 0) return;
  if (mayShrink && tensors <= 0 && bytes <= 0) return;
  throw new Error(
    tensors < 0 || bytes < 0
      ? `memory: ${-tensors} tensors and ${-bytes} bytes fewer than before the check are counted, which freed only what it made`
      : `memory: ${tensors} tensors and ${bytes} bytes are left over; everything that the check made was disposed`,
  );
}
