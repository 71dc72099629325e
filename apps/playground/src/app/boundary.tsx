import { Component, type ComponentChildren, type JSX } from "preact";

import { messageOf } from "../problems/message-of.ts";

interface Props {
  /** What stops when something in it goes wrong. */
  readonly title: string;
  readonly children: ComponentChildren;
}

/** Shows in words that a part of the page failed, in the place of that part; the others go on. */
export class Boundary extends Component<Props, { readonly failed: { readonly error: unknown } | undefined }> {
  override state = { failed: undefined };

  override componentDidCatch(error: unknown): void {
    this.setState({ failed: { error } });
  }

  override render(): ComponentChildren {
    const { failed } = this.state as { readonly failed: { readonly error: unknown } | undefined };
    if (failed === undefined) return this.props.children;
    return (
      <Stopped title={`${this.props.title} stopped`} error={failed.error}>
        <button type="button" class="button primary" onClick={() => this.setState({ failed: undefined })}>
          Begin again
        </button>
      </Stopped>
    );
  }
}

/** What stands in the place of what failed: what it was, why, and the ways on. */
export function Stopped({
  title,
  error,
  children,
}: {
  readonly title: string;
  readonly error: unknown;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <div class="card stopped" role="alert">
      <h1>{title}</h1>
      <p>{messageOf(error)}</p>
      <p>{children}</p>
    </div>
  );
}
