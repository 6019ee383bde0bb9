/**
 * What must not matter to a build, each set to something that would show: a zone with an odd offset, a locale in which
 * `i` has another capital letter, files that nobody else may read. `verify --twice` builds under all of them at once,
 * scripts/reproducibility.mjs under each alone.
 */
export const otherCircumstances = {
  timeZone: { TZ: 'Pacific/Chatham' },
  locale: { LC_ALL: 'tr_TR.UTF-8', LANG: 'sv_SE.UTF-8', LANGUAGE: 'tr' },
  umask: 0o077,
} as const;
