/** The folder of the browser's storage in which runs lie, each in one of its own. */
export const runsFolder = "runs";
/** The browser's lock on a run, which whoever trains it has. */
export const lockOf = (run: string): string => `tenon-run-${run}`;
/** What a run's model is called in its folder. */
export const modelName = "model.safetensors";

/** The names of the runs in the browser's storage that have a model, the latest first; none where there is no such storage. */
export async function savedRuns(): Promise<readonly string[]> {
  try {
    const folder = (await runs()) as unknown as AsyncIterable<[string, FileSystemHandle]>;
    const found: { readonly name: string; readonly at: number }[] = [];
    for await (const [name, handle] of folder) {
      const file = await (handle as FileSystemDirectoryHandle).getFileHandle(modelName).catch(() => undefined);
      if (file !== undefined) found.push({ name, at: (await file.getFile()).lastModified });
    }
    return found.sort((a, b) => b.at - a.at).map(({ name }) => name);
  } catch {
    return [];
  }
}

/** The file of a run's model. Throws an `Error` where it is gone. */
export async function savedModel(run: string): Promise<File> {
  try {
    const folder = await (await runs()).getDirectoryHandle(run);
    return await (await folder.getFileHandle(modelName)).getFile();
  } catch (cause) {
    throw new Error(`${run} is no longer in this browser's storage: it was deleted, or the browser made room.`, {
      cause,
    });
  }
}

/** Deletes a run with all that it has saved. Throws an `Error` for one that is being trained, and where the browser does not let it go. */
export async function deleteRun(run: string): Promise<void> {
  const folder = await runs();
  await navigator.locks.request(lockOf(run), { ifAvailable: true }, async (lock) => {
    if (lock === null) throw new Error(`${run} is being trained, here or in another tab. Stop it there first.`);
    try {
      await folder.removeEntry(run, { recursive: true });
    } catch (cause) {
      throw new Error(`The browser does not let go of ${run}: it may be in use, in another tab too. Try it again.`, {
        cause,
      });
    }
  });
}

const runs = async (): Promise<FileSystemDirectoryHandle> =>
  (await navigator.storage.getDirectory()).getDirectoryHandle(runsFolder);
