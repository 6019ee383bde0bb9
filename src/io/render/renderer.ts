/** What every renderer is: it takes stamped events, and closes so that the terminal is as it was. */
import type { StampedEvent } from '../../core/event/build-event.ts';

export interface Renderer {
  show(stamped: StampedEvent): void;
  /** Leaves the cursor on a fresh line; idempotent. */
  close(): void;
}

/** Where a renderer writes, and what it may assume of it. */
export interface Screen {
  write(text: string): void;
  /** Columns; 80 where unknown. */
  readonly columns: number;
  readonly isTty: boolean;
  readonly color: boolean;
}
