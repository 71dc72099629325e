// Remembers what ran, and says it.

export class Report {
  /** What ran: `{ group, what, with, seconds, problem }`. */
  rows = [];

  /** Runs a check, which throws when something is wrong and may give a note, and prints what became of it. */
  async check(group, what, body) {
    const began = performance.now();
    const row = { group, what, note: "", problem: undefined };
    try {
      row.note = (await body()) ?? "";
    } catch (error) {
      row.problem = error.message;
    }
    row.seconds = (performance.now() - began) / 1000;
    this.rows.push(row);
    console.log(line(row));
    return row.problem === undefined;
  }

  get problems() {
    return this.rows
      .filter(({ problem }) => problem !== undefined)
      .map(({ group, what, problem }) => `${group}, ${what}: ${problem}`);
  }
}

function line({ group, what, note, problem, seconds }) {
  const verdict = problem === undefined ? "right" : "WRONG";
  return `${group.padEnd(12)} ${what.padEnd(34)} ${verdict} ${seconds.toFixed(1).padStart(6)} s  ${note}`;
}
