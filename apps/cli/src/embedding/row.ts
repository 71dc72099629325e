/** What a text became. */
export interface Row {
  readonly text: string;
  readonly vector: Float32Array;
}

/** A file that rows are added to. What a run that was killed left half-written is cut off when it is opened to go on. */
export interface RowFile {
  /** How many whole rows were there when it was opened. */
  readonly rows: number;
  append(rows: readonly Row[]): Promise<void>;
  /** Makes sure that everything is on the disk, and lets the file go. */
  close(): Promise<void>;
}
