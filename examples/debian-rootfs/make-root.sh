#!/bin/bash
# Makes a Debian root file system as a tar, with mmdebstrap and this machine's own apt sources. The same package
# versions give the same bytes. Maintainer scripts are not run, so any processor's root can be made on any machine.
#
#     make-root.sh ARCH FILE.tar [PACKAGE…]
set -euo pipefail

arch=$1
file=$2
shift 2
packages=(base-files busybox-static netbase tzdata "$@")

mirror=()
for sources in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list; do
  if [ -s "$sources" ]; then
    mirror=("$sources")
    break
  fi
done

mode=root
[ "$(id -u)" = 0 ] || mode=unshare

SOURCE_DATE_EPOCH=0 mmdebstrap --quiet --variant=extract --mode="$mode" --architectures="$arch" \
  --include="$(IFS=,; echo "${packages[*]}")" bookworm "$file" "${mirror[@]}"
