/** The effects of maintainer scripts that are done without running them, by the names that a recipe gives them. */

/** In the order in which they are done. */
export const effectNames = ['sysusers', 'ldconfig', 'alternatives', 'ca-certificates'] as const;
export type EffectName = (typeof effectNames)[number];

export interface ScriptedPackage {
  readonly name: string;
  /** Texts of its maintainer scripts by name: preinst, postinst, prerm, postrm, config. */
  readonly scripts: Readonly<Record<string, string>>;
}
