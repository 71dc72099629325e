import type { JSX } from "preact";

import { bytes, roughly } from "../interface/numbers.ts";
import { answer, largeFiles } from "./choose-files.ts";

/** Asks how the weights of a large model are to be kept. */
export function LargeModel(): JSX.Element | null {
  const asked = largeFiles.value;
  if (asked === undefined) return null;
  const { parameters, asF32, asHalves, most } = asked.size;
  return (
    <div class="about stack" role="group" aria-label="How its weights are kept">
      <p>
        This model has {roughly(parameters)} parameters. 16-bit weights take {bytes(asHalves)}, 32-bit weights{" "}
        {bytes(asF32)}
        {asF32 > most && `, more than the ${bytes(most)} that a page has room for`}. It computes with 32 bits in either
        case; weights that are stored as bf16 lose nothing as bf16.
      </p>
      <div class="row">
        <button type="button" class="button primary" onClick={() => void answer("bf16")}>
          Open it as bf16
        </button>
        <button type="button" class="button" onClick={() => void answer("f16")}>
          As f16
        </button>
        <button type="button" class="button" disabled={asF32 > most} onClick={() => void answer("f32")}>
          With 32 bits
        </button>
        <button type="button" class="button" onClick={() => void answer(undefined)}>
          Leave it
        </button>
      </div>
    </div>
  );
}
