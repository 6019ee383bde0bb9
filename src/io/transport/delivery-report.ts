/**
 * Says how much of an image has arrived at its destination or is on its way there, in bytes: each item as it arrives, and
 * between two of them now and then, so that one large layer is not silent.
 */
import type { Emit } from '../../core/event/build-event.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';

export interface DeliveryReport {
  /** So many bytes of an item are on their way; fewer than before where it had to begin again. */
  sent(item: Descriptor, bytes: number): void;
  arrived(item: Descriptor): void;
}

/** Bytes between two events about what is on its way. */
const tellEvery = 256 * 1024;

export function reportDelivery(
  { destination, all }: { readonly destination: string; readonly all: readonly Descriptor[] },
  emit: Emit,
): DeliveryReport {
  const total = sumOf(all.map(({ size }) => size));
  const moving = new Map<Descriptor, number>();
  let [arrived, told] = [0, 0];
  const tell = (item: { readonly item?: string }): void => {
    told = arrived + sumOf([...moving.values()]);
    emit({ type: 'delivery-progress', destination, ...item, done: told, total });
  };
  return {
    sent: (item, bytes) => {
      moving.set(item, bytes);
      if (Math.abs(arrived + sumOf([...moving.values()]) - told) >= tellEvery) tell({});
    },
    arrived: (item) => {
      moving.delete(item);
      arrived += item.size;
      tell({ item: item.digest });
    },
  };
}

function sumOf(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}
