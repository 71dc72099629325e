/** What decides what a run does. */
export const recordName = "run.json";
/** What it has shown so far. */
export const historyName = "history.json";
