/** What is seldom meant of an image's configuration. */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { escapeText, quoteText } from '../diagnostic/escape-text.ts';
import type { RecipePath } from '../diagnostic/source-text.ts';
import type { ContainerConfig } from '../oci/image-config.ts';
import { placeAt } from '../plan/planning.ts';
import { pointerOf } from '../recipe/pointer-of.ts';
import type { ImageRecipe, Recipe } from '../recipe/recipe.ts';
import { isSecretName, secretsIn } from './secret-texts.ts';

export interface JudgedImage {
  readonly image: ImageRecipe;
  /** The base's with the recipe's on top. */
  readonly config: ContainerConfig;
  /** Whether other images of the recipe stand on it: it need not start anything. */
  readonly isBase: boolean;
}

type Places = Pick<Recipe, 'source' | 'places'>;

export function imageDiagnostics({ image, config, isBase }: JudgedImage, recipe: Places): Diagnostic[] {
  const startsNothing = (config.Entrypoint ?? []).length === 0 && (config.Cmd ?? []).length === 0;
  const secrets = secretVariables(image, recipe);
  if (!startsNothing) return [...rootUser(image, config, recipe), ...secrets];
  return isBase ? secrets : [...noCommand(image, recipe), ...secrets];
}

function rootUser(image: ImageRecipe, { User = '' }: ContainerConfig, recipe: Places): Diagnostic[] {
  const [user = ''] = User.split(':');
  if (!['', '0', 'root'].includes(user)) return [];
  const key = ['user', 'cmd', 'entrypoint', 'from'].find((name) => image.origins[name] !== undefined);
  const message = `${quoteText(image.name)} starts its command as root`;
  const help = 'write `user`, as a number that needs no account: user: "10001:10001"';
  return [warning(recipe, pointerOf(image, key ?? 'user'), { code: 'lint/root-user', message, help })];
}

function noCommand(image: ImageRecipe, recipe: Places): Diagnostic[] {
  const message = `${quoteText(image.name)} has neither \`entrypoint\` nor \`cmd\``;
  const help = 'write `cmd`; for an image of files alone, --allow lint/no-command';
  return [warning(recipe, pointerOf(image, 'image'), { code: 'lint/no-command', message, help })];
}

/** What the recipe sets itself: every registry, and everybody who may pull the image, can read it. */
function secretVariables(image: ImageRecipe, recipe: Places): Diagnostic[] {
  return Object.entries(image.env).flatMap(([name, value]) => {
    const [what] = secretsIn(value);
    const isNamed = isSecretName(name) && value !== '' && !/^[/$]/.test(value);
    if (what === undefined && !isNamed) return [];
    const message = `${escapeText(name)} holds what looks like ${what ?? 'a secret'}, which everybody who has the image can read`;
    const help =
      'give it to the container when it runs; revoke it where such an image has left this computer';
    return [warning(recipe, pointerOf(image, 'env', name), { code: 'lint/secret', message, help })];
  });
}

function warning(
  recipe: Places,
  at: RecipePath,
  said: Pick<Diagnostic, 'code' | 'message' | 'help'>,
): Diagnostic {
  const place = placeAt(recipe, at);
  return { severity: 'warning', ...said, ...(place === undefined ? {} : { place }) };
}
