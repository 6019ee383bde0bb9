/** `verify REF`: the image that is named, held against its own promises, with progress for whoever waits. */
import { escapeText } from '../core/diagnostic/escape-text.ts';
import { DiagnosticsError } from '../core/diagnostic/failure.ts';
import { formatBytes, formatCount } from '../io/render/quantity.ts';
import { type Verdict, verifyImage } from '../io/verify/verify-image.ts';
import type { ImagePart } from './located-image.ts';
import type { Session } from './session.ts';

/** A verdict without anything wrong. */
export type Sound = Omit<Verdict, 'problems'>;

/** Throws DiagnosticsError with everything that is wrong. */
export async function verifySound({ source, root }: ImagePart, session: Session): Promise<Sound> {
  const { emit, signal } = session;
  const [label, kind, reason] = [source.pinned, 'verify', 'reading'];
  emit({ type: 'action-started', label, kind, reason });
  let done = 0;
  const onRead = (bytes: number): void => {
    done += bytes;
    emit({ type: 'action-progress', label, done });
  };
  const verdict = await verifyImage(source, root, { signal, onRead });
  const [first, ...rest] = verdict.problems;
  if (first !== undefined) {
    emit({ type: 'action-failed', label, kind });
    throw new DiagnosticsError([first, ...rest]);
  }
  emit({
    type: 'action-finished',
    label,
    kind,
    outcome: 'built',
    digest: root.digest,
    size: verdict.bytes,
    reason,
  });
  const { problems: _, ...sound } = verdict;
  return sound;
}

/** What was looked at and found right, line by line. */
export function soundLines(
  { reference, digest }: { readonly reference: string; readonly digest: string },
  sound: Sound,
): string[] {
  const { indexes, manifests, configs, layers, otherBlobs, bytes, left } = sound;
  const counts = [
    ...counted(indexes, 'index', 'indexes'),
    ...counted(manifests, 'manifest'),
    ...counted(configs, 'config'),
    ...counted(layers, 'layer'),
    ...counted(otherBlobs, 'other blob'),
  ];
  return [
    `sound    ${escapeText(reference)}  ${digest}`,
    `checked  ${counts.join(', ')}, ${formatBytes(bytes)}: digests, sizes, diffIDs, documents, history, every tar entry`,
    ...(left.length === 0
      ? []
      : [`left     ${formatCount(left.length, 'layer')} that may not be distributed`]),
  ];
}

function counted(count: number, one: string, several = `${one}s`): string[] {
  return count === 0 ? [] : [`${String(count)} ${count === 1 ? one : several}`];
}
