#!/bin/bash
# Installs the real tools that the interop tests compare us with: other image tools, the runtimes, three engines, a
# registry. For Debian 12 and its like, as root. Run it again at will: what is there stays as it is.
# The packages come from this machine's own apt sources.
set -euo pipefail

packages=(
  # image tools
  skopeo umoci buildah podman oci-image-tool
  # runtimes and engines; what they need to run as an ordinary user
  runc crun docker.io containerd bubblewrap fuse-overlayfs uidmap slirp4netns netavark
  # a registry, and keys and passwords for it
  docker-registry apache2-utils openssl
  # root file systems, and programs of another processor
  debootstrap mmdebstrap busybox-static qemu-user-static
  # a Debian archive of a test's own
  bzip2 dpkg gnupg xz-utils
  # a browser, for the report's page
  chromium fonts-dejavu-core
  # shells that complete the command, and readers of its man page
  zsh fish groff mandoc
  # what the tests look with
  acl attr git jq libarchive-tools ntfs-3g pigz strace util-linux zstd
)
user=ociuser

if [ "$(id -u)" != 0 ]; then
  echo 'setup-interop: installing packages needs root: run it with sudo' >&2
  exit 1
fi
if ! command -v apt-get >/dev/null; then
  echo 'setup-interop: this script knows Debian (apt-get) only; install these by hand:' "${packages[@]}" >&2
  exit 1
fi

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done

if [ ${#missing[@]} -gt 0 ]; then
  export DEBIAN_FRONTEND=noninteractive
  # Services are started by the tests, in their own folders; a package must not start one here.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    trap 'rm -f "$policy"' EXIT
  fi
  apt-get -o DPkg::Lock::Timeout=300 update
  apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${missing[@]}"
fi

# The ordinary user of the rootless tests.
id "$user" >/dev/null 2>&1 || useradd --create-home "$user"

# Debian has no crane; where Go is, it comes through the module proxy. Without it those tests say what they skipped.
crane=github.com/google/go-containerregistry/cmd/crane@v0.22.1
if command -v go >/dev/null && ! command -v crane >/dev/null; then
  GOBIN=/usr/local/bin GOFLAGS= go install "$crane"
fi

echo "setup-interop: ${#packages[@]} packages are here (${#missing[@]} new), and the user $user"
