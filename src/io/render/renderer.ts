/** What every renderer is: it takes stamped events, and closes so that the terminal is as it was. */
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import type { StampedEvent } from '../../core/event/build-event.ts';

export interface Renderer {
  show(stamped: StampedEvent): void;
  /** Time has passed without an event; of those that redraw. */
  refresh?(at: number): void;
  /** Leaves the cursor on a fresh line; idempotent. */
  close(): void;
}

/** Where a renderer writes, and what it may assume of it. */
export interface Screen {
  write(text: string): void;
  /** Columns; 80 where unknown. */
  readonly columns: number;
  /** 24 where unknown. */
  readonly rows: number;
  readonly isTty: boolean;
  readonly color: boolean;
  /** `verbose` adds each blob that moves, and on a terminal each action. */
  readonly detail: 'normal' | 'verbose';
}

/** A diagnostic as people read it, with the line it points to; no newline at its end. */
export type DiagnosticText = (diagnostic: Diagnostic) => string;
