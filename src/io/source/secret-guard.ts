/** Watches over one copy: refuses secrets, and counts those of dependencies for one warning. */
import type { ImagePath } from '../../core/tree/image-path.ts';
import { readStart } from './digest-file.ts';
import {
  dependencySecrets,
  type FoundSecret,
  isAllowedSecret,
  isInDependency,
  lookedAt,
  mayHoldKey,
  secretByContent,
  secretByName,
  secretProblem,
} from './find-secrets.ts';
import type { FolderGate } from './folder-gate.ts';
import type { Problems, SourceProblem } from './problem-collector.ts';

export interface SecretGuard {
  /** Whether the name of a file or folder is a secret that must not be copied. */
  refuses(path: ImagePath, inContext: ImagePath): boolean;
  /** Whether a file's content is a key that must not be copied; reads only files that are named like keys. */
  holdsKey(path: ImagePath, inContext: ImagePath): boolean;
  /** Secrets that are errors, and then the warning. */
  report(problems: Problems): void;
  /** What was found in dependencies, as far as it was looked for. */
  warnings(): readonly SourceProblem[];
}

export interface GuardParts {
  readonly allowSecrets: readonly string[];
  /** The source, relative to the context: a copy out of a node_modules is a copy of dependencies. */
  readonly folder: ImagePath;
  readonly gate: FolderGate;
}

/** Paths are relative to the source, as `allowSecrets` is. */
export function createSecretGuard({ allowSecrets, gate }: GuardParts): SecretGuard {
  const refused: FoundSecret[] = [];
  const ofDependencies: FoundSecret[] = [];
  const judge = (found: FoundSecret | undefined, inContext: ImagePath): boolean => {
    if (found === undefined || isAllowedSecret(found.path, allowSecrets)) return false;
    const inDependency = isInDependency(inContext);
    (inDependency ? ofDependencies : refused).push(found);
    return !inDependency;
  };
  const warnings = (): SourceProblem[] =>
    ofDependencies.length > 0 ? [dependencySecrets(ofDependencies)] : [];
  return {
    refuses: (path, inContext) => judge(secretByName(path), inContext),
    holdsKey: (path, inContext) => {
      if (!mayHoldKey(path) || isAllowedSecret(path, allowSecrets)) return false;
      return judge(secretByContent(path, readStart(gate, inContext, lookedAt)), inContext);
    },
    report: (problems) => {
      for (const secret of refused) problems.error(secretProblem(secret));
      for (const warning of warnings()) problems.warn(warning);
    },
    warnings,
  };
}
