import { describe, expect, test } from 'vitest';
import type { BuildEvent } from '../../../src/core/event/build-event.ts';
import { digestOf } from '../../../src/core/digest/digest.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import { countingWrites } from '../../../src/io/transport/counting-writes.ts';
import { reportDelivery } from '../../../src/io/transport/delivery-report.ts';

const kilobytes = 1024;
const item = (name: string, size: number) => ({
  mediaType: 'application/octet-stream',
  digest: digestOf(new TextEncoder().encode(name)),
  size,
});

describe('what is told of a delivery', () => {
  const [large, small] = [item('large', 1000 * kilobytes), item('small', 10)];
  const told = (use: (report: ReturnType<typeof reportDelivery>) => void): unknown[] => {
    const events: BuildEvent[] = [];
    use(reportDelivery({ destination: 'a', all: [large, small] }, (event) => events.push(event)));
    return events.map((event) => (event.type === 'delivery-progress' ? [event.item, event.done] : event));
  };

  test('are items as they arrive, and what is on its way in steps', () => {
    const events = told((report) => {
      for (let bytes = 64; bytes <= 1000; bytes += 64) report.sent(large, bytes * kilobytes);
      report.sent(small, 10);
      report.arrived(small);
      report.arrived(large);
    });
    expect(events).toEqual([
      [undefined, 256 * kilobytes],
      [undefined, 512 * kilobytes],
      [undefined, 768 * kilobytes],
      [small.digest, 960 * kilobytes + 10],
      [large.digest, 1000 * kilobytes + 10],
    ]);
  });

  test('is less than before where an upload begins again', () => {
    const events = told((report) => {
      report.sent(large, 600 * kilobytes);
      report.sent(large, 64);
    });
    expect(events).toEqual([
      [undefined, 600 * kilobytes],
      [undefined, 64],
    ]);
  });
});

describe('a store that counts what it is given', () => {
  test('counts what is written and put', async () => {
    let sum = 0;
    const blobs = countingWrites(createMemoryStore().blobs, (bytes) => (sum += bytes));
    await blobs.put(new Uint8Array(5));
    const writer = blobs.createWriter();
    writer.write(new Uint8Array(7));
    await writer.commit();
    writer.abort();
    expect(sum).toBe(12);
  });

  test('takes back what was given up', () => {
    const steps: number[] = [];
    const blobs = countingWrites(createMemoryStore().blobs, (bytes) => steps.push(bytes));
    const writer = blobs.createWriter();
    writer.write(new Uint8Array(7));
    writer.abort();
    writer.abort();
    expect(steps).toEqual([7, -7]);
  });
});
