import type { JSX } from "preact";

import { backendIds, backendTitles } from "../backends/backend-id.ts";
import { Choice } from "../interface/choice.tsx";
import { survey, surveyed } from "./backend-survey.ts";
import { movingTo, switchBackend, usedBackend } from "./session.ts";

/** What computes. What works in this browser is found out when somebody is about to choose. */
export function BackendChoice(): JSX.Element {
  const { id, name } = usedBackend.value;
  const moving = movingTo.value;
  const options = backendIds.map((each) => {
    const known = surveyed.value.get(each);
    return {
      value: each,
      title: backendTitles[each],
      impossible: known?.works === false ? `does not work here: ${known.reason}` : undefined,
    };
  });
  return (
    <div onFocusIn={survey} onPointerEnter={survey}>
      <Choice
        label="Computed by"
        value={moving ?? id}
        options={options}
        hint={moving === undefined ? name : `The model moves to ${backendTitles[moving]} …`}
        onChange={(chosen) => void switchBackend(chosen)}
      />
      {id === "wasm" && name.includes("1 thread") && !crossOriginIsolated && (
        <p class="small quiet">
          It has one thread, as this page was sent without the headers{" "}
          <code>Cross-Origin-Opener-Policy: same-origin</code> and{" "}
          <code>Cross-Origin-Embedder-Policy: require-corp</code>. With them it has one for each core: see “On a host of
          your own” in the playground's README.
        </p>
      )}
    </div>
  );
}
