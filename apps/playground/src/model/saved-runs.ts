/** The folder of the browser's storage in which runs lie, each in one of its own. */
export const runsFolder = "runs";
/** What a run's model is called in its folder. */
export const modelName = "model.safetensors";

/** The names of the runs in the browser's storage that have a model, the latest first; none where there is no such storage. */
export async function savedRuns(): Promise<readonly string[]> {
  try {
    const root = await navigator.storage.getDirectory();
    const folder = (await root.getDirectoryHandle(runsFolder)) as unknown as AsyncIterable<[string, FileSystemHandle]>;
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
