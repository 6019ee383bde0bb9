import { describe, expect, test } from 'vitest';
import { diagnosticOf, Failure } from '../../src/core/diagnostic/failure.ts';
import { destinationOf } from '../../src/cli/destination.ts';

function helpOf(written: string): string {
  try {
    destinationOf(written, '-o');
  } catch (error) {
    if (error instanceof Failure) return `${error.message} — ${diagnosticOf(error).help ?? ''}`;
    throw error;
  }
  return 'taken';
}

describe('a destination', () => {
  test.each([
    'oci:out',
    'oci:out:1.0',
    'oci-archive:a.tar',
    'docker-archive:a.tar:app:1',
    'bundle:b',
    'rootfs:r',
    'ghcr.io/acme/api:1',
    'docker://ghcr.io/acme/api',
    'docker.io/library/node:22',
    'acme/api',
  ])('%s is taken', (written) => {
    expect(helpOf(written)).toBe('taken');
  });

  test('that names no registry is taken for a slip, not for an image of Docker Hub', () => {
    expect(helpOf('oic:out')).toBe(
      '-o: `oic:out` is no destination: it names no registry — did you mean `oci:out`?',
    );
    expect(helpOf('docker-archve:out/a.tar')).toContain('did you mean `docker-archive:out/a.tar`?');
    expect(helpOf('app')).toContain('write oci:DIR');
  });

  test('has no substitution, which the recipe’s outputs can have', () => {
    expect(helpOf('oci:out/${{ image.name }}')).toBe(
      '-o: `oci:out/${{ image.name }}` has a substitution, which only a recipe’s texts can have — ' +
        'write it as one of the recipe’s `outputs`, or name the place itself',
    );
  });

  test('cannot be the store', () => {
    expect(helpOf(`store:sha256:${'0'.repeat(64)}`)).toContain('the store is written by builds alone');
  });

  test('is escaped where it is shown', () => {
    expect(helpOf('\u001b[31mx')).not.toContain('\u001b');
  });
});
