/**
 * Which Windows builds run which images (github.com/containerd/platforms, platform_windows_compat.go): before Server
 * 2022 only the same build; since then every build back to the long-term release before the machine's own, which is
 * Server 2022 for every release so far.
 */

const server2022Build = 20348;

/** Whether a machine with version `host` runs an image made for `wanted`. Without a version on either side it does. */
export function windowsVersionMatches(host: string | undefined, wanted: string | undefined): boolean {
  const machine = parseVersion(host);
  if (machine === undefined || wanted === undefined || wanted === '') return true;
  const image = parseVersion(wanted);
  if (image?.major !== machine.major || image.minor !== machine.minor) return false;
  if (machine.build < server2022Build) return machine.build === image.build;
  return server2022Build <= image.build && image.build <= machine.build;
}

interface WindowsVersion {
  readonly major: number;
  readonly minor: number;
  readonly build: number;
}

function parseVersion(text: string | undefined): WindowsVersion | undefined {
  const match = /^([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,5})(?:\.|$)/.exec(text ?? '');
  if (match === null) return undefined;
  return { major: Number(match[1]), minor: Number(match[2]), build: Number(match[3]) };
}
