import type { FunctionComponent } from "preact";
import { memo } from "preact/compat";
import { useState } from "preact/hooks";

import { LineChart } from "../interface/line-chart.tsx";
import { count } from "../interface/numbers.ts";
import { Tabs } from "../interface/tabs.tsx";
import type { CurveData } from "../trainer/curve.ts";
import { aligned } from "./aligned.ts";

type Shown = "loss" | "gradientNorm" | "rate";

/** The losses of a run, the norms of its gradients, or its rates. */
export const LossCharts: FunctionComponent<{ readonly curve: CurveData }> = memo(({ curve }) => {
  const [shown, show] = useState<Shown>("loss");
  const { steps, loss, heldOut, heldOutSteps, each } = curve;
  return (
    <Tabs
      label="What is drawn"
      tabs={[
        { value: "loss", title: "Loss" },
        { value: "gradientNorm", title: "Gradients’ norm" },
        { value: "rate", title: "Learning rate" },
      ]}
      selected={shown}
      onSelect={show}
    >
      {shown === "loss" ? (
        <LineChart
          title="Loss by step"
          across="step"
          {...aligned(steps, loss, heldOutSteps, heldOut)}
          summary={lossSummary(curve)}
        />
      ) : (
        <LineChart
          title={shown === "rate" ? "Learning rate by step" : "Norm of the gradients by step"}
          across="step"
          x={steps}
          series={[{ title: shown === "rate" ? "learning rate" : "gradients’ norm", values: curve[shown] }]}
          summary={`From ${curve[shown][0] ?? "nothing yet"} to ${curve[shown].at(-1) ?? "nothing yet"}.`}
        />
      )}
      {each > 1 && <p class="small quiet">Each point of the line is the mean of {count(each)} steps.</p>}
    </Tabs>
  );
});

function lossSummary({ steps, loss, heldOut, heldOutSteps }: CurveData): string {
  if (loss.length === 0) return "There is no loss yet.";
  const held =
    heldOut.length === 0
      ? ""
      : ` On held-out text: ${heldOutSteps
          .map((step, i) => `${heldOut[i]!.toFixed(3)} at step ${step}`)
          .slice(-5)
          .join(", ")}.`;
  return `The loss went from ${loss[0]!.toFixed(3)} to ${loss.at(-1)!.toFixed(3)} in ${steps.at(-1)} steps.${held}`;
}
