import type { JSX } from "preact";

import { capitalised } from "../interface/capitalised.ts";
import { bytes, count, roughly } from "../interface/numbers.ts";
import { goToPlace } from "./form/opened.ts";
import { currentCheck, currentCost } from "./state.ts";
import { labelOf } from "./words.ts";

/** What the model comes to, in a line, or why it cannot be assembled. */
export function Summary(): JSX.Element {
  const checked = currentCheck.value;
  return (
    <div class="summary" role="status">
      {checked !== undefined && checked.sound === undefined ? <Problems /> : <Facts />}
    </div>
  );
}

function Facts(): JSX.Element {
  const cost = currentCost.value;
  if (cost === undefined) return <p class="quiet">Counting …</p>;
  const { parameters, forward, token, sizes, readsText } = cost;
  const { batch, length } = sizes;
  const of = readsText ? `${batch} × ${count(length)} tokens` : batch === 1 ? "an image" : `${batch} images`;
  const each = token?.flops ?? forward.flops / (batch * (readsText ? length : 1));
  return (
    <dl class="facts">
      <Fact name="Parameters" value={roughly(parameters)} more={parameters >= 1e6 ? count(parameters) : undefined} />
      <Fact name="Weights" value={bytes(4 * parameters)} more={`${bytes(2 * parameters)} in 16 bits`} />
      <Fact
        name={token === undefined ? `FLOPs per ${readsText ? "token" : "image"}` : "FLOPs per new token"}
        value={roughly(each)}
        more={token && `cache ${bytes(token.cacheBytes)}`}
      />
      <Fact name="Memory of a pass" value={bytes(forward.peakBytes)} more={`over ${of}`} />
    </dl>
  );
}

function Fact({
  name,
  value,
  more,
}: {
  readonly name: string;
  readonly value: string;
  readonly more?: string | undefined;
}): JSX.Element {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>
        <span class="number">{value}</span> {more !== undefined && <span class="more-about number">{more}</span>}
      </dd>
    </div>
  );
}

function Problems(): JSX.Element {
  return (
    <div class="unsound">
      <strong>This cannot be assembled.</strong>
      <ul>
        {currentCheck.value!.problems.map(({ path, text }) => (
          <li key={`${path.join(".")} ${text}`}>
            {path.length > 0 && (
              <button type="button" class="link" onClick={() => goToPlace(path.join("."))}>
                {path.map(labelOf).join(", ")}
              </button>
            )}{" "}
            {capitalised(text)}
          </li>
        ))}
      </ul>
    </div>
  );
}
