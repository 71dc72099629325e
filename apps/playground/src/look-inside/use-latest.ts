import { useEffect, useRef, useState } from "preact/hooks";

import { report } from "../problems/problem.ts";
import { LatestOnly } from "./latest-only.ts";

/** What was asked for, as far as it has come. */
export interface Asked<T> {
  /** The latest result; undefined before the first, and after a failure. */
  readonly value: T | undefined;
  /** Is a newer one under way? */
  readonly busy: boolean;
}

/**
 * Asks again whenever `key` changes, and not while it is undefined. A failure is reported under `title`. What comes late is dropped, failures too.
 */
export function useLatest<T>(title: string, key: string | undefined, ask: () => Promise<T>): Asked<T> {
  const latest = useRef<LatestOnly>();
  latest.current ??= new LatestOnly();
  const [found, setFound] = useState<{ readonly key: string; readonly value: T | undefined } | undefined>();
  useEffect(() => {
    if (key === undefined) {
      latest.current!.drop();
      return;
    }
    latest.current!.ask(
      async () => {
        try {
          return { value: await ask() };
        } catch (error) {
          return { value: undefined, error };
        }
      },
      (result) => {
        if ("error" in result) report(title, result.error);
        setFound({ key, value: result.value });
      },
    );
  }, [key]);
  useEffect(() => () => latest.current!.drop(), []);
  return { value: found?.value, busy: key !== undefined && found?.key !== key };
}
