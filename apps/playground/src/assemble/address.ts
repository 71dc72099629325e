import { effect, signal } from "@preact/signals";
import type { Spec } from "@tenon/models";

import { route, routeText } from "../app/route.ts";
import { currentSpec } from "../model/current-spec.ts";
import { attempt } from "../problems/problem.ts";
import { rememberSpec } from "../spec/remembered-spec.ts";
import { decodeShared, encodeShared } from "../spec/share.ts";
import { architect } from "./architect.ts";
import { currentCheck } from "./state.ts";

/** How long an edit waits before it is in the address, in milliseconds: browsers allow only so many changes of it. */
const pause = 400;

/** The link's part that is in the address, or was: what this page has put there itself is no link to open. */
let known: string | undefined;
const reading = signal(false);

/** Opens the link that the address holds, and keeps the address up with the spec, until what it gives is called. */
export function followAddress(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stops = [
    effect(() => {
      const { place, parameters } = route.value;
      const shared = parameters.get("spec");
      if (place === "assemble" && shared !== null && shared !== known) void open(shared);
    }),
    effect(() => {
      if (currentCheck.value?.sound !== undefined) rememberSpec(currentSpec.spec.peek());
    }),
    effect(() => {
      const spec = currentSpec.spec.value;
      if (reading.value) return;
      clearTimeout(timer);
      timer = setTimeout(() => void write(spec), pause);
    }),
  ];
  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
  };
}

/** A link to this page with the spec in it. */
export async function linkTo(spec: Spec): Promise<string> {
  const { origin, pathname, search } = location;
  return `${origin}${pathname}${search}${routeText("assemble", { spec: await encodeShared(spec) })}`;
}

async function write(spec: Spec): Promise<void> {
  const shared = await encodeShared(spec);
  // Elsewhere the address belongs to others.
  if (route.value.place !== "assemble" || currentSpec.spec.value !== spec) return;
  known = shared;
  history.replaceState(history.state, "", routeText("assemble", { spec: shared }));
}

async function open(shared: string): Promise<void> {
  known = shared;
  reading.value = true;
  const spec = await attempt("The link could not be opened, and the model stays as it was", () =>
    soundSpec(() => decodeShared(shared)),
  );
  if (spec !== undefined) currentSpec.edit(spec);
  reading.value = false;
}

/** A spec from anywhere. Throws an `Error` in words where it cannot be assembled. */
export async function soundSpec(read: () => unknown): Promise<Spec> {
  const value = await read();
  const { problems } = await architect().checks.check(value);
  if (problems.length > 0)
    throw new Error(problems.map(({ path, text }) => `${["spec", ...path].join(".")}: ${text}`).join("\n"));
  return value as Spec;
}
