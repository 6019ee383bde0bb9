/** One repository of a registry, ready to be asked: the base that manifests.ts and the blob files work on. */
import type { Access } from './auth.ts';
import type { HttpClient } from './http-client.ts';
import type { RequestSubject } from './registry-error.ts';

export interface Repository {
  /** As the user writes it, e.g. `docker.io` or `127.0.0.1:5000`. */
  readonly registry: string;
  /** Without the registry, e.g. `library/node`. */
  readonly name: string;
  readonly client: HttpClient;
  /** What tokens are asked for: everything that is done to the repository in one go. */
  readonly access: Access;
}

/** `read` for what only pulls; `write` for what pushes, which reads too; `delete` for what may do everything. */
export type Purpose = 'read' | 'write' | 'delete';

// Token servers that know no `delete` grant the rest, and their registries take `push` for it.
const actions: Readonly<Record<Purpose, string>> = {
  read: 'pull',
  write: 'pull,push',
  delete: 'pull,push,delete',
};

/** The scopes of a repository; `mountFrom` adds the right to read a second one, which a mount needs. */
export function accessTo(name: string, purpose: Purpose, mountFrom?: string): Access {
  const own = `repository:${name}:${actions[purpose]}`;
  const other = mountFrom === undefined || mountFrom === name ? [] : [`repository:${mountFrom}:pull`];
  return { repository: name, scopes: [own, ...other] };
}

/** `/v2/NAME/REST` at the registry. The name was checked when the repository was opened; so was what `rest` is made of. */
export function urlIn(repository: Repository, rest: string): URL {
  return new URL(`/v2/${repository.name}/${rest}`, repository.client.origin);
}

export function subjectIn(repository: Repository, action: string): RequestSubject {
  return { registry: repository.registry, repository: repository.name, action };
}
