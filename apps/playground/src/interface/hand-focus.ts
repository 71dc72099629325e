/** Hands the focus on where what had it is about to go: to what there is afterwards. */
export function handFocus(to: () => HTMLElement | null): void {
  // Preact shows what has changed before the next picture.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      if (document.activeElement === document.body || document.activeElement === null) to()?.focus();
    }),
  );
}
