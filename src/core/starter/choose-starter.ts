/** What kind of project a folder holds, the surest sign first. */
import { folderStarter } from './folder-starter.ts';
import { frameworkStarter } from './framework-starter.ts';
import { namedEntry } from './node-entry.ts';
import { nodeProject, nodeStarter, startedNode } from './node-starter.ts';
import { readManifest } from './package-manifest.ts';
import type { ProjectView } from './project-view.ts';
import { findSite, siteStarter } from './site-starter.ts';
import type { Starter } from './starter.ts';
import { inWorkspace } from './workspace.ts';

/** Throws ManifestError where package.json is broken. */
export function chooseStarter(view: ProjectView): Starter {
  const text = view.textOf('package.json');
  return text === undefined ? withoutPackage(view) : withPackage(text, view);
}

function withoutPackage(view: ProjectView): Starter {
  const site = findSite(view);
  return site === undefined ? folderStarter(view) : siteStarter(site);
}

function withPackage(text: string, view: ProjectView): Starter {
  const manifest = readManifest(text);
  const project = nodeProject(manifest, view);
  const started = startedNode(project);
  if (started !== undefined) return inWorkspace(nodeStarter(project, started), project.workspace);
  const framework = frameworkStarter(project);
  if (framework !== undefined) return inWorkspace(framework, project.workspace);
  const site = findSite(view);
  const isSite = site !== undefined && namedEntry(manifest, view) === undefined;
  if (!isSite) return inWorkspace(nodeStarter(project), project.workspace);
  return { ...siteStarter(site), ...(manifest.name === undefined ? {} : { name: manifest.name }) };
}
