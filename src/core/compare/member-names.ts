/** The recipe's words for the members of configs and manifests, where these are called otherwise. */

/** By the member's own name; a list whose items are told one by one by the word for one of them. */
export const memberNames: ReadonlyMap<string, string> = new Map([
  ['User', 'user'],
  ['WorkingDir', 'workdir'],
  ['Entrypoint', 'entrypoint'],
  ['Cmd', 'cmd'],
  ['StopSignal', 'stop signal'],
  ['Healthcheck', 'healthcheck'],
  ['Shell', 'shell'],
  ['OnBuild', 'onbuild'],
  ['ExposedPorts', 'port'],
  ['Volumes', 'volume'],
  ['Labels', 'label'],
  ['mediaType', 'media type'],
  ['artifactType', 'artifact type'],
]);
