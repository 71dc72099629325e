// A process that opens files of a model of the Hub, for the tests of what two processes do to one cache. It prints a line for each file: its size.
import { hub } from "../src/index.ts";

const [repository, ...paths] = process.argv.slice(2);
const files = hub(repository!, { onProgress: ({ loaded }) => process.stderr.write(`${loaded}\n`) });
for (const path of paths) {
  const file = await files.open(path);
  console.log(`${path} ${file?.size}`);
  await file?.close();
}
