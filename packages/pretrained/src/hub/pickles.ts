import { CheckpointError } from "@tenon/tensor";

/** What Python's pickle writes: reading one runs whatever code its author put in. */
const pickle = /\.(?:bin|pt|pth|pkl|pickle|ckpt)$/i;
const weights = /\.(?:safetensors(?:\.index\.json)?|gguf)$/i;
/** What a training leaves beside the weights. */
const leftover = /(?:^|\/)(?:training_args|optimizer|scheduler|scaler|rng_state\w*)\.\w+$/;

export function isPickle(path: string): boolean {
  return pickle.test(path);
}

/** The pickle that holds the weights, when weights are asked for and there are no others. */
export function onlyPickle(path: string, listed: Iterable<string>): string | undefined {
  if (!weights.test(path)) return undefined;
  const paths = [...listed];
  if (paths.some((each) => weights.test(each))) return undefined;
  return paths.find((each) => isPickle(each) && !leftover.test(each));
}

export function pickleRefused(path: string, repository: string): CheckpointError {
  return new CheckpointError(
    `${repository} has ${path}, a Python pickle, which can run any program and is never opened. Convert it: load it in Python and save_pretrained() it again, which writes safetensors, then name that folder; or choose a revision that has safetensors.`,
    { repository, got: path },
  );
}
