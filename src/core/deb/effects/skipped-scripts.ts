/** Whether the steps that were done stand for all that a package's scripts would do at its first installation. */
import { readInstall } from './alternatives.ts';
import type { EffectName, ScriptedPackage } from './effect.ts';
import { commandsOf, literalCalls } from './shell-calls.ts';

/** Packages whose scripts one effect stands for as a whole. */
const wholly: Readonly<Record<string, EffectName>> = {
  'ca-certificates': 'ca-certificates',
  'base-passwd': 'sysusers',
};

/** Scripts that run while a package is installed; prerm and postrm never would in an image, and config only asks. */
const installing = ['preinst', 'postinst'];

export function isDoneBy({ name, scripts }: ScriptedPackage, effects: readonly EffectName[]): boolean {
  const whole = Object.hasOwn(wholly, name) ? wholly[name] : undefined;
  if (whole !== undefined && effects.includes(whole)) return true;
  return installing.every((script) =>
    commandsOf(scripts[script] ?? '').every((line) => isCovered(line, effects)),
  );
}

/** Lines of a shell that do nothing themselves. */
const idle =
  /^(?:set -e|exit 0|fi|esac|else|then|;;|:|true|if \[.*\]; then|case "?\$1"? in|[a-z|-]+\)|\.? ?\/usr\/share\/debconf\/confmodule|db_stop)$/;

function isCovered(line: string, effects: readonly EffectName[]): boolean {
  if (idle.test(line)) return true;
  if (/^ldconfig$/.test(line)) return effects.includes('ldconfig');
  if (/^systemd-sysusers /.test(line)) return effects.includes('sysusers');
  return (
    effects.includes('alternatives') &&
    literalCalls(line, 'update-alternatives').some((words) => readInstall(words))
  );
}
