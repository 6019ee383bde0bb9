/** Moves one image from where it stands to a destination, digests unchanged: what `copy`, `push` and `pull` share. */
import type { Diagnostic } from '../core/diagnostic/diagnostic.ts';
import { deliver } from '../deliver.ts';
import type { TransportReference } from '../core/recipe/transport-reference.ts';
import type { ReadableReference } from '../io/transport/open-image.ts';
import type { Receipt } from '../io/transport/transport.ts';
import { partOf } from './image-part.ts';
import { locatePart, withImage } from './located-image.ts';
import type { Session } from './session.ts';

export interface Move {
  readonly from: ReadableReference;
  readonly to: TransportReference;
  /** As `--platform` was written. */
  readonly platform: readonly string[] | undefined;
}

/** Errors: CommandError, and those of the transports. */
export async function moveImage(move: Move, session: Session): Promise<Receipt> {
  const { from, to } = move;
  const { folder, registries, emit, signal } = session;
  const onWarning = (warning: Diagnostic): void => {
    session.show(warning);
  };
  return withImage(from, session, async (source) => {
    const part = await partOf(source, move.platform, onWarning);
    // A registry has or mounts what it knows, and that need not come here.
    const bringing = to.transport === 'registry' ? 'on-demand' : 'whole';
    const { image, blobs } = await locatePart(part, session, bringing);
    const origins = from.transport === 'registry' ? [from] : [];
    return deliver(image, to, { folder, blobs, registries, emit, signal, origins, onWarning });
  });
}

/** `DESTINATION@DIGEST`, the line that says where an image now is. */
export function receiptLine({ destination, digest }: Receipt): string {
  return `${destination.replace(/@.*/, '')}@${digest}\n`;
}
