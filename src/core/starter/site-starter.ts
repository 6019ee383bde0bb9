/**
 * A starter for a static site. It stands on busybox, whose httpd serves a folder without a line of configuration and
 * without root, in 2 MB; a site with much traffic takes nginx or caddy in its place.
 */
import type { ProjectView } from './project-view.ts';
import { neverCopied, type Starter } from './starter.ts';

const siteFolders = ['public', 'dist', 'build', 'out', '_site', 'site', 'www', ''];
const port = 8080;

/** The folder with the site's first page; '' for the project itself, undefined where there is none. */
export function findSite(view: ProjectView): string | undefined {
  return siteFolders.find(
    (folder) => view.kindOf(`${folder === '' ? '' : `${folder}/`}index.html`) === 'file',
  );
}

export function siteStarter(folder: string): Starter {
  return {
    project: 'static site',
    seen: [folder === '' ? 'index.html' : `${folder}/index.html`],
    from: 'busybox:1.37',
    user: '65534:65534',
    layers: [
      folder === ''
        ? { copy: '.', to: '/www', exclude: [...neverCopied, 'node_modules'] }
        : { copy: folder, to: '/www' },
    ],
    ports: [port],
    cmd: ['httpd', '-f', '-v', '-p', String(port), '-h', '/www'],
    before: [],
    warnings: [],
  };
}
