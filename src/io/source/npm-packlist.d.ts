/** What is used of npm-packlist, which brings no types of its own. */
declare module 'npm-packlist' {
  interface PackedTree {
    readonly path: string;
    readonly package: Readonly<Record<string, unknown>>;
    readonly isProjectRoot: boolean;
    readonly edgesOut: ReadonlyMap<string, unknown>;
  }

  interface PacklistOptions {
    readonly path: string;
    readonly prefix: string;
    readonly workspaces: readonly string[];
  }

  /** Paths relative to the package, with `/`, in no promised order. */
  export default function packlist(tree: PackedTree, options: PacklistOptions): Promise<string[]>;
}
