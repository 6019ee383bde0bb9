/** `layerwright schema`: the JSON Schemas that the package ships. */
import { readFileSync } from 'node:fs';
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import { suggestion } from '../../core/diagnostic/suggest.ts';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { CommandError } from '../command-error.ts';
import type { Invocation } from '../command-spec.ts';
import { packageFile } from '../package-file.ts';
import type { Surroundings } from '../surroundings.ts';

const schemas = ['recipe', 'lock', 'events'];

export function runSchema(invocation: Invocation, { stdout }: Surroundings): Promise<number> {
  const [name = 'recipe'] = invocation.operands;
  if (schemas.includes(name)) {
    stdout.write(readFileSync(packageFile(`schema/${name}.schema.json`), 'utf8'));
    return Promise.resolve(exitCodes.done);
  }
  const help = suggestion(name, schemas);
  throw new CommandError('command/bad-argument', `there is no schema \`${escapeText(name)}\``, {
    ...(help === undefined ? {} : { help }),
  });
}
