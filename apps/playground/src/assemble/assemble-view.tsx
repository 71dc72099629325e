import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { Tabs } from "../interface/tabs.tsx";
import { followAddress } from "./address.ts";
import "./assemble.css";
import "./results.css";
import { JsonView, TypeScriptView } from "./code-view.tsx";
import { CostsView } from "./costs-view.tsx";
import { SpecForm } from "./form/spec-form.tsx";
import { PresetChoice } from "./preset-choice.tsx";
import { currentCheck, followSpec } from "./state.ts";
import { Summary } from "./summary.tsx";
import { Toolbar } from "./toolbar.tsx";
import { whyNotHere } from "./why-not-here.ts";
import { WiringView } from "./wiring-view.tsx";

const tabs = [
  { value: "wiring", title: "Wiring" },
  { value: "costs", title: "Costs" },
  { value: "typescript", title: "TypeScript" },
  { value: "json", title: "JSON" },
] as const;
type Tab = (typeof tabs)[number]["value"];

/** The place where a model is assembled. */
export function AssembleView(): JSX.Element {
  const [tab, setTab] = useState<Tab>("wiring");
  useEffect(() => {
    const stops = [followSpec(), followAddress()];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  const checked = currentCheck.value;
  const stale = checked !== undefined && checked.sound === undefined;
  const why = checked?.sound === undefined ? undefined : whyNotHere(checked.sound.spec, checked.sound.parameters);
  return (
    <>
      <div class="assemble-head">
        <h1>Assemble</h1>
        <PresetChoice />
        <Toolbar />
      </div>
      <Summary />
      {why !== undefined && <p class="note">{why}</p>}
      <div class="split assemble">
        <section class="card form-card" aria-label="Parts">
          <SpecForm />
        </section>
        <section class="card result-card" aria-label="What it comes to">
          {stale && <p class="note">Below is the last model that could be assembled.</p>}
          <Tabs label="What it comes to" tabs={tabs} selected={tab} onSelect={setTab}>
            {tab === "wiring" && <WiringView stale={stale} />}
            {tab === "costs" && <CostsView stale={stale} />}
            {tab === "typescript" && <TypeScriptView stale={stale} />}
            {tab === "json" && <JsonView />}
          </Tabs>
        </section>
      </div>
    </>
  );
}
