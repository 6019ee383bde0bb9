/** What a docker-registry was asked, by its access log. */
import type { DockerRegistry } from './docker-registry.ts';

/** The requests that `act` makes the registry answer, as `METHOD path status`. */
export function requestsOf(registry: DockerRegistry, act: () => unknown): string[] {
  const before = registry.accessLog().length;
  act();
  const added = registry.accessLog().slice(before);
  return [...added.matchAll(/"(\w+) (\S+) HTTP[^"]*" (\d+)/g)].map(
    ([, method, path, status]) => `${method} ${path} ${status}`,
  );
}
