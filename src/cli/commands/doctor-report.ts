/** What the doctor finds. */
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import type { Examined, RegistryExamination } from '../../io/registry/examine-registry.ts';

/** Never holds a secret. */
export interface DoctorReport {
  readonly node: string;
  readonly store: { readonly path: string; readonly state: 'writable' | 'not writable' | 'not made yet' };
  readonly runtimes: readonly { readonly name: string; readonly found: string }[];
  readonly network: readonly { readonly name: string; readonly value: string }[];
  readonly registry?: Examined & RegistryExamination & { readonly sources: readonly AskedSource[] };
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
