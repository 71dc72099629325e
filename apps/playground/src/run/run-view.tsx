import type { JSX } from "preact";
import { useEffect } from "preact/hooks";

import { amend, route } from "../app/route.ts";
import { Tabs } from "../interface/tabs.tsx";
import { ModelBar } from "../model/model-bar.tsx";
import { openedModel } from "../model/session.ts";
import { type Abilities, abilitiesOf } from "./abilities.ts";
import { Cannot } from "./cannot.tsx";
import { ComparePanel } from "./compare/compare-panel.tsx";
import { forgetComparison } from "./compare/compare-state.ts";
import { FillPanel } from "./fill/fill-panel.tsx";
import { SimilarityPanel } from "./similarity/similarity-panel.tsx";
import { WritePanel } from "./write/write-panel.tsx";
import { forget, suit } from "./write/write-state.ts";
import "./run.css";

const tasks = ["write", "fill", "similarity", "compare"] as const;
type Task = (typeof tasks)[number];

const titles: { readonly [task in Task]: string } = {
  write: "Write",
  fill: "Fill in words",
  similarity: "Compare sentences",
  compare: "Compare backends",
};

let shownModel: unknown;

/** The place where the open model is used. */
export function RunView(): JSX.Element {
  const model = openedModel.value;
  useEffect(() => {
    if (model === shownModel) return;
    shownModel = model;
    forget();
    forgetComparison();
    if (model !== undefined) suit(model);
  }, [model]);
  const abilities = model && abilitiesOf(model);
  const task = taskOf(route.value.parameters.get("task"), abilities);
  return (
    <div class="run">
      <h1>Run</h1>
      <ModelBar first={{ kind: "shipped", name: "story-decoder" }} />
      {abilities !== undefined && (
        <Tabs
          label="What to do with the model"
          tabs={tasks.map((value) => ({ value, title: titles[value] }))}
          selected={task}
          onSelect={(task) => amend({ task })}
        >
          <Panel task={task} abilities={abilities} />
        </Tabs>
      )}
    </div>
  );
}

/** What is asked for, or what the model is made for. */
function taskOf(asked: string | null, abilities: Abilities | undefined): Task {
  const found = tasks.find((task) => task === asked);
  if (found !== undefined) return found;
  if (abilities === undefined || abilities.continues || abilities.translates) return "write";
  return abilities.fills ? "fill" : abilities.embeds ? "similarity" : "write";
}

function Panel({ task, abilities }: { readonly task: Task; readonly abilities: Abilities }): JSX.Element {
  const writes = abilities.continues || abilities.translates;
  switch (task) {
    case "write":
      return writes ? <WritePanel /> : <Cannot what="It writes nothing" remedy="story-decoder" />;
    case "fill":
      return abilities.fills ? <FillPanel /> : <Cannot what="It fills in no words" remedy="story-encoder" />;
    case "similarity":
      return abilities.embeds ? (
        <SimilarityPanel />
      ) : (
        <Cannot what="It gives no vectors of sentences" remedy="story-encoder" />
      );
    case "compare":
      return writes ? (
        <ComparePanel />
      ) : (
        <Cannot what="Backends are compared by what a model writes, and it writes nothing" remedy="story-decoder" />
      );
  }
}
