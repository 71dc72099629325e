import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/**
 * For a heading: takes the focus when what had it is gone, the button that was pressed, say. Looked at whenever `situation` changes; where the focus is
 * somewhere, it stays there.
 */
export function useFocusBack(situation: string): RefObject<HTMLHeadingElement> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const at = document.activeElement;
    if (at === null || at === document.body) heading.current?.focus({ preventScroll: true });
  }, [situation]);
  return heading;
}
