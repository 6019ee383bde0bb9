/** What the doctor finds. */
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import type { Examined, RegistryExamination } from '../../io/registry/examine-registry.ts';

/** Never holds a secret. */
export interface DoctorReport {
  readonly checks: readonly Check[];
  readonly network: readonly { readonly name: string; readonly value: string }[];
  readonly registry?: Examined & RegistryExamination & { readonly sources: readonly AskedSource[] };
}

/** One thing that a command may need. What is missing is no failure: most commands work without it. */
export interface Check {
  readonly name:
    'node' | 'store' | 'runc' | 'crun' | 'engine' | 'recipe' | 'lock' | 'xattr' | 'compile cache';
  readonly state: 'fine' | 'doubtful' | 'missing';
  /** A version, a path, or what is wrong. */
  readonly found: string;
  /** What to do about it. */
  readonly help?: string;
}

export interface AskedSource {
  readonly name: string;
  /** `first` is the one that is used; `later` has credentials too, which an earlier one hides. */
  readonly answer: 'not there' | 'nothing for this registry' | 'first' | 'later' | 'failed';
  /** `docker-credential-desktop`, where that differs from the name. */
  readonly from?: string;
  readonly kind?: 'password' | 'identity-token';
  readonly problem?: Diagnostic;
}
