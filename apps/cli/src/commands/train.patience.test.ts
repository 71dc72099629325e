import { expect, test } from "vitest";

import { jsonLines, temporaryFolder, tenon, tiny } from "../../test/tenon.ts";

test.each([[""], ["--moving-average 0.5"]])(
  "a model that early stopping chose says its own step and loss %s",
  async (more) => {
    const folder = await temporaryFolder();
    // So high a rate that it gets worse soon.
    const how = `--stories 20 --steps 60 --rate 0.5 --schedule constant --evaluate-every 2 --patience 3 ${more}`.trim();
    const { code, stdout } = await tenon(["train", ...tiny, ...how.split(" "), "--json", "--out", "run"], folder);
    expect(code).toBe(0);
    const lines = jsonLines<{ event: string; step: number; heldOutLoss?: number }>(stdout);
    const heldOut = lines.flatMap(({ step, heldOutLoss: loss }) => (loss === undefined ? [] : [{ step, loss }]));
    const best = heldOut.find(({ loss }) => loss === Math.min(...heldOut.map((one) => one.loss)))!;
    expect(heldOut.at(-1)!.step).toBe(best.step + 6);
    const inspected = await tenon(["inspect", "--model", "run", "--json"], folder);
    expect(JSON.parse(inspected.stdout).training).toMatchObject({ step: best.step, heldOut: best });
  },
);
