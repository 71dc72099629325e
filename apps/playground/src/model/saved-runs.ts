/** The folder of the browser's storage in which runs lie, each in one of its own. */
export const runsFolder = "runs";
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

/** Deletes a run with all that it has saved. Throws an `Error` where the browser does not let it go. */
export async function deleteRun(run: string): Promise<void> {
  try {
    await (await runs()).removeEntry(run, { recursive: true });
  } catch (cause) {
    throw new Error(
      `The browser does not let go of ${run}: it may be in use, in another tab too. Stop it there first.`,
      {
        cause,
      },
    );
  }
}

const runs = async (): Promise<FileSystemDirectoryHandle> =>
  (await navigator.storage.getDirectory()).getDirectoryHandle(runsFolder);
