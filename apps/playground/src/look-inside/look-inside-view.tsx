import type { JSX } from "preact";

import type { ModelInfo } from "../engine/model-info.ts";
import { Tabs } from "../interface/tabs.tsx";
import { ModelBar } from "../model/model-bar.tsx";
import { openedModel } from "../model/session.ts";
import { AttentionView } from "./attention/attention-view.tsx";
import { AblateView } from "./change/ablate-view.tsx";
import { PatchView } from "./change/patch-view.tsx";
import { useAddress } from "./follow-address.ts";
import { LensView } from "./lens/lens-view.tsx";
import "./look-inside.css";
import { PositionsView } from "./positions/positions-view.tsx";
import type { Shown } from "./shown.ts";
import { choose, chosen, type View } from "./state.ts";
import { StreamView } from "./stream/stream-view.tsx";
import { TextCard } from "./text/text-card.tsx";
import { useShown } from "./use-shown.ts";
import { Waiting } from "./waiting.tsx";

const titles: { readonly [view in View]: string } = {
  attention: "Attention",
  stream: "Residual stream",
  lens: "Logit lens",
  ablate: "Ablate",
  patch: "Patch",
  positions: "Positions",
};

/** The place look-inside. */
export function LookInsideView(): JSX.Element {
  useAddress();
  const model = openedModel.value;
  return (
    <>
      <h1>Look inside</h1>
      <ModelBar first={{ kind: "shipped", name: "story-decoder" }} />
      {model === undefined ? <Waiting busy /> : <Looking model={model} />}
    </>
  );
}

function Looking({ model }: { readonly model: ModelInfo }): JSX.Element {
  const { texts, shown, wrong } = useShown(model);
  const { view } = chosen.value;
  return (
    <div class="stack">
      <TextCard model={model} texts={texts} wrong={wrong} shown={shown} />
      <section class="card look-inside" aria-label="What is inside">
        <Tabs
          label="What to look at"
          tabs={Object.entries(titles).map(([value, title]) => ({ value: value as View, title }))}
          selected={view}
          onSelect={(view) => choose({ view })}
        >
          {shown === undefined ? <Waiting busy={wrong === undefined} /> : <Panel view={view} shown={shown} />}
        </Tabs>
      </section>
    </div>
  );
}

function Panel({ view, shown }: { readonly view: View; readonly shown: Shown }): JSX.Element {
  switch (view) {
    case "attention":
      return <AttentionView shown={shown} />;
    case "stream":
      return <StreamView shown={shown} />;
    case "lens":
      return <LensView shown={shown} />;
    case "ablate":
      return <AblateView shown={shown} />;
    case "patch":
      return <PatchView shown={shown} />;
    case "positions":
      return <PositionsView shown={shown} />;
  }
}
