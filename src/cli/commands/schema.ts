/** `layerwright schema`: the JSON Schemas that the package ships. */
import { readFileSync } from 'node:fs';
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import { suggestion } from '../../core/diagnostic/suggest.ts';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { CommandError } from '../command-error.ts';
import type { Invocation } from '../command-spec.ts';
import { packageFile } from '../package-file.ts';
import type { CommonOptions } from '../options.ts';
import { useColor } from '../color.ts';
import { reportError } from '../report-error.ts';
import type { Surroundings } from '../surroundings.ts';

const schemas = ['recipe'];

export function runSchema(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const [name = 'recipe'] = invocation.operands;
  const options = invocation.options as unknown as CommonOptions;
  if (schemas.includes(name)) {
    surroundings.stdout.write(readFileSync(packageFile(`schema/${name}.schema.json`), 'utf8'));
    return Promise.resolve(exitCodes.done);
  }
  const { stderr, env } = surroundings;
  const help = suggestion(name, schemas);
  const error = new CommandError('command/bad-argument', `there is no schema \`${escapeText(name)}\``, {
    ...(help === undefined ? {} : { help }),
  });
  const color = useColor(options.color, { env, isTty: stderr.isTty });
  return Promise.resolve(
    reportError(error, { stderr, asJson: options.json === true, color, sourceOf: () => undefined }),
  );
}
