/**
 * What the built command shows of one scripted build, on terminals of 120, 80 and 40 columns and without one: the first
 * build, which goes to a registry; one after a change; one with nothing to do; and one that fails. Golden, but for times and the port.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeProject, type Project } from '../rigs/project.ts';
import { type ServedRegistry, startServe } from '../rigs/served-registry.ts';
import { hasTerminal, runInTerminal } from '../rigs/terminal.ts';
import { createVirtualTerminal } from '../rigs/virtual-terminal.ts';
import { watchCommand } from '../rigs/watched-command.ts';

const recipe = `
image: registry.example/acme/api:1.4.0
layers:
  - copy: dist
    to: /app
  - name: settings
    file: /etc/api.conf
    content: "port=8080"
`;

/** A name that would clear the screen and turn the reading direction. */
const odd = 'dist/\u001b[2J\u202ename';

let registry: ServedRegistry;
let project: Project;
beforeEach(async () => {
  registry = await startServe();
  project = makeProject(recipe, { 'dist/server.js': 'serve()', [odd]: 'one\n' });
});
afterEach(async () => {
  await registry.stop();
  project.remove();
});

interface Scene {
  readonly name: string;
  readonly prepare?: () => void;
  readonly args: () => readonly string[];
  readonly status: number;
}

const push = (): readonly string[] => ['build', '-o', `${registry.host}/acme/api:1.4.0`];

const scenes: readonly Scene[] = [
  { name: 'first', args: push, status: 0 },
  {
    name: 'changed',
    prepare: () => {
      project.write(odd, 'two\n');
    },
    args: push,
    status: 0,
  },
  { name: 'same', args: () => ['build'], status: 0 },
  {
    name: 'failing',
    prepare: () => {
      project.write('oci.config.yaml', recipe.replace('content', 'contnet'));
    },
    args: () => ['build'],
    status: 2,
  },
];

async function play(name: string, show: (args: readonly string[]) => Promise<Shown>): Promise<void> {
  for (const { prepare, args, status: expected, name: scene } of scenes) {
    prepare?.();
    const { status, text } = await show([...args(), '--jobs', '1']);
    expect(status).toBe(expected);
    await expect(timeless(text)).toMatchFileSnapshot(`golden/looks-${scene}-${name}.txt`);
  }
}

interface Shown {
  readonly status: number | null;
  readonly text: string;
}

function timeless(text: string): string {
  return text
    .replaceAll(/<?\d+\.\d s( {2,})?/g, (_time, blanks?: string) => (blanks === undefined ? 'T s' : 'T s  '))
    .replaceAll(/\[ *\d+\.\d\ds\]/g, '[ T.TTs]')
    .replaceAll(/\(\d+\.\d\ds\)/g, '(T.TTs)')
    .replaceAll(/127\.0\.0\.1:\d{5}/g, '127.0.0.1:PORT0');
}

describe.skipIf(!hasTerminal)('on a terminal (needs script(1))', () => {
  test.each([120, 80, 40])('of %i columns', { timeout: 60_000 }, async (columns) => {
    await play(String(columns), async (args) => {
      const terminal = createVirtualTerminal({ columns });
      const { status, text } = await runInTerminal(args, { ...project.options, columns });
      terminal.write(text);
      return { status, text: `${terminal.shown().join('\n')}\n` };
    });
  });
});

test('without a terminal', { timeout: 60_000 }, async () => {
  await play('none', async (args) => {
    const { status, stdout, stderr } = await watchCommand(args, project.options);
    return { status, text: `${stderr}=== stdout\n${stdout}` };
  });
});
