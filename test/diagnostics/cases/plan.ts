/** Recipes that read well and cannot be planned. */
import type { DiagnosticCode } from '../../../src/core/diagnostic/catalogue.ts';
import { readPortablePlan } from '../../../src/core/plan/read-plan.ts';
import type { DiagnosticCase, Made } from '../diagnostic-case.ts';
import { projectDiagnostics } from '../project-case.ts';

const files = { 'api/server.js': 'api', 'web/server.js': 'web' };

function planned(code: DiagnosticCode, ...recipe: readonly string[]): DiagnosticCase {
  return { code, make: () => projectDiagnostics({ recipe, files }) };
}

/** A plan that another version of layerwright made. */
function foreignPlan(): Made {
  const plan = { plan: { planVersion: 2, settings: {}, actions: [], images: [] }, trees: {} };
  const read = readPortablePlan(Buffer.from(JSON.stringify(plan)), 'plan.json');
  return { diagnostics: read.ok ? [] : read.diagnostics };
}

export const planCases: readonly DiagnosticCase[] = [
  planned(
    'plan/path-claimed-twice',
    'layers:',
    '  - to: /app',
    '    group:',
    '      - copy: api',
    '      - copy: web',
  ),
  planned(
    'plan/file-over-folder',
    'layers:',
    '  - dir: /usr/local/bin',
    '  - copy: api/server.js',
    '    to: /usr/local/bin',
  ),
  planned(
    'plan/hardlink-alone',
    'layers:',
    '  - copy: api',
    '  - link: main.js',
    '    target: server.js',
    '    hard: true',
  ),
  planned('plan/unknown-user', 'user: node', 'layers: [{ copy: api }]'),
  planned(
    'plan/account-clash',
    'layers: [{ copy: api }]',
    'images:',
    '  base: { users: { web: { uid: 1000 } } }',
    '  app: { from: image:base, users: { app: { uid: 1000 }, web: { home: /srv/web } } }',
  ),
  planned(
    'plan/accounts-not-text',
    'users: { app: { uid: 10001 } }',
    'layers: [{ link: /etc/passwd, target: ../lib/passwd }]',
  ),
  planned('plan/unknown-variable', 'env: { PATH: "/app/bin:${PATH}" }', 'layers: [{ copy: api }]'),
  planned('plan/nothing-to-remove', 'layers: [{ remove: /usr/share/doc }]'),
  planned('plan/nothing-to-dedupe', 'layers: [{ copy: api, dedupe: base }]'),
  planned(
    'plan/platform-missing',
    'images:',
    '  base: { platforms: [linux/amd64], layers: [{ copy: api }] }',
    '  app: { from: image:base, platforms: [linux/amd64, linux/arm64] }',
  ),
  planned(
    'plan/healthcheck-is-dockers',
    'healthcheck: { test: [CMD, /app/health] }',
    'layers: [{ copy: api }]',
  ),
  planned(
    'plan/annotations-left-out',
    'format: docker',
    'annotations: { org.example.team: web }',
    'layers: [{ copy: api }]',
  ),
  planned('plan/no-layers', 'image: ghcr.io/acme/api', 'layers: []'),
  { code: 'plan/unreadable', make: foreignPlan },
];
